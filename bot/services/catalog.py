"""The catalog: searched in our mirror of Stripe's prices, which is filled once and kept current by events."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import NotFound, StripeRefused
from bot.gateways.stripe import StripeGateway
from bot.links.draft import CatalogPrice
from bot.links.prices import catalog_price
from bot.payments.events import CatalogFact
from bot.services.actors import Actor
from bot.services.batches import batches
from storage import catalog, cursors
from storage.database import Database
from storage.models import Price, Product

Json = Mapping[str, Any]
Kind = Literal["products", "prices"]

SEARCH_LIMIT = 100
"""Slack shows at most so many options in a picker."""

_BATCH = 500
"""A multiple of Stripe's page, so that each batch is asked for after the one before it was written."""

_FILLED = "catalog.filled"
_PLACE: Mapping[Kind, str] = {"products": "catalog.products", "prices": "catalog.prices"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of Stripe's catalog was read so far."""

    products: int
    prices: int


class CatalogService:
    """Products and prices of one workspace."""

    def __init__(self, db: Database, stripe: StripeGateway, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id
        self._clock = clock

    async def search(self, actor: Actor, text: str, currency: str | None = None) -> list[CatalogPrice]:
        """Prices one can sell that hold every word of `text`, by product name; at most 100."""
        async with self._db.read() as session:
            rows = await catalog.search_prices(session, self._team_id, text, SEARCH_LIMIT, currency)
            products = await catalog.products(session, self._team_id, {row.product_id for row in rows})
        return [_price(row, products.get(row.product_id)) for row in rows]

    async def price(self, actor: Actor, price_id: str) -> CatalogPrice:
        """One price, archived or not. Raises NotFound."""
        async with self._db.read() as session:
            row = await catalog.price(session, self._team_id, price_id)
            product = await catalog.product(session, self._team_id, row.product_id) if row else None
        if row is None or row.data.get("deleted"):
            raise NotFound("That price isn't in the catalog any more. Pick another one.")
        return _price(row, product)

    async def fill(self) -> AsyncIterator[Progress]:
        """Reads the whole catalog from Stripe into the mirror, saying after each batch how far it has come.

        Each batch is committed with its place in Stripe's list, so a run that was broken off goes on there. Whatever
        is newer in the mirror stays; what Stripe doesn't list any more goes.
        """
        seen: dict[Kind, int] = {"products": 0, "prices": 0}
        for kind in seen:
            async with aclosing(self._fill(kind)) as counts:
                async for seen[kind] in counts:
                    yield Progress(**seen)
        async with self._db.begin() as session:
            for kind in seen:
                await cursors.put(session, self._team_id, _PLACE[kind], "", self._clock())

    async def fill_once(self) -> None:
        """Fills the mirror unless that was done before. Raises GatewayError: to be tried again."""
        if await self.reading() is None:
            return
        async for progress in self.fill():
            log.info("catalog is being read", products=progress.products, prices=progress.prices)
        async with self._db.begin() as session:
            await cursors.put(session, self._team_id, _FILLED, "yes", self._clock())

    async def reading(self) -> Progress | None:
        """How far the mirror has come, in whichever process; None once it was filled."""
        async with self._db.read() as session:
            if await cursors.get(session, self._team_id, _FILLED):
                return None
            places = [await self._place(session, kind) for kind in _PLACE]
        return Progress(*(place[0] for place in places))

    async def _fill(self, kind: Kind) -> AsyncGenerator[int]:
        at = self._clock()
        async with self._db.read() as session:
            seen, began, last = await self._place(session, kind)
        began = began or at
        if seen:
            yield seen
        listed = (self._stripe.products if kind == "products" else self._stripe.prices)(last)
        try:
            async with aclosing(batches(listed, _BATCH)) as found:
                async for batch in found:
                    seen += len(batch)
                    async with self._db.begin() as session:
                        await (self.put_products if kind == "products" else self.put_prices)(session, batch, at)
                        place = f"{seen} {began} {batch[-1]['id']}"
                        await cursors.put(session, self._team_id, _PLACE[kind], place, self._clock())
                    yield seen
                    at = self._clock()
        except StripeRefused:
            await self._start_over(kind)
            raise
        await self._forget(kind, began)

    async def _forget(self, kind: Kind, since: float) -> None:
        """Stripe listed all there are since then: what wasn't among them is gone."""
        async with self._db.begin() as session:
            for gone in await catalog.unseen(session, self._team_id, kind, since):
                delete = catalog.delete_product if kind == "products" else catalog.delete_price
                await delete(session, self._team_id, gone, since)

    async def _place(self, session: AsyncSession, kind: Kind) -> tuple[int, float | None, str | None]:
        """How many of them were read, since when, and the last of those."""
        place = (await cursors.get(session, self._team_id, _PLACE[kind]) or "").split(" ")
        return (int(place[0]), float(place[1]), place[2]) if len(place) == 3 else (0, None, None)

    async def _start_over(self, kind: Kind) -> None:
        """The place itself may be what Stripe refuses, when it was deleted since."""
        async with self._db.begin() as session:
            await cursors.put(session, self._team_id, _PLACE[kind], "", self._clock())

    async def catch_up(self, fact: CatalogFact) -> Callable[[AsyncSession], Awaitable[None]]:
        """The writing that an event asks for. What changed is read from Stripe: events carry no tiers and no product,
        and two changes may share their second."""
        at = self._clock()
        found = None if fact.deleted else await self._read(fact)

        async def write(session: AsyncSession) -> None:
            if found is None:
                delete = catalog.delete_product if fact.kind == "product" else catalog.delete_price
                await delete(session, self._team_id, fact.id, at)
            elif fact.kind == "product":
                await self.put_products(session, [found], at)
            else:
                await self.put_prices(session, [found], at)

        return write

    async def _read(self, fact: CatalogFact) -> Json | None:
        read = self._stripe.product if fact.kind == "product" else self._stripe.price
        try:
            return await read(fact.id)
        except StripeRefused as refused:
            if refused.code == "resource_missing":
                return None
            raise

    async def put_products(self, session: AsyncSession, products: Sequence[Json], at: float) -> None:
        """Writes products as Stripe answered them at `at`."""
        rows = [self._product_row(product, at) for product in products]
        await catalog.upsert_products(session, self._team_id, rows)

    async def put_prices(self, session: AsyncSession, prices: Sequence[Json], at: float) -> None:
        """Writes prices as Stripe answered them at `at`, with their products expanded; those too."""
        products = {price["product"]["id"]: price["product"] for price in prices}
        rows = [self._price_row(price, at) for price in prices]  # before the first statement, while others may write
        await self.put_products(session, list(products.values()), at)
        await catalog.upsert_prices(session, self._team_id, rows)

    def _product_row(self, product: Json, at: float) -> Product:
        return Product(
            team_id=self._team_id,
            id=product["id"],
            name=product.get("name") or "",
            active=bool(product.get("active")),
            data=dict(product),
            stripe_at=at,
        )

    def _price_row(self, price: Json, at: float) -> Price:
        return Price(
            team_id=self._team_id,
            id=price["id"],
            product_id=price["product"]["id"],
            active=price["active"],
            currency=price["currency"],
            data={**price, "product": price["product"]["id"]},
            stripe_at=at,
        )


def _price(row: Price, product: Product | None) -> CatalogPrice:
    return catalog_price(row.data, product.data if product else None)
