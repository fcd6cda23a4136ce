"""From Stripe's events to what we hold: payments, links and the catalog, with the wishes for cards that follow."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateways.stripe import StripeGateway
from bot.payments.events import CatalogFact, LinkFact, ObjectFact, SessionFact, facts, session_fact, team_of
from bot.payments.payment import Payment, merge
from bot.services.catalog import CatalogService
from bot.services.mirror import DOUBT_SECONDS, store_link
from bot.services.objects import ObjectMirror
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
        objects: ObjectMirror,
        team_id: str,
        clock: Callable[[], float],
        foreign_channel: str | None = None,
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._catalog = catalog
        self._objects = objects
        self._team_id = team_id
        self._clock = clock
        self._foreign_channel = foreign_channel

    async def prepare(self, event: StripeEvent) -> Step:
        """Asks Stripe for whatever the event doesn't say. Raises GatewayError: to be tried again later."""
        fact = facts(json.loads(event.body))
        if isinstance(fact, CatalogFact):
            return _writing(await self._catalog.catch_up(fact))
        if isinstance(fact, ObjectFact):
            return _writing(await self._objects.catch_up(fact))
        if isinstance(fact, SessionFact):
            return await self.session_step(fact, told_at=event.created)
        if isinstance(fact, LinkFact):
            return await self._of_link(fact, created=event.type == "payment_link.created")
        return _ignore(fact.reason)

    async def session_step(self, fact: SessionFact, told_at: float | None = None) -> Step:
        """The step for a payment. `told_at` is the moment of the event that told of it, in seconds; None: it was found
        in Stripe's list, is no news, and gets no card of its own."""
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
        source = link or await self._read(fact.payment.link_id)
        if isinstance(source, _Live) and team_of(source.link) not in (None, self._team_id):
            return _ignore(_OTHER_WORKSPACE)

        async def step(session: AsyncSession) -> Outcome:
            return await self._merge(session, snapshots, source, told_at)

        return step

    async def _merge(
        self, session: AsyncSession, snapshots: list[SessionFact], source: Link | _Live, told_at: float | None
    ) -> Outcome:
        now, seen = self._clock(), snapshots[0].payment
        link = await self._link_of(session, source, now)
        row = await payments.get(session, self._team_id, seen.id, for_update=True)
        known = Payment.model_validate(row.data) if row else None
        payment = merge(known, snapshots[0])
        for snapshot in snapshots[1:]:
            payment = merge(payment, snapshot)
        news = told_at is not None and payment.is_announced and _is_news(payment, row, told_at)
        channel = self._channel(link) if news else None
        if channel and known and await cards.of(session, self._team_id, "payment", payment.id):
            channel = None
        if payment == known and channel is None:
            return Outcome("done", "nothing new")
        if payment != known:
            await payments.save(session, _row(self._team_id, row, payment, now))
            await cards.want_everywhere(session, self._team_id, "link", link.id, now)
        if channel is None:
            await cards.want_everywhere(session, self._team_id, "payment", payment.id, now)
        else:
            await cards.want(session, self._team_id, "payment", payment.id, channel, now)
        return Outcome("done")

    async def _link_of(self, session: AsyncSession, source: Link | _Live, now: float) -> Link:
        """The link as it was held a moment ago, or as it is held from now on."""
        if isinstance(source, Link):
            return source
        return (await store_link(session, self._team_id, source.link, at=source.at, now=now)).link

    async def _of_link(self, fact: LinkFact, created: bool) -> Step:
        """Links are always read anew: events carry no line items, and two changes may share their second."""
        if fact.team_id not in (None, self._team_id):
            return _ignore(_OTHER_WORKSPACE)
        channel = self._foreign_channel if created and fact.team_id is None else None
        async with self._db.read() as session:
            held = await links.get(session, self._team_id, fact.link_id)
        if held is not None and channel is None and fact.at + DOUBT_SECONDS < held.stripe_event_at:
            return _ignore("older than what we hold")
        live = await self._read(fact.link_id)

        async def step(session: AsyncSession) -> Outcome:
            now, made = self._clock(), float(fact.at) if created else None
            link, changed = await store_link(session, self._team_id, live.link, at=live.at, now=now, created_at=made)
            if channel and not await cards.of(session, self._team_id, "link", link.id):
                await cards.want(session, self._team_id, "link", link.id, channel, now)
                return Outcome("done")
            if changed:
                await cards.want_everywhere(session, self._team_id, "link", link.id, now)
            return Outcome("done", "" if changed else "nothing new")

        return step

    async def _read(self, link_id: str) -> _Live:
        at = self._clock()
        return _Live(await self._stripe.payment_link(link_id), at)

    def _channel(self, link: Link) -> str | None:
        return link.channel_id or (self._foreign_channel if link.foreign else None)


def _writing(write: Callable[[AsyncSession], Awaitable[None]]) -> Step:
    async def step(session: AsyncSession) -> Outcome:
        await write(session)
        return Outcome("done")

    return step


def _ignore(reason: str) -> Step:
    async def step(session: AsyncSession) -> Outcome:
        return Outcome("ignored", reason)

    return step


def _is_news(payment: Payment, row: PaymentRow | None, told_at: float) -> bool:
    """Whether an event of the moment `told_at` tells of a payment nobody was told of, should it have no card.

    Of an old payment that was found in Stripe's list, only what becomes of it later is news; one found while its event
    was still on the way is as new as its event.
    """
    return row is None or row.status != payment.status or told_at + DOUBT_SECONDS >= row.updated_at


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
