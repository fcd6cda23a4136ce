"""What a card in Slack shows now, loaded from the database alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from bot.links.draft import LinkDraft
from bot.links.sharing import Sharing, with_query
from bot.money import Money
from bot.payments.news import News
from bot.payments.payment import Payment
from bot.services.income import Income, read_incomes
from bot.services.lineage import Relative, relative
from bot.services.replacing import without_message
from bot.services.together import Together
from storage import cards, channels, links, payments
from storage.database import Database
from storage.models import Card, Link
from storage.models import Payment as PaymentRow

_NEWS: TypeAdapter[News] = TypeAdapter(News)


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A payment link as people see it.

    `paid` is (sum, number of payments) per currency, `renewed` (sum, number of renewals), `refunded` what of both was
    given back, `processing` the number of payments that haven't settled.
    `foreign`: not made by Paylink. `note` is what the sharer wrote, `prefilled` what they passed along with the address
    (`url` has it behind it). `hint_channel` is the channel where this card should have stood had the app been a member
    of it. `replaces` is the link it took the place of, whose payments are counted with its own; `replaced_by` the one
    that took its place.
    """

    link_id: str
    name: str
    url: str
    active: bool
    livemode: bool
    draft: LinkDraft
    foreign: bool
    created_by: str | None
    channel_id: str | None
    created_at: float
    paid: tuple[tuple[Money, int], ...] = ()
    renewed: tuple[tuple[Money, int], ...] = ()
    refunded: tuple[Money, ...] = ()
    processing: int = 0
    note: str = ""
    prefilled: str = ""
    hint_channel: str | None = None
    replaces: Relative | None = None
    replaced_by: Relative | None = None


@dataclass(frozen=True, slots=True)
class PaymentCard:
    """A payment, with the link it came through. `hint_channel` as in LinkCard."""

    payment: Payment
    link_name: str
    link_url: str
    created_by: str | None
    livemode: bool
    hint_channel: str | None = None


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """What is told in a payment's thread. `broadcast`: the channel asked to see it outside of the thread too."""

    news: News
    card: PaymentCard
    broadcast: bool


@dataclass(frozen=True, slots=True)
class DigestCard:
    """Many payments in one message: (sum, number) per currency, and (link name, number) with the most paid first.

    `since` and `until` are seconds since the epoch. `created_by` made the most paid of those links that Paylink made.
    `hint_channel` as in LinkCard.
    """

    paid: tuple[tuple[Money, int], ...]
    processing: int
    failed: int
    since: float
    until: float
    links: tuple[tuple[str, int], ...]
    created_by: str | None = None
    hint_channel: str | None = None


