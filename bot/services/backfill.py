"""Bringing in what the Stripe account had before Paylink: its catalog, links and payments.

Nothing is announced. Each batch is committed with its place in Stripe's list, so a run that is stopped goes on there;
a run after a finished one starts at the top and finds everything known.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal

from bot.gateways.stripe import StripeGateway
from bot.payments.sessions import SessionFact, session_fact
from bot.payments.stripe_json import team_of
from bot.services.batches import batches
from bot.services.catalog import CatalogService
from bot.services.mirror import store_link
from bot.services.objects import ObjectMirror
from bot.services.payments import PaymentService
from bot.services.steps import together, written_link
from storage import cursors
from storage.database import Database

_LINKS = "backfill.links"
_SESSIONS = "backfill.sessions"
_BATCH = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of these were read in this run."""

    what: Literal["products", "prices", "coupons", "promotion codes", "shipping rates", "links", "checkout sessions"]
    seen: int


class BackfillService:
    """One workspace's backfill."""

    def __init__(
        self,
        db: Database,
        stripe: StripeGateway,
        catalog: CatalogService,
        objects: ObjectMirror,
        payments: PaymentService,
        team_id: str,
        clock: Callable[[], float],
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._catalog = catalog
        self._objects = objects
        self._payments = payments
        self._team_id = team_id
        self._clock = clock

    async def run(self) -> AsyncIterator[Progress]:
        """Catalog, then links, then payments. Raises GatewayError when Stripe fails; run it again to go on."""
        async for progress in self.catalog():
            yield progress
        async for progress in self._links():
            yield progress
        async for progress in self._sessions():
            yield progress

    async def catalog(self) -> AsyncIterator[Progress]:
        """What there is to sell, and coupons and shipping rates with it. Otherwise like `run`."""
        async for filled in self._catalog.fill():
            yield Progress("products", filled.products)
            yield Progress("prices", filled.prices)
        async for read in self._objects.fill():
            yield Progress(read.what, read.seen)

    async def _links(self) -> AsyncIterator[Progress]:
        """Stripe lists links newest first but doesn't date them: each is dated a moment before the last."""
        at = self._clock()
        seen = 0
        links = self._stripe.payment_links(await self._place(_LINKS))
        async with aclosing(batches(links, _BATCH)) as found:
            async for batch in found:
                dated: list[tuple[str, float, dict[str, Any]]] = []
                for link in batch:
                    at -= 0.001
                    if team_of(link) in (None, self._team_id):
                        dated.append((link["id"], at, link))
                async with self._db.begin() as session:
                    # In the order of their ids, in which everybody locks them.
                    for _, created_at, link in sorted(dated, key=lambda one: one[0]):
                        now = self._clock()
                        await store_link(session, self._team_id, link, at=now, now=now, created_at=created_at)
                    await cursors.put(session, self._team_id, _LINKS, batch[-1]["id"], self._clock())
                seen += len(batch)
                yield Progress("links", seen)
        await self._start_over(_LINKS)

    async def _sessions(self) -> AsyncIterator[Progress]:
        seen = 0
        sessions = self._stripe.checkout_sessions(starting_after=await self._place(_SESSIONS))
        async with aclosing(batches(sessions, _BATCH)) as found:
            async for batch in found:
                facts = [fact for one in batch if isinstance(fact := session_fact(one), SessionFact)]
                steps = [await self._payments.session_step(fact) for fact in facts]
                async with self._db.begin() as session:
                    async with together(session, self._team_id, steps):
                        for step in sorted(steps, key=written_link):
                            await step(session)
                    await cursors.put(session, self._team_id, _SESSIONS, batch[-1]["id"], self._clock())
                seen += len(batch)
                yield Progress("checkout sessions", seen)
        await self._start_over(_SESSIONS)

    async def _place(self, name: str) -> str | None:
        async with self._db.read() as session:
            return await cursors.get(session, self._team_id, name) or None

    async def _start_over(self, name: str) -> None:
        async with self._db.begin() as session:
            await cursors.put(session, self._team_id, name, "", self._clock())
