from typing import Any

import pytest

from bot.errors import StripeUnavailable
from bot.gateways.stripe import StripeGateway
from bot.money import Money
from bot.payments.parts import Customer, Item
from bot.payments.sessions import SessionFact, session_fact
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.mirror import DOUBT_SECONDS, store_link
from bot.services.notices import LinkCard, PaymentCard
from bot.services.steps import Outcome, written_link
from tests.conftest import Clock
from tests.services.desk import FOREIGN, OFFER, SALES, Desk

Json = dict[str, Any]


@pytest.fixture
async def link(desk: Desk, ada: Actor) -> LinkCard:
    opened = await desk.links.start(ada, SALES, OFFER)
    return await desk.links.submit(ada, opened.id)


def told(sandbox: StripeSandbox, kind: str) -> Json:
    """The last event of this kind."""
    return [event for event in sandbox.events.values() if event["type"] == kind][-1]


async def shown(desk: Desk, payment_id: str) -> PaymentCard:
    card = await desk.notices.payment_card(payment_id)
    assert card is not None
    return card


async def test_a_payment_by_card(desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox) -> None:
    session = await sandbox.pay(link.url, email="grace@example.com", name="Grace Hopper")
    assert await desk.deliver(told(sandbox, "checkout.session.completed")) == Outcome("done")
    card = await shown(desk, session["id"])
    assert (card.link_name, card.link_url, card.created_by, card.livemode) == ("Offer", link.url, "UADA", False)
    assert (card.payment.status, card.payment.amount_total, card.payment.currency) == ("paid", 30000, "eur")
    assert card.payment.customer == Customer(name="Grace Hopper", email="grace@example.com")
    assert card.payment.items == (Item(description="Consulting", quantity=2, amount_total=30000),)
    (wish,) = await desk.cards("payment", session["id"])
    assert (wish.channel_id, wish.state) == (SALES, "due")
    assert (await desk.links.get(ada, link.link_id)).paid == ((Money(30000, "eur"), 1),)
    assert [wish.wanted for wish in await desk.cards("link", link.link_id)] == [2]


async def test_a_redelivery_tells_nothing_new(desk: Desk, link: LinkCard, sandbox: StripeSandbox) -> None:
    session = await sandbox.pay(link.url, email="grace@example.com", name="Grace")
    completed = told(sandbox, "checkout.session.completed")
    await desk.deliver(completed)
    asked = len(sandbox.requests)
    assert await desk.deliver(completed) == Outcome("done", "nothing new")
    assert len(sandbox.requests) == asked
    assert [wish.wanted for wish in await desk.cards("payment", session["id"])] == [1]


