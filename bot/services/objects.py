"""Our copy of Stripe's smaller things (coupons, promotion codes, shipping rates), for pickers and lists.

Filled once and by `paylink backfill`, kept current by events; shipping rates have no events, so they are listed anew
whenever a picker of them is opened.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import StripeRefused
from bot.gateways.stripe import StripeGateway
from bot.payments.events import ObjectFact
from bot.services.batches import batches
from storage import cursors, stripe_objects
from storage.database import Database
from storage.models import StripeObject
from storage.search import fold

Json = Mapping[str, Any]
Kind = Literal["coupon", "promotion_code", "shipping_rate"]

KINDS: dict[Kind, Literal["coupons", "promotion codes", "shipping rates"]] = {
    "coupon": "coupons",
    "promotion_code": "promotion codes",
    "shipping_rate": "shipping rates",
}
"""Every kind that is mirrored, with its plural; a coupon comes before its codes."""

_BATCH = 500
_FILLED = "objects.filled"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many objects of a kind were read so far."""

    what: Literal["coupons", "promotion codes", "shipping rates"]
    seen: int


class ObjectMirror:
    """The mirror of one workspace."""

    def __init__(self, db: Database, stripe: StripeGateway, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id
        self._clock = clock
        self._list: dict[Kind, Callable[[], AsyncGenerator[dict[str, Any]]]] = {
            "coupon": stripe.coupons,
            "promotion_code": stripe.promotion_codes,
            "shipping_rate": stripe.shipping_rates,
        }

    async def fill(self) -> AsyncIterator[Progress]:
        """Reads everything from Stripe into the mirror, saying after each batch how far it has come.

        May be broken off and run again at any time; whatever is newer in the mirror stays.
        """
        for kind in KINDS:
            async for progress in self.refresh(kind):
                yield progress

    async def refresh(self, kind: Kind) -> AsyncIterator[Progress]:
        """Reads all objects of one kind anew; what Stripe doesn't list any more goes. Raises GatewayError."""
        seen, at = 0, self._clock()
        began = at
        async with aclosing(batches(self._list[kind](), _BATCH)) as found:
            async for batch in found:
                async with self._db.begin() as session:
                    await self.put(session, kind, batch, at)
                seen += len(batch)
                yield Progress(KINDS[kind], seen)
                at = self._clock()
        async with self._db.begin() as session:
            for gone in await stripe_objects.unseen(session, self._team_id, kind, began):
                await self.delete(session, kind, gone, began)

    async def fill_once(self) -> None:
        """Fills the mirror unless that was done before. Raises GatewayError: to be tried again."""
        async with self._db.read() as session:
            if await cursors.get(session, self._team_id, _FILLED):
                return
        async for progress in self.fill():
            log.info("Stripe's smaller things are being read", what=progress.what, seen=progress.seen)
        async with self._db.begin() as session:
            await cursors.put(session, self._team_id, _FILLED, "yes", self._clock())

    async def catch_up(self, fact: ObjectFact) -> Callable[[AsyncSession], Awaitable[None]]:
        """The writing that an event asks for. What changed is read from Stripe: two changes may share their second."""
        at = self._clock()
        found = None if fact.deleted else await self._read(fact)

        async def write(session: AsyncSession) -> None:
            if found is None:
                await self.delete(session, fact.kind, fact.id, at)
            else:
                await self.put(session, fact.kind, [found], at)

        return write

    async def put(self, session: AsyncSession, kind: Kind, found: Sequence[Json], at: float) -> None:
        """Writes objects as Stripe answered them at `at`. A coupon that isn't valid any more takes its codes along."""
        await stripe_objects.put(session, [self._row(kind, one, at) for one in found])
        if kind == "coupon":
            for one in found:
                if not one["valid"]:
                    await stripe_objects.retire(session, self._team_id, "promotion_code", one["id"], at)

    async def delete(self, session: AsyncSession, kind: Kind, id: str, at: float) -> None:
        """Stripe said at `at` that there is no such object. The codes of a deleted coupon can't be used any more."""
        await stripe_objects.delete(session, self._team_id, kind, id, at)
        if kind == "coupon":
            await stripe_objects.retire(session, self._team_id, "promotion_code", id, at)

    async def _read(self, fact: ObjectFact) -> Json | None:
        read = self._stripe.coupon if fact.kind == "coupon" else self._stripe.promotion_code
        try:
            return await read(fact.id)
        except StripeRefused as refused:
            if refused.code == "resource_missing":
                return None
            raise

    def _row(self, kind: Kind, found: Json, at: float) -> StripeObject:
        return StripeObject(
            team_id=self._team_id,
            kind=kind,
            id=found["id"],
            parent_id=coupon_of(found) if kind == "promotion_code" else "",
            active=bool(found["valid"] if kind == "coupon" else found["active"]),
            search=_search(kind, found),
            data=dict(found),
            stripe_at=at,
            created_at=float(found["created"]),
        )


def coupon_of(code: Json) -> str:
    """The coupon's id of a promotion code, expanded or not; empty when Stripe doesn't say."""
    coupon = code["promotion"].get("coupon")
    return str(coupon["id"] if isinstance(coupon, Mapping) else coupon or "")


def _search(kind: Kind, found: Json) -> str:
    if kind == "coupon":
        return fold(found.get("name"), found["id"], found.get("currency"))
    if kind == "promotion_code":
        return fold(found["code"], found["id"])
    return fold(found.get("display_name"), found["id"], (found.get("fixed_amount") or {}).get("currency"))
