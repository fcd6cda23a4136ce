"""From Stripe's events to what we hold: payments, links and the catalog, with the wishes for cards that follow."""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateways.stripe import StripeGateway
from bot.payments.after import After
from bot.payments.events import AfterFact, CatalogFact, LinkFact, ObjectFact, facts
from bot.payments.news import news
from bot.payments.payment import merge
from bot.payments.sessions import Ignored, SessionFact, session_fact
from bot.payments.stripe_json import team_of
from bot.services.catalog import CatalogService
from bot.services.lineage import want_cards
from bot.services.mirror import DOUBT_SECONDS, store_link
from bot.services.objects import ObjectMirror
from bot.services.payment_changes import Change, Foreseen, Live, counted, known_by, version
from bot.services.payment_finder import PaymentFinder
from bot.services.payment_rows import held_payment, renewal_rows
from bot.services.steps import OfLink, OfPayment, Outcome, Question, Step, ignore, writing
from bot.services.together import Together
from bot.services.wishes import wish
from storage import cards, held_payments, links, renewals
from storage.database import Database
from storage.held_payments import Held
from storage.inbox import Claimed
from storage.models import Link

_OTHER_WORKSPACE = "another workspace's link"


_NOTHING_NEW = Outcome("done", "nothing new")


_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""JSON's escape of a character that databases don't store; a backslash before it may be one that was escaped."""

_Key = tuple[str, str]
"""A link's id and a payment's."""


def _storable(body: bytes) -> bytes:
    # Hardly any has it, and looking for the bytes alone costs next to nothing.
    return _NUL.sub(rb"\1\\ufffd", body) if rb"\u0000" in body else body


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

    async def prepare(self, event: Claimed) -> Step | Question:
        """What is to be done with an event; or the question to Stripe that comes before, when neither it nor what we
        hold says enough."""
        # Short strings would be kept for the next time, but only keys come again.
        fact = facts(from_json(_storable(event.body), cache_strings="keys"))
        if isinstance(fact, Ignored):
            return ignore(fact.reason)
        if isinstance(fact, SessionFact):
            return await self._of_session(fact, event.created, None)
        if isinstance(fact, AfterFact):
            return await self._of_after(fact, event.created)
        return Question(lambda: self._ask(event, fact))

    async def session_step(self, fact: SessionFact, told_at: float | None = None, after: After | None = None) -> Step:
        """The step for a payment, and for what became of it. `told_at` is the moment of the event that told of it, in
        seconds; None: it was found in Stripe's list, is no news, and gets no card of its own. Raises GatewayError."""
        found = await self._of_session(fact, told_at, after)
        return await found.ask() if isinstance(found, Question) else found

    async def _ask(self, event: Claimed, fact: LinkFact | CatalogFact | ObjectFact) -> Step:
        if isinstance(fact, CatalogFact):
            return writing(await self._catalog.catch_up(fact))
        if isinstance(fact, ObjectFact):
            return writing(await self._objects.catch_up(fact))
        return await self._of_link(fact, created=event.type == "payment_link.created")

    async def _of_session(self, fact: SessionFact, told_at: float | None, after: After | None) -> Step | Question:
        if fact.team_id not in (None, self._team_id):
            return ignore(_OTHER_WORKSPACE)
        link, held = await self._held.get((fact.payment.link_id, fact.payment.id)) or (None, None)
        known = known_by(held)
        seen = merge(known, [fact.payment], After())
        unread = seen.is_announced and not seen.is_read

        async def ask() -> Step:
            snapshots = [fact.payment]
            if unread:
                read = session_fact(await self._stripe.checkout_session(fact.payment.id))
                snapshots += [read.payment] if isinstance(read, SessionFact) else []
            source = link or await self._read(fact.payment.link_id)
            if isinstance(source, Live) and team_of(source.link) not in (None, self._team_id):
                return ignore(_OTHER_WORKSPACE)
            foreseen = Foreseen(version(held), known, merge(seen, snapshots[1:], after or After()))
            return self._merging(
                Change(fact.payment.id, source, tuple(snapshots), after or After(), told_at, after is None, foreseen)
            )

        return Question(ask) if unread or link is None else await ask()

    async def _of_after(self, fact: AfterFact, told_at: float) -> Step | Question:
        def step(payment_id: str, source: Link | Live) -> Step:
            return self._merging(Change(payment_id, source, (), fact.after, told_at, is_checkout=False))

        async def ask() -> Step:
            found = await self._finder.find(fact)
            if isinstance(found, Ignored):
                return ignore(found.reason)
            if isinstance(found, SessionFact):
                return await self.session_step(found, told_at, fact.after)
            return step(found.payment_id, found.link or await self._read(found.link_id))

        held = await self._finder.held(fact)
        return step(held.payment_id, held.link) if held and held.link else Question(ask)

    async def _read_held(self, asked: Sequence[_Key]) -> Mapping[_Key, tuple[Link | None, Held | None]]:
        async with self._db.read() as session:
            sold = await links.several(session, self._team_id, {link_id for link_id, _ in asked})
            paid = await held_payments.several(session, self._team_id, {payment_id for _, payment_id in asked})
        return {(link_id, payment_id): (sold.get(link_id), paid.get(payment_id)) for link_id, payment_id in asked}

    def _merging(self, change: Change) -> Step:
        async def step(session: AsyncSession) -> Outcome:
            return await self._merge(session, change)

        source = change.source
        if isinstance(source, Live):
            return OfPayment(change.payment_id, step, link_id=source.link["id"])
        return OfPayment(change.payment_id, step, channel_id=self._channel(source) or "")

    async def _merge(self, session: AsyncSession, change: Change) -> Outcome:
        now = self._clock()
        link = await self._link_of(session, change.source, now)
        held = await held_payments.get(session, self._team_id, change.payment_id)
        known, payment = change.merged(held)
        told = change.told_at is not None and payment.is_announced
        announce = told and change.is_news(payment, held)
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
            await held_payments.put(session, held_payment(self._team_id, held, payment, now))
        if renewed or known is None or counted(known) != counted(payment):
            await want_cards(session, link, now)
        return Outcome("done") if said else _NOTHING_NEW

    async def _link_of(self, session: AsyncSession, source: Link | Live, now: float) -> Link:
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

        return OfLink(fact.link_id, step)

    async def _read(self, link_id: str) -> Live:
        at = self._clock()
        return Live(await self._stripe.payment_link(link_id), at)

    def _channel(self, link: Link) -> str | None:
        return link.channel_id or (self._foreign_channel if link.foreign else None)
