"""From Stripe's events to what we hold: payments, links and the catalog, with the wishes for cards that follow."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateways.stripe import StripeGateway
from bot.payments.events import CatalogFact, LinkFact, SessionFact, facts, session_fact, team_of
from bot.payments.payment import Payment, merge
from bot.services.catalog import CatalogService
from bot.services.mirror import DOUBT_SECONDS, store_link
from storage import cards, links, payments
from storage.database import Database
from storage.models import Link, StripeEvent
from storage.models import Payment as PaymentRow

_OTHER_WORKSPACE = "another workspace's link"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an event ended; `reason` says why it was ignored, or that it told nothing new."""

    state: Literal["done", "ignored"]
    reason: str = ""


Step = Callable[[AsyncSession], Awaitable[Outcome]]
"""What is left to do with an event: writing, in the worker's transaction."""


@dataclass(frozen=True, slots=True)
class _Live:
    """A link as Stripe answered it, and the moment it was asked."""

    link: Mapping[str, Any]
    at: float


class PaymentService:
    """Turns events into steps. `foreign_channel` hears of payments through links that Paylink didn't make, if set."""

    def __init__(
        self,
        db: Database,
        stripe: StripeGateway,
        catalog: CatalogService,
        team_id: str,
        clock: Callable[[], float],
        foreign_channel: str | None = None,
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._catalog = catalog
        self._team_id = team_id
        self._clock = clock
        self._foreign_channel = foreign_channel

    async def prepare(self, event: StripeEvent) -> Step:
        """Asks Stripe for whatever the event doesn't say. Raises GatewayError: to be tried again later."""
        fact = facts(json.loads(event.body))
        if isinstance(fact, CatalogFact):
            return await self._of_catalog(fact)
        if isinstance(fact, SessionFact):
            return await self.session_step(fact)
        if isinstance(fact, LinkFact):
            return await self._of_link(fact, created=event.type == "payment_link.created")
        return _ignore(fact.reason)

    async def session_step(self, fact: SessionFact, announce: bool = True) -> Step:
        """The step for a payment, from an event or read from Stripe; without `announce` it gets no card of its own."""
        if fact.team_id not in (None, self._team_id):
            return _ignore(_OTHER_WORKSPACE)
        snapshots = [fact]
        async with self._db.read() as session:
            link = await links.get(session, self._team_id, fact.payment.link_id)
            row = await payments.get(session, self._team_id, fact.payment.id)
        known = Payment.model_validate(row.data) if row else None
        if fact.payment.is_announced and not (fact.payment.items or (known and known.items)):
            read = session_fact(await self._stripe.checkout_session(fact.payment.id))
            snapshots += [read] if isinstance(read, SessionFact) else []
        live = await self._read(fact.payment.link_id) if link is None else None
        if live and team_of(live.link) not in (None, self._team_id):
            return _ignore(_OTHER_WORKSPACE)

        async def step(session: AsyncSession) -> Outcome:
            return await self._merge(session, snapshots, live, announce)

        return step

    async def _merge(
        self, session: AsyncSession, snapshots: list[SessionFact], live: _Live | None, announce: bool
    ) -> Outcome:
        now, seen = self._clock(), snapshots[0].payment
        link = await self._link_of(session, seen.link_id, live, now)
        row = await payments.get(session, self._team_id, seen.id, for_update=True)
        known = Payment.model_validate(row.data) if row else None
        payment = known
        for snapshot in snapshots:
            payment = merge(payment, snapshot)
        if payment is None or payment == known:
            return Outcome("done", "nothing new")
        await payments.save(session, _row(self._team_id, row, payment, now))
        await cards.want_everywhere(session, self._team_id, "link", link.id, now)
        news = announce and payment.is_announced and (known is None or known.status != payment.status)
        channel = self._channel(link) if news else None
        if channel is None or (known and await cards.of(session, self._team_id, "payment", payment.id)):
            await cards.want_everywhere(session, self._team_id, "payment", payment.id, now)
        else:
            await cards.want(session, self._team_id, "payment", payment.id, channel, now)
        return Outcome("done")

    async def _link_of(self, session: AsyncSession, link_id: str, live: _Live | None, now: float) -> Link:
        """The link's row; `live` is there when there was none a moment ago."""
        if live is not None:
            return (await store_link(session, self._team_id, live.link, at=live.at, now=now)).link
        link = await links.get(session, self._team_id, link_id)
        if link is None:
            raise LookupError(f"The row of link {link_id} has gone.")
        return link

    async def _of_link(self, fact: LinkFact, created: bool) -> Step:
        """Links are always read anew: events carry no line items, and two changes may share their second."""
        if fact.team_id not in (None, self._team_id):
            return _ignore(_OTHER_WORKSPACE)
        async with self._db.read() as session:
            held = await links.get(session, self._team_id, fact.link_id)
        if held is not None and fact.at + DOUBT_SECONDS < held.stripe_event_at:
            return _ignore("older than what we hold")
        live = await self._read(fact.link_id)

        async def step(session: AsyncSession) -> Outcome:
            now = self._clock()
            new = await links.get(session, self._team_id, fact.link_id) is None
            made = float(fact.at) if created else None
            link, changed = await store_link(session, self._team_id, live.link, at=live.at, now=now, created_at=made)
            if new and created and link.foreign and self._foreign_channel:
                await cards.want(session, self._team_id, "link", link.id, self._foreign_channel, now)
            elif changed:
                await cards.want_everywhere(session, self._team_id, "link", link.id, now)
            return Outcome("done", "" if changed else "nothing new")

        return step

    async def _of_catalog(self, fact: CatalogFact) -> Step:
        write = await self._catalog.catch_up(fact)

        async def step(session: AsyncSession) -> Outcome:
            await write(session)
            return Outcome("done")

        return step

    async def _read(self, link_id: str) -> _Live:
        at = self._clock()
        return _Live(await self._stripe.payment_link(link_id), at)

    def _channel(self, link: Link) -> str | None:
        return link.channel_id or (self._foreign_channel if link.foreign else None)


def _ignore(reason: str) -> Step:
    async def step(session: AsyncSession) -> Outcome:
        return Outcome("ignored", reason)

    return step


def _row(team_id: str, row: PaymentRow | None, payment: Payment, now: float) -> PaymentRow:
    """The payment's row, with what we know now in it."""
    held = row or PaymentRow(
        team_id=team_id,
        id=payment.id,
        link_id=payment.link_id,
        status=payment.status,
        amount_total=payment.amount_total,
        currency=payment.currency,
        data={},
        version=0,
        created_at=payment.created_at,
        updated_at=now,
    )
    held.status = payment.status
    held.amount_total = payment.amount_total
    held.currency = payment.currency
    held.data = payment.model_dump(mode="json")
    held.version += 1
    held.updated_at = now
    return held
