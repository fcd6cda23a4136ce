"""What becomes of a payment: found, merged, and wished for where somebody wants to hear it."""

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlmodel import col

from bot.links.draft import LinkDraft
from bot.money import Money
from bot.payments.after import MOST_RENEWALS
from bot.payments.news import Kind
from bot.payments.sessions import SessionFact, session_fact
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.mirror import DOUBT_SECONDS
from bot.services.muting import MutingService
from bot.services.notices import LinkCard, ReplyCard
from bot.services.steps import OfPayment, Outcome, Question
from bot.slack.ui.cards.link import income_in_words
from storage.models import Card, Link
from tests.conftest import Clock
from tests.services.desk import OFFER, SALES, SUPPORT, TEAM, Desk
from tests.services.test_payments import told

Json = dict[str, Any]
NOT_OURS = Outcome("ignored", "not a payment through a link")


@pytest.fixture
async def link(desk: Desk, ada: Actor) -> LinkCard:
    opened = await desk.links.start(ada, SALES, OFFER)
    return await desk.links.submit(ada, opened.id)


@pytest.fixture
def muting(desk: Desk) -> MutingService:
    return MutingService(desk.db, TEAM, desk.clock)


async def replies(desk: Desk, payment_id: str) -> list[Card]:
    """The replies to a payment that are wished for."""
    (parent,) = await desk.cards("payment", payment_id)
    query = select(Card).where(col(Card.team_id) == TEAM, col(Card.parent_id) == parent.id)
    async with desk.db.read() as session:
        return list((await session.scalars(query)).all())


async def refunded(desk: Desk, sandbox: StripeSandbox, payment_id: str, amount: int = 1000) -> tuple[Json, Outcome]:
    """Stripe gives back a part and tells of it."""
    refund = await sandbox.refund(payment_id, amount)
    return refund, await desk.deliver(told(sandbox, "refund.created"))


async def test_a_refund_changes_the_payment_and_is_told_in_its_thread(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox
) -> None:
    session = await sandbox.pay(link.url)
    await desk.deliver(told(sandbox, "checkout.session.completed"))
    link_cards = [card.wanted for card in await desk.cards("link", link.link_id)]
    refund, outcome = await refunded(desk, sandbox, session["id"])
    assert outcome == Outcome("done")
    card = await desk.notices.payment_card(session["id"])
    assert card is not None
    assert (card.payment.refunded, card.payment.status) == (1000, "paid")
    (wish,) = await desk.cards("payment", session["id"])
    assert wish.wanted == 2
    (reply,) = await replies(desk, session["id"])
    assert (reply.channel_id, reply.state, reply.parent_id) == (SALES, "waiting", wish.id)
    shown = await desk.notices.reply(reply)
    assert isinstance(shown, ReplyCard)
    assert (shown.news.key, shown.card.payment.id, shown.broadcast) == (
        f"{refund['id']}:succeeded",
        session["id"],
        False,
    )
    assert [card.wanted for card in await desk.cards("link", link.link_id)] == [one + 1 for one in link_cards]
    shown_link = await desk.links.get(ada, link.link_id)
    assert (shown_link.paid, shown_link.refunded) == (((Money(30000, "eur"), 1),), (Money(1000, "eur"),))
    assert await desk.deliver(told(sandbox, "refund.created")) == Outcome("done", "nothing new")
    assert len(await replies(desk, session["id"])) == 1


async def test_a_refund_before_its_payment_asks_stripe_once(desk: Desk, link: LinkCard, sandbox: StripeSandbox) -> None:
    session = await sandbox.pay(link.url)
    _, outcome = await refunded(desk, sandbox, session["id"])
    assert outcome == Outcome("done")
    assert [card.channel_id for card in await desk.cards("payment", session["id"])] == [SALES]
    assert len(await replies(desk, session["id"])) == 1
    asked = len(sandbox.requests)
    assert await desk.deliver(told(sandbox, "checkout.session.completed")) == Outcome("done", "nothing new")
    assert len(sandbox.requests) == asked
    assert [card.wanted for card in await desk.cards("payment", session["id"])] == [1]


