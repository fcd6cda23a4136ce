"""The catalog as people read and write it: products and their prices, read from the mirror, written to Stripe.

What Stripe answers to a write goes into the mirror at once; the event that tells of it later changes nothing.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Invalid, NotFound, Problem, StripeRefused
from bot.gateways.stripe import KEY_REUSED, StripeGateway
from bot.links.draft import CatalogPrice
from bot.links.new_price import NewPrice
from bot.links.price_edit import PriceEdit
from bot.links.prices import catalog_price
from bot.links.products import Product
from bot.services.actors import Actor, require_editor
from bot.services.catalog import CatalogService
from storage import catalog
from storage.database import Database
from storage.models import Price
from storage.models import Product as ProductRow

Json = Mapping[str, Any]

PAGE = 10
"""How many products a page has."""

PRICES = 20
"""How many prices of a product are shown at once."""

_GLANCE = 3
"""How many prices of each product a page of products tells."""

_SENT_BEFORE = (
    "Stripe may have made it as you wrote it first, so nothing more was sent. Look whether it is in the catalog: if it "
    "is, edit it there; if it isn't, submit this again."
)


@dataclass(frozen=True, slots=True)
class PriceCard:
    """A price as people see it. `data` is Stripe's object."""

    price: CatalogPrice
    active: bool
    data: Json


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as people see it, with some of its prices. `on_sale` is how many active ones it has in all; `more`
    says whether there are prices after these."""

    id: str
    product: Product
    active: bool
    on_sale: int
    prices: tuple[PriceCard, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some products, by name. `next` is the `after` of the page behind this one, None on the last."""

    products: tuple[ProductCard, ...]
    next: str | None


