"""What a card in Slack shows now, loaded from the database alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from bot.links.draft import LinkDraft
from bot.links.sharing import Sharing, with_query
from bot.money import Money
from bot.payments.news import News
from bot.payments.payment import Payment
from bot.services.lineage import Relative, predecessors, relative, successor
from bot.services.replacing import without_message
from storage import cards, channels, links, payments, renewals
from storage.database import Database
from storage.models import Card, Link

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

    `since` and `until` are seconds since the epoch.
    """

    paid: tuple[tuple[Money, int], ...]
    processing: int
    failed: int
    since: float
    until: float
    links: tuple[tuple[str, int], ...]


class NoticeService:
    """Loads cards for whoever renders them."""

    def __init__(self, db: Database, team_id: str) -> None:
        self._db = db
        self._team_id = team_id

    async def link_card(
        self, link_id: str, hint_channel: str | None = None, card: Card | None = None
    ) -> LinkCard | None:
        """The link now, None when it isn't known; with what was shared, as `card` has it."""
        async with self._db.read() as session:
            link = await links.get(session, self._team_id, link_id)
            return await read_link_card(session, link, hint_channel, card) if link else None

    async def standing(self, channel_id: str, ts: str) -> LinkCard | None:
        """The link's card whose message this is; None when it is no link's."""
        async with self._db.read() as session:
            card = await cards.at(session, self._team_id, channel_id, ts)
        return await self.link_card(card.subject_id, card=card) if card and card.subject_kind == "link" else None

    async def payment_card(self, payment_id: str, hint_channel: str | None = None) -> PaymentCard | None:
        """The payment now, None when it isn't known."""
        async with self._db.read() as session:
            row = await payments.get(session, self._team_id, payment_id)
            link = await links.get(session, self._team_id, row.link_id) if row else None
        if row is None or link is None:
            return None
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

    async def digest(self, card_id: str) -> DigestCard | None:
        """What a digest's message stands for now, None when there is no such card."""
        async with self._db.read() as session:
            card = await cards.get(session, self._team_id, card_id)
            return await self._digest(session, card) if card else None

    async def _digest(self, session: AsyncSession, card: Card) -> DigestCard:
        ids = await cards.digested(session, self._team_id, card)
        sums = await payments.sums(session, self._team_id, ids)
        counts = Counter[str]()
        for one in sums:
            counts[one.link_id] += one.number
        names = await links.names(session, self._team_id, counts)
        return DigestCard(
            paid=_paid((one.currency, one.number, one.amount) for one in sums if one.status == "paid"),
            processing=sum(one.number for one in sums if one.status == "processing"),
            failed=sum(one.number for one in sums if one.status == "failed"),
            since=card.created_at,
            until=card.updated_at,
            links=tuple((names.get(link_id, link_id), count) for link_id, count in counts.most_common()),
        )


async def read_link_card(
    session: AsyncSession, link: Link, hint_channel: str | None = None, card: Card | None = None
) -> LinkCard:
    """The link with what was paid through it and through those it took the place of, and with what was shared, as
    `card` has it."""
    before = await predecessors(session, link)
    counted = [link.id, *(one.id for one in before)]
    paid = [total for one in counted for total in await payments.paid_totals(session, link.team_id, one)]
    renewed = [total for one in counted for total in await renewals.totals(session, link.team_id, one)]
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
        renewed=_paid(renewed),
        refunded=tuple(total for total, _ in refunded if total.amount),
        processing=sum([await payments.processing_count(session, link.team_id, one) for one in counted]),
        note=card.note if card else "",
        prefilled=Sharing.from_query(query).summary(),
        hint_channel=hint_channel,
        replaces=relative(before[0]) if before else None,
        replaced_by=relative(await successor(session, link)),
    )


def _paid(totals: Iterable[tuple[str, int, int]]) -> tuple[tuple[Money, int], ...]:
    """(currency, number, sum) as (sum, number), one entry per currency."""
    counts, amounts = Counter[str](), Counter[str]()
    for currency, count, amount in totals:
        counts[currency] += count
        amounts[currency] += amount
    return tuple((Money(amounts[currency], currency), counts[currency]) for currency in sorted(counts))