async def test_what_comes_after_a_held_payment_needs_no_turn_to_ask_stripe(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox
) -> None:
    opened = await desk.links.start(ada, SALES, LinkDraft(line_items=(SUPPORT,)))
    support = await desk.links.submit(ada, opened.id)
    once, monthly = await sandbox.pay(link.url), await sandbox.pay(support.url)
    await sandbox.refund(once["id"], 1000)
    await sandbox.renew(monthly["subscription"])
    after = [told(sandbox, "refund.created"), told(sandbox, "invoice.paid")]
    assert [type(await desk.prepare(event)) for event in after] == [Question, Question]
    for event in [one for one in sandbox.events.values() if one["type"] == "checkout.session.completed"]:
        await desk.deliver(event)
    asked = len(sandbox.requests)
    assert [type(await desk.prepare(event)) for event in after] == [OfPayment, OfPayment]
    assert await desk.deliver_together([*after, *after]) == [Outcome("done")] * 2 + [Outcome("done", "nothing new")] * 2
    assert len(sandbox.requests) == asked
    assert len(await replies(desk, once["id"])) == 1
    assert (await desk.links.get(ada, support.link_id)).renewed == ((Money(4990, "eur"), 1),)


async def test_a_held_payment_s_link_that_is_not_held_is_read_from_stripe(
    desk: Desk, link: LinkCard, sandbox: StripeSandbox
) -> None:
    session = await sandbox.pay(link.url)
    await desk.deliver(told(sandbox, "checkout.session.completed"))
    async with desk.db.begin() as database:
        await database.execute(delete(Link).where(col(Link.id) == link.link_id))
    _, outcome = await refunded(desk, sandbox, session["id"])
    assert outcome == Outcome("done")
    assert len(await replies(desk, session["id"])) == 1
    assert await desk.link(link.link_id) is not None


async def test_what_is_told_together_is_heard_where_it_is_not_muted(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox, muting: MutingService
) -> None:
    """Whether a payment has its message already, or gets one because of the news."""
    opened = await desk.links.start(ada, "C_QUIET", OFFER)
    quiet = await desk.links.submit(ada, opened.id)
    await muting.choose(ada, "C_QUIET", frozenset(Kind) - {Kind.REFUND}, broadcast=False)
    paid = {}
    for name, url in (("shown", link.url), ("old", link.url), ("quiet", quiet.url), ("quiet and old", quiet.url)):
        paid[name] = (await sandbox.pay(url))["id"]
        if "old" not in name:
            await desk.deliver(told(sandbox, "checkout.session.completed"))
            continue
        found = session_fact(await desk.stripe.checkout_session(paid[name]))
        assert isinstance(found, SessionFact)
        step = await desk.payments.session_step(found)
        async with desk.db.begin() as session:
            await step(session)
    events = []
    for id in paid.values():
        await sandbox.refund(id, 1000)
        events.append(told(sandbox, "refund.created"))
    desk.clock.advance(DOUBT_SECONDS * 2)
    await desk.deliver_together(events)
    assert {name: len(await desk.cards("payment", id)) for name, id in paid.items()} == {
        "shown": 1,
        "old": 1,
        "quiet": 1,
        "quiet and old": 0,
    }
    said = {name: len(await replies(desk, paid[name])) for name in ("shown", "old", "quiet")}
    assert said == {"shown": 1, "old": 1, "quiet": 0}
    for name, id in paid.items():
        card = await desk.notices.payment_card(id)
        assert card is not None
        assert card.payment.refunded == 1000, name


