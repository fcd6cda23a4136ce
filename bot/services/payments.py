"""From Stripe's events to what we hold: payments, links and the catalog, with the wishes for cards that follow."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateways.stripe import StripeGateway
from bot.payments.after import After
from bot.payments.events import AfterFact, CatalogFact, LinkFact, ObjectFact, facts
from bot.payments.news import news
from bot.payments.payment import Payment, merge
from bot.payments.sessions import Ignored, SessionFact, session_fact
from bot.payments.stripe_json import team_of
from bot.services.catalog import CatalogService
from bot.services.lineage import want_cards
from bot.services.mirror import DOUBT_SECONDS, store_link
from bot.services.objects import ObjectMirror
from bot.services.payment_finder import PaymentFinder
from bot.services.payment_rows import payment_row, renewal_rows
from bot.services.steps import OfPayment, Outcome, Question, Step, ignore, writing
from bot.services.together import Together
from bot.services.wishes import wish
from storage import cards, links, payments, renewals
from storage.database import Database
from storage.models import Link, StripeEvent
from storage.models import Payment as PaymentRow

_OTHER_WORKSPACE = "another workspace's link"


_NOTHING_NEW = Outcome("done", "nothing new")


@dataclass(frozen=True, slots=True)
class _Live:
    """A link as Stripe answered it, and the moment it was asked."""

    link: Mapping[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class _Change:
    """What is to be added to a payment. `told_at` as in `session_step`; `is_checkout`: the event was about the checkout
    itself, not about what came after it."""

    payment_id: str
    source: Link | _Live
    snapshots: tuple[Payment, ...]
    after: After
    told_at: float | None
    is_checkout: bool


_Key = tuple[str, str]
"""A link's id and a payment's."""


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
        self._held = Together(self._read_held)
        self._finder = PaymentFinder(db, stripe, team_id)

    async def prepare(self, event: StripeEvent) -> Step | Question:
        """What is to be done with an event; or the question to Stripe that comes before, when neither it nor what we
        hold says enough."""
        fact = facts(json.loads(event.body))
        if isinstance(fact, Ignored):
            return ignore(fact.reason)
        if isinstance(fact, SessionFact):
            return await self._of_session(fact, event.created, None)
        return Question(lambda: self._ask(event, fact))

    async def session_step(self, fact: SessionFact, told_at: float | None = None, after: After | None = None) -> Step:
        """The step for a payment, and for what became of it. `told_at` is the moment of the event that told of it, in
        seconds; None: it was found in Stripe's list, is no news, and gets no card of its own. Raises GatewayError."""
        found = await self._of_session(fact, told_at, after)
        return await found.ask() if isinstance(found, Question) else found

    async def _ask(self, event: StripeEvent, fact: AfterFact | LinkFact | CatalogFact | ObjectFact) -> Step:
        if isinstance(fact, CatalogFact):
            return writing(await self._catalog.catch_up(fact))
        if isinstance(fact, ObjectFact):
            return writing(await self._objects.catch_up(fact))
        if isinstance(fact, AfterFact):
            return await self._of_after(fact, event.created)
        return await self._of_link(fact, created=event.type == "payment_link.created")

    async def _of_session(self, fact: SessionFact, told_at: float | None, after: After | None) -> Step | Question:
        if fact.team_id not in (None, self._team_id):
            return ignore(_OTHER_WORKSPACE)
        known = await self._held.get((fact.payment.link_id, fact.payment.id))
        link, row = known or (None, None)
        seen = merge(Payment.model_validate(row.data) if row else None, [fact.payment], After())
        unread = seen.is_announced and not seen.is_read

        async def ask() -> Step:
            snapshots = [fact.payment]
            if unread:
                read = session_fact(await self._stripe.checkout_session(fact.payment.id))
                snapshots += [read.payment] if isinstance(read, SessionFact) else []
            source = link or await self._read(fact.payment.link_id)
            if isinstance(source, _Live) and team_of(source.link) not in (None, self._team_id):
                return ignore(_OTHER_WORKSPACE)
            change = _Change(fact.payment.id, source, tuple(snapshots), after or After(), told_at, after is None)
            return self._merging(change)

        return Question(ask) if unread or link is None else await ask()

    async def _of_after(self, fact: AfterFact, told_at: float) -> Step:
        found = await self._finder.find(fact)
        if isinstance(found, Ignored):
            return ignore(found.reason)
        if isinstance(found, SessionFact):
            return await self.session_step(found, told_at, fact.after)
        async with self._db.read() as session:
            link = await links.get(session, self._team_id, found.link_id)
        source = link or await self._read(found.link_id)
        return self._merging(_Change(found.id, source, (), fact.after, told_at, is_checkout=False))

    async def _read_held(self, asked: Sequence[_Key]) -> Mapping[_Key, tuple[Link | None, PaymentRow | None]]:
        async with self._db.read() as session:
            sold = await links.several(session, self._team_id, {link_id for link_id, _ in asked})
            paid = await payments.several(session, self._team_id, {payment_id for _, payment_id in asked})
        return {(link_id, payment_id): (sold.get(link_id), paid.get(payment_id)) for link_id, payment_id in asked}

    def _merging(self, change: _Change) -> Step:
        async def step(session: AsyncSession) -> Outcome:
            # Payments that are written at the end, together, mustn't be written by the next one's reading.
            with session.no_autoflush:
                return await self._merge(session, change)

        return OfPayment(change.payment_id, step)

    async def _merge(self, session: AsyncSession, change: _Change) -> Outcome:
        now = self._clock()
        link = await self._link_of(session, change.source, now)
        row = await payments.get(session, self._team_id, change.payment_id, for_update=True)
        known = Payment.model_validate(row.data) if row else None
        payment = merge(known, change.snapshots, change.after)
        told = change.told_at is not None and payment.is_announced
        announce = told and _is_news(payment, row, change)
        changed = payment != known
        renewed = await renewals.add(session, renewal_rows(self._team_id, link, change.after))
        if not changed and not announce and not renewed:
            return _NOTHING_NEW
        said = renewed
        if changed or announce:
            pieces = news(known, payment) if told else ()
            channel = self._channel(link)
            said |= await wish(
                session, self._team_id, payment, pieces, changed=changed, channel=channel, announce=announce, now=now
            )
        if changed:
            await payments.save(session, payment_row(self._team_id, row, payment, now))
        if renewed or known is None or _counted(known) != _counted(payment):
            await want_cards(session, link, now)
        return Outcome("done") if said else _NOTHING_NEW

    async def _link_of(self, session: AsyncSession, source: Link | _Live, now: float) -> Link:
        """The link as it was held a moment ago, or as it is held from now on."""
        if isinstance(source, Link):
            return source
        return (await store_link(session, self._team_id, source.link, at=source.at, now=now)).link

    async def _of_link(self, fact: LinkFact, created: bool) -> Step:
        """Links are always read anew: events carry no line items, and two changes may share their second."""
        if fact.team_id not in (None, self._team_id):
            return ignore(_OTHER_WORKSPACE)
        channel = self._foreign_channel if created and fact.team_id is None else None
        async with self._db.read() as session:
            held = await links.get(session, self._team_id, fact.link_id)
        if held is not None and channel is None and fact.at + DOUBT_SECONDS < held.stripe_event_at:
            return ignore("older than what we hold")
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


def _is_news(payment: Payment, row: PaymentRow | None, change: _Change) -> bool:
    """Whether an event tells of a payment nobody was told of, should it have no card.

    Of an old payment that was found in Stripe's list, only what becomes of it later is news; one found while its event
    was still on the way is as new as its event.
    """
    if row is None or row.status != payment.status:
        return True
    return change.is_checkout and change.told_at is not None and change.told_at + DOUBT_SECONDS >= row.updated_at


def _counted(payment: Payment) -> tuple[object, ...]:
    """What a link's card shows of a payment."""
    return payment.status, payment.amount_total, payment.currency, payment.given_back