class NoticeService:
    """Loads cards for whoever renders them."""

    def __init__(self, db: Database, team_id: str) -> None:
        self._db = db
        self._team_id = team_id
        self._incomes = Together(self._read_incomes)
        self._payments = Together(self._read_payments)

    async def link_card(
        self, link_id: str, hint_channel: str | None = None, card: Card | None = None
    ) -> LinkCard | None:
        """The link now, None when it isn't known; with what was shared, as `card` has it."""
        income = await self._incomes.get(link_id)
        return _link_card(income, hint_channel, card) if income else None

    async def standing(self, channel_id: str, ts: str) -> LinkCard | None:
        """The link's card whose message this is; None when it is no link's."""
        async with self._db.read() as session:
            card = await cards.at(session, self._team_id, channel_id, ts)
        return await self.link_card(card.subject_id, card=card) if card and card.subject_kind == "link" else None

    async def payment_card(self, payment_id: str, hint_channel: str | None = None) -> PaymentCard | None:
        """The payment now, None when it isn't known."""
        found = await self._payments.get(payment_id)
        if found is None:
            return None
        row, link = found
        return PaymentCard(
            payment=Payment.model_validate(row.data),
            link_name=link.name,
            link_url=link.url,
            created_by=link.created_by,
            livemode=link.livemode,
            hint_channel=hint_channel,
        )

    async def reply(self, reply: Card, hint_channel: str | None = None) -> ReplyCard | None:
        """What a thread's reply says, None when its payment isn't known."""
        data = reply.data or {}
        card = await self.payment_card(data["payment"], hint_channel)
        async with self._db.read() as session:
            chosen = await channels.get(session, self._team_id, [reply.channel_id])
        if card is None:
            return None
        broadcast = reply.channel_id in chosen and chosen[reply.channel_id].broadcast
        return ReplyCard(_NEWS.validate_python(data["news"]), card, broadcast)

    async def digest(self, card_id: str, hint_channel: str | None = None) -> DigestCard | None:
        """What a digest's message stands for now, None when there is no such card."""
        async with self._db.read() as session:
            card = await cards.get(session, self._team_id, card_id)
            return await self._digest(session, card, hint_channel) if card else None

    async def _read_incomes(self, link_ids: Sequence[str]) -> Mapping[str, Income]:
        async with self._db.read() as session:
            found = await links.several(session, self._team_id, link_ids)
            incomes = await read_incomes(session, self._team_id, list(found.values()))
        return {income.link.id: income for income in incomes}

    async def _read_payments(self, payment_ids: Sequence[str]) -> Mapping[str, tuple[PaymentRow, Link]]:
        async with self._db.read() as session:
            return await payments.with_links(session, self._team_id, payment_ids)

    async def _digest(self, session: AsyncSession, card: Card, hint_channel: str | None) -> DigestCard:
        ids = await cards.digested(session, self._team_id, card)
        sums = await payments.sums(session, self._team_id, ids)
        counts = Counter[str]()
        for one in sums:
            counts[one.link_id] += one.number
        known = await links.several(session, self._team_id, counts)
        most_paid = [link_id for link_id, _ in counts.most_common()]
        return DigestCard(
            paid=_paid((one.currency, one.number, one.amount) for one in sums if one.status == "paid"),
            processing=sum(one.number for one in sums if one.status == "processing"),
            failed=sum(one.number for one in sums if one.status == "failed"),
            since=card.created_at,
            until=card.updated_at,
            links=tuple((known[id].name if id in known else id, counts[id]) for id in most_paid),
            created_by=next((maker for id in most_paid if id in known and (maker := known[id].created_by)), None),
            hint_channel=hint_channel,
        )


async def read_link_cards(session: AsyncSession, team_id: str, links: Sequence[Link]) -> list[LinkCard]:
    """The links with what was paid through them and through those they took the place of."""
    return [_link_card(income) for income in await read_incomes(session, team_id, links)]


def _link_card(income: Income, hint_channel: str | None = None, card: Card | None = None) -> LinkCard:
    link, before = income.link, income.before
    paid = [total for total in income.payments if total.status == "paid"]
    refunded = _paid((total.currency, 0, total.refunded) for total in paid)
    query = card.query if card else ""
    return LinkCard(
        link_id=link.id,
        name=link.name,
        url=with_query(link.url, query),
        active=link.active,
        livemode=link.livemode,
        draft=without_message(LinkDraft.model_validate(link.data)),
        foreign=link.foreign,
        created_by=link.created_by,
        channel_id=link.channel_id,
        created_at=link.created_at,
        paid=_paid((total.currency, total.number, total.amount) for total in paid),
        renewed=_paid(income.renewals),
        refunded=tuple(total for total, _ in refunded if total.amount),
        processing=sum(total.number for total in income.payments if total.status == "processing"),
        note=card.note if card else "",
        prefilled=Sharing.from_query(query).summary(),
        hint_channel=hint_channel,
        replaces=relative(before[0]) if before else None,
        replaced_by=relative(income.after),
    )


def _paid(totals: Iterable[tuple[str, int, int]]) -> tuple[tuple[Money, int], ...]:
    """(currency, number, sum) as (sum, number), one entry per currency."""
    counts, amounts = Counter[str](), Counter[str]()
    for currency, count, amount in totals:
        counts[currency] += count
        amounts[currency] += amount
    return tuple((Money(amounts[currency], currency), counts[currency]) for currency in sorted(counts))