async def test_a_muted_kind_changes_the_message_and_says_nothing(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox, muting: MutingService
) -> None:
    await muting.choose(ada, SALES, frozenset(Kind) - {Kind.REFUND}, broadcast=True)
    session = await sandbox.pay(link.url)
    await desk.deliver(told(sandbox, "checkout.session.completed"))
    await refunded(desk, sandbox, session["id"])
    assert [card.wanted for card in await desk.cards("payment", session["id"])] == [2]
    assert await replies(desk, session["id"]) == []


async def test_broadcasting_is_the_channel_s_choice(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox, muting: MutingService
) -> None:
    session = await sandbox.pay(link.url)
    await desk.deliver(told(sandbox, "checkout.session.completed"))
    await refunded(desk, sandbox, session["id"])
    (reply,) = await replies(desk, session["id"])
    for broadcast in (True, False):
        chosen = await muting.choose(ada, SALES, frozenset(Kind), broadcast)
        assert (chosen.broadcast, chosen.told) == (broadcast, frozenset(Kind))
        shown = await desk.notices.reply(reply)
        assert shown is not None
        assert shown.broadcast is broadcast


async def test_renewals_are_counted_each_once_and_with_what_was_given_back(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    opened = await desk.links.start(ada, SALES, LinkDraft(line_items=(SUPPORT,)))
    link = await desk.links.submit(ada, opened.id)
    session = await sandbox.pay(link.url)
    for fails in (False, True, *(False for _ in range(MOST_RENEWALS))):
        await sandbox.renew(session["subscription"], fails=fails)
    renewed = [event for event in sandbox.events.values() if event["type"].startswith("invoice.pa")]
    for event in reversed(renewed):
        await desk.deliver(event)
    wanted = [card.wanted for card in await desk.cards("link", link.link_id)]
    for event in renewed:
        await desk.deliver(event)
    assert [card.wanted for card in await desk.cards("link", link.link_id)] == wanted
    number = MOST_RENEWALS + 1
    await sandbox.refund(renewed[-1]["data"]["object"]["id"], 990)
    await desk.deliver(told(sandbox, "refund.created"))
    card = await desk.links.get(ada, link.link_id)
    assert card.paid == ((Money(4990, "eur"), 1),)
    assert card.renewed == ((Money(4990 * number, "eur"), number),)
    assert card.refunded == (Money(990, "eur"),)
    words = income_in_words(card, "en_US")
    assert words == "€49.90 in 1 payment, €648.70 in 13 renewals, €9.90 refunded"


@pytest.mark.parametrize("muted", [True, False])
async def test_an_old_payment_gets_a_message_only_when_there_is_news_of_it(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox, clock: Clock, muting: MutingService, muted: bool
) -> None:
    session = await sandbox.pay(link.url)
    found = session_fact(await desk.stripe.checkout_session(session["id"]))
    assert isinstance(found, SessionFact)
    step = await desk.payments.session_step(found)
    async with desk.db.begin() as database:
        await step(database)
    assert await desk.cards("payment", session["id"]) == []
    clock.advance(DOUBT_SECONDS * 2)
    if muted:
        await muting.choose(ada, SALES, (), broadcast=False)
    await refunded(desk, sandbox, session["id"])
    assert [card.channel_id for card in await desk.cards("payment", session["id"])] == ([] if muted else [SALES])


async def test_what_is_not_ours_is_ignored(desk: Desk, link: LinkCard, sandbox: StripeSandbox) -> None:
    session = await sandbox.pay(link.url)
    refund = await sandbox.refund(session["id"])
    event = told(sandbox, "refund.created")
    event["data"]["object"] = refund | {"payment_intent": "pi_elsewhere"}
    assert await desk.deliver(event) == NOT_OURS
    other = Desk(desk.db, desk.stripe, desk.clock, team_id="T2")
    event["data"]["object"] = refund
    assert await other.deliver(event) == Outcome("ignored", "another workspace's link")


async def test_nothing_chosen_is_everything_in_threads(ada: Actor, muting: MutingService) -> None:
    notices = await muting.get(ada, "C_ANY")
    assert (notices.told, notices.broadcast) == (frozenset(Kind), False)