@pytest.mark.parametrize(
    ("settles", "kind", "status"),
    [
        (True, "checkout.session.async_payment_succeeded", "paid"),
        (False, "checkout.session.async_payment_failed", "failed"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
async def test_a_payment_that_settles_later(
    desk: Desk,
    ada: Actor,
    link: LinkCard,
    sandbox: StripeSandbox,
    settles: bool,
    kind: str,
    status: str,
    backwards: bool,
) -> None:
    session = await sandbox.pay(link.url, email="grace@example.com", name="Grace", method="bank_debit")
    completed = told(sandbox, "checkout.session.completed")
    if not backwards:
        await desk.deliver(completed)
        assert (await shown(desk, session["id"])).payment.status == "processing"
        assert (await desk.links.get(ada, link.link_id)).processing == 1
    await (sandbox.settle(session["id"]) if settles else sandbox.fail(session["id"]))
    await desk.deliver(told(sandbox, kind))
    if backwards:
        assert await desk.deliver(completed) == Outcome("done", "nothing new")
    assert (await shown(desk, session["id"])).payment.status == status
    card = await desk.links.get(ada, link.link_id)
    assert (card.processing, card.paid) == (0, ((Money(30000, "eur"), 1),) if settles else ())
    assert [wish.channel_id for wish in await desk.cards("payment", session["id"])] == [SALES]


async def test_an_abandoned_checkout_is_kept_but_not_announced(
    desk: Desk, link: LinkCard, sandbox: StripeSandbox
) -> None:
    session = await sandbox.pay(link.url, email="grace@example.com", name="Grace")
    event = told(sandbox, "checkout.session.completed")
    expired = event["data"]["object"] | {"id": "cs_test_expired", "status": "expired", "payment_status": "unpaid"}
    abandoned = event | {"type": "checkout.session.expired", "data": {"object": expired}}
    assert await desk.deliver(abandoned) == Outcome("done")
    assert (await shown(desk, "cs_test_expired")).payment.status == "expired"
    assert await desk.cards("payment", "cs_test_expired") == []
    assert session["id"] != "cs_test_expired"


async def test_a_silent_stripe_means_later(desk: Desk, link: LinkCard, sandbox: StripeSandbox) -> None:
    session = await sandbox.pay(link.url, email="grace@example.com", name="Grace")
    sandbox.faults.add(match=f"GET /v1/checkout/sessions/{session['id']}", kind="status", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.deliver(told(sandbox, "checkout.session.completed"))
    assert await desk.deliver(told(sandbox, "checkout.session.completed")) == Outcome("done")


@pytest.mark.parametrize("channel", [None, "C_DEFAULT"])
async def test_a_foreign_link_speaks_in_the_default_channel_or_nowhere(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox, channel: str | None
) -> None:
    here = desk.with_foreign_channel(channel) if channel else desk
    foreign = await stripe.create_payment_link(FOREIGN, "dashboard")
    created = told(sandbox, "payment_link.created")
    assert await here.deliver(created) == Outcome("done")
    session = await sandbox.pay(foreign["url"], email="grace@example.com", name="Grace")
    await here.deliver(told(sandbox, "checkout.session.completed"))
    card = await desk.links.get(ada, foreign["id"])
    assert (card.name, card.foreign, card.created_by, card.channel_id) == ("Tea", True, None, None)
    assert card.paid == ((Money(500, "usd"), 1),)
    assert card.created_at == created["created"]
    wanted = [channel] if channel else []
    assert [wish.channel_id for wish in await desk.cards("link", foreign["id"])] == wanted
    assert [wish.channel_id for wish in await desk.cards("payment", session["id"])] == wanted


async def test_a_payment_may_come_before_its_link(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    foreign = await stripe.create_payment_link(FOREIGN, "dashboard")
    await sandbox.pay(foreign["url"], email="grace@example.com", name="Grace")
    await desk.deliver(told(sandbox, "checkout.session.completed"))
    assert (await desk.links.get(ada, foreign["id"])).paid == ((Money(500, "usd"), 1),)


async def test_another_workspaces_link_stays_invisible(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox
) -> None:
    other = Desk(desk.db, desk.stripe, desk.clock, team_id="T2", foreign_channel="C_DEFAULT")
    await sandbox.pay(link.url, email="grace@example.com", name="Grace")
    ignored = Outcome("ignored", "another workspace's link")
    for kind in ("payment_link.created", "checkout.session.completed"):
        assert await other.deliver(told(sandbox, kind)) == ignored
    unsaid = told(sandbox, "checkout.session.completed")
    unsaid["data"]["object"]["metadata"] = {}
    assert await other.deliver(unsaid) == ignored
    assert await other.link(link.link_id) is None


async def test_what_we_have_no_use_for_is_ignored_with_its_reason(
    desk: Desk, link: LinkCard, sandbox: StripeSandbox
) -> None:
    event = told(sandbox, "payment_link.created")
    outcome = await desk.deliver(event | {"type": "customer.created"})
    assert outcome == Outcome("ignored", "not an event we handle: customer.created")


async def test_a_character_that_no_database_stores_costs_no_payment(
    desk: Desk, link: LinkCard, sandbox: StripeSandbox
) -> None:
    await sandbox.pay(link.url)
    event = told(sandbox, "checkout.session.completed")
    session = event["data"]["object"] | {"client_reference_id": "PO\x00 \\u0000"}
    await desk.deliver(event | {"data": {"object": session}})
    assert (await shown(desk, session["id"])).payment.reference == "PO\ufffd \\u0000"


async def test_a_change_in_the_dashboard_reaches_the_card(
    desk: Desk, ada: Actor, link: LinkCard, stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    await stripe.update_payment_link(link.link_id, {"active": False}, "dashboard")
    assert await desk.deliver(told(sandbox, "payment_link.updated")) == Outcome("done")
    assert (await desk.links.get(ada, link.link_id)).active is False
    assert [wish.wanted for wish in await desk.cards("link", link.link_id)] == [2]
    assert await desk.deliver(told(sandbox, "payment_link.updated")) == Outcome("done", "nothing new")
    assert [wish.wanted for wish in await desk.cards("link", link.link_id)] == [2]


async def test_steps_name_the_link_that_they_write(
    desk: Desk, link: LinkCard, stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    foreign = await stripe.create_payment_link(FOREIGN, "dashboard")
    for url, written in ((link.url, ""), (foreign["url"], foreign["id"])):
        await sandbox.pay(url)
        fact = session_fact(told(sandbox, "checkout.session.completed")["data"]["object"])
        assert isinstance(fact, SessionFact)
        assert written_link(await desk.payments.session_step(fact)) == written
    assert written_link(await desk.step(told(sandbox, "payment_link.created"))) == foreign["id"]


async def test_two_changes_in_one_second_told_backwards(
    desk: Desk, ada: Actor, link: LinkCard, stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    await stripe.update_payment_link(link.link_id, {"active": False}, "dashboard 1")
    first = told(sandbox, "payment_link.updated")
    await stripe.update_payment_link(link.link_id, {"active": True}, "dashboard 2")
    second = told(sandbox, "payment_link.updated")
    assert first["created"] == second["created"]
    await desk.deliver(second)
    await desk.deliver(first)
    assert (await desk.links.get(ada, link.link_id)).active is True


async def test_what_is_surely_old_does_not_ask_stripe(
    desk: Desk, ada: Actor, link: LinkCard, sandbox: StripeSandbox, clock: Clock
) -> None:
    created = told(sandbox, "payment_link.created")
    clock.advance(DOUBT_SECONDS + 2)
    await desk.links.set_active(ada, link.link_id, False)
    asked = len(sandbox.requests)
    assert await desk.deliver(created) == Outcome("ignored", "older than what we hold")
    assert len(sandbox.requests) == asked


async def test_a_copy_read_earlier_does_not_overwrite_one_read_later(
    desk: Desk, ada: Actor, link: LinkCard, stripe: StripeGateway, sandbox: StripeSandbox, clock: Clock
) -> None:
    early = await stripe.payment_link(link.link_id)
    clock.advance(1)
    await desk.links.set_active(ada, link.link_id, False)
    async with desk.db.begin() as session:
        stored = await store_link(session, desk.team_id, early, at=clock() - 1, now=clock())
    assert stored.changed is False
    assert (await desk.links.get(ada, link.link_id)).active is False


async def test_a_copy_made_in_the_dashboard_is_a_link_of_its_own(
    desk: Desk, ada: Actor, link: LinkCard, stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    copied = FOREIGN | {"metadata": sandbox.payment_links[link.link_id]["metadata"]}
    copy = await stripe.create_payment_link(copied, "dashboard")
    assert await desk.deliver(told(sandbox, "payment_link.created")) == Outcome("done")
    row = await desk.link(copy["id"])
    assert row is not None
    assert (row.draft_id, row.created_by, row.foreign) == (None, "UADA", False)