class ProductService:
    """Products and prices of one workspace."""

    def __init__(
        self, db: Database, stripe: StripeGateway, mirror: CatalogService, team_id: str, clock: Callable[[], float]
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._mirror = mirror
        self._team_id = team_id
        self._clock = clock

    async def page(self, actor: Actor, *, text: str = "", active: bool | None = None, after: str | None = None) -> Page:
        """Products by name: all, or those archived or not, those that hold every word of `text`."""
        async with self._db.read() as session:
            rows = await catalog.product_page(session, self._team_id, text, PAGE + 1, active=active, after=after)
            counts = await catalog.count_prices(session, self._team_id, [row.id for row in rows[:PAGE]])
            shown = [await self._card(session, row, counts, _GLANCE) for row in rows[:PAGE]]
        return Page(tuple(shown), rows[PAGE - 1].id if len(rows) > PAGE else None)

    async def product(self, actor: Actor, product_id: str, skip: int = 0) -> ProductCard:
        """One product with its prices, those after the first `skip`. Raises NotFound."""
        async with self._db.read() as session:
            row = await self._product(session, product_id)
            counts = await catalog.count_prices(session, self._team_id, [row.id])
            return await self._card(session, row, counts, PRICES, skip)

    async def price(self, actor: Actor, price_id: str) -> PriceCard:
        """One price, archived or not. Raises NotFound."""
        async with self._db.read() as session:
            row = await self._price(session, price_id)
            product = await catalog.product(session, self._team_id, row.product_id)
        return _price_card(row, product)

    async def create(self, actor: Actor, form: str, product: Product) -> str:
        """Makes the product and answers its id. Asked again for the same in the same `form`, it is the same one; asked
        for another in a form that has reached Stripe, none is made.

        Raises Invalid, with every problem at its field, and StripeUnavailable when the outcome is unknown.
        """
        require_editor(actor)
        _raise(list(product.problems()))
        params = product.to_stripe()
        made = await _refusing(self._stripe.create_product(params, f"{form}:product"))
        return await self._keep_product(made)

    async def change(self, actor: Actor, form: str, product_id: str, before: Product, wanted: Product) -> str:
        """Makes what was asked for of a product; only the differences to what it was `before` are sent. Otherwise like
        `create`."""
        require_editor(actor)
        _raise(list(wanted.problems(before)))
        if params := wanted.changes(before):
            changed = await _refusing(self._stripe.update_product(product_id, params, _key(form, params)))
            await self._keep_product(changed)
        return product_id

    async def add_price(self, actor: Actor, form: str, product_id: str, price: NewPrice) -> str:
        """Makes a price of a product and answers the price's id. Otherwise like `create`."""
        require_editor(actor)
        _raise(list(price.problems()))
        params = price.to_stripe(product_id)
        made = await _refusing(self._stripe.create_price(params, f"{form}:price"))
        return await self._keep_price(made)

    async def change_price(self, actor: Actor, form: str, before: Json, wanted: PriceEdit) -> str:
        """Makes what was asked for of a price that was `before` (Stripe's object); only the differences are sent.
        Otherwise like `create`."""
        require_editor(actor)
        price_id = str(before["id"])
        _raise(list(wanted.problems(before)))
        if params := wanted.changes(before):
            await self._keep_price(await _refusing(self._stripe.update_price(price_id, params, _key(form, params))))
        return price_id

    async def set_active(self, actor: Actor, product_id: str, active: bool) -> None:
        """Archives or restores a product. Raises NotFound, StripeRefused, StripeUnavailable."""
        require_editor(actor)
        await self.product(actor, product_id)
        await self._keep_product(await self._stripe.update_product(product_id, {"active": active}, token_hex(16)))

    async def set_price_active(self, actor: Actor, price_id: str, active: bool) -> None:
        """Archives or restores a price. Raises NotFound, StripeRefused, StripeUnavailable."""
        require_editor(actor)
        await self.price(actor, price_id)
        await self._keep_price(await self._stripe.update_price(price_id, {"active": active}, token_hex(16)))

    async def _card(
        self, session: AsyncSession, row: ProductRow, counts: Mapping[str, int], most: int, skip: int = 0
    ) -> ProductCard:
        prices = await catalog.prices_of(session, self._team_id, row.id, most + 1, skip)
        return ProductCard(
            id=row.id,
            product=Product.from_stripe(row.data),
            active=row.active,
            on_sale=counts.get(row.id, 0),
            prices=tuple(_price_card(price, row) for price in prices[:most]),
            more=len(prices) > most,
        )

    async def _product(self, session: AsyncSession, product_id: str) -> ProductRow:
        row = await catalog.product(session, self._team_id, product_id)
        if row is None or row.deleted:
            raise NotFound("That product isn't in the catalog any more. Type /paylink products to see those that are.")
        return row

    async def _price(self, session: AsyncSession, price_id: str) -> Price:
        row = await catalog.price(session, self._team_id, price_id)
        if row is None or row.data.get("deleted"):
            raise NotFound("That price isn't in the catalog any more. Type /paylink products to see those that are.")
        return row

    async def _keep_product(self, found: Json) -> str:
        async with self._db.begin() as session:
            await self._mirror.put_products(session, [found], self._clock())
        return str(found["id"])

    async def _keep_price(self, found: Json) -> str:
        async with self._db.begin() as session:
            await self._mirror.put_prices(session, [found], self._clock())
        return str(found["id"])


def _price_card(row: Price, product: ProductRow | None) -> PriceCard:
    return PriceCard(catalog_price(row.data, product.data if product else None), row.active, row.data)


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise Invalid(problems)


async def _refusing(asked: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    """Stripe's answer; its refusal as Invalid, at the field that Stripe names."""
    try:
        return await asked
    except StripeRefused as refused:
        words = _SENT_BEFORE if refused.code == KEY_REUSED else str(refused)
        raise Invalid([Problem(where_of(refused.param), words)]) from None


def where_of(param: str | None) -> str:
    """`recurring[interval_count]` as a field's path; an amount with a fraction is asked for where the whole one is."""
    return ".".join(re.findall(r"[^\[\].]+", param or "")).removesuffix("_decimal")


def _key(form: str, params: Json) -> str:
    """The same for the same wish in the same form, so that a lost answer can be asked for again."""
    wish = json.dumps(params, sort_keys=True, default=str)
    return f"{form}:{sha256(wish.encode()).hexdigest()[:16]}"
