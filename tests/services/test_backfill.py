"""What the account had before Paylink: brought in silently, in pieces, as often as one likes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import combinations

import pytest

from bot.errors import StripeUnavailable
from bot.gateways.stripe import StripeGateway
from bot.money import Money
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.backfill import BackfillService, Progress
from bot.services.mirror import DOUBT_SECONDS
from bot.services.payment_changes import RETRIED_SECONDS
from storage import cards, held_payments, links
from tests.conftest import Clock
from tests.databases import blocked
from tests.services.desk import FOREIGN, OFFER, SALES, Desk

LINKS = "GET /v1/payment_links"
LATE = DOUBT_SECONDS + 60
LATER = RETRIED_SECONDS + LATE


@pytest.fixture
def backfill(desk: Desk, stripe: StripeGateway, clock: Clock) -> BackfillService:
    return BackfillService(desk.db, stripe, desk.catalog, desk.objects, desk.payments, desk.team_id, clock)


async def ran(progress: AsyncIterator[Progress]) -> dict[str, int]:
    """How many of each there were."""
    return {step.what: step.seen async for step in progress}


async def test_links_and_payments_come_in_without_a_word(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox, backfill: BackfillService
) -> None:
    here = desk.with_foreign_channel("C_DEFAULT")
    old = await stripe.create_payment_link(FOREIGN, "dashboard")
    paid = await sandbox.pay(old["url"], name="Grace")
    waiting = await sandbox.pay(old["url"], name="Grace", method="bank_debit")
    visited = sandbox.visit(old["url"])
    newer = await stripe.create_payment_link(FOREIGN, "dashboard 2")
    assert await ran(backfill.run()) == {"products": 2, "prices": 2, "links": 2, "checkout sessions": 3}
    assert [card.link_id for card in (await here.links.page(ada)).links] == [newer["id"], old["id"]]
    card = await desk.links.get(ada, old["id"])
    assert (card.paid, card.processing) == (((Money(500, "usd"), 1),), 1)
    for session in (paid, waiting, visited):
        assert await desk.cards("payment", session["id"]) == []
    assert await desk.cards("link", old["id"]) == []


async def test_a_second_run_finds_everything_known(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox, backfill: BackfillService
) -> None:
    link = await stripe.create_payment_link(FOREIGN, "dashboard")
    await sandbox.pay(link["url"])
    first = await ran(backfill.run())
    assert await ran(backfill.run()) == first
    assert (await desk.links.get(ada, link["id"])).paid == ((Money(500, "usd"), 1),)


async def test_a_run_broken_off_goes_on_where_it_was(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox, backfill: BackfillService
) -> None:
    for number in range(120):
        await stripe.create_payment_link(FOREIGN, f"dashboard {number}")
    async with aclosing(backfill.run()) as progress:  # type: ignore[type-var]
        async for step in progress:
            if step == Progress("links", 100):
                break
    sandbox.faults.add(LINKS, "status", status=500)
    with pytest.raises(StripeUnavailable):
        await ran(backfill.run())
    assert (await ran(backfill.run()))["links"] == 20
    assert (await ran(backfill.run()))["links"] == 120


async def test_a_run_and_events_of_the_same_payments_do_not_lock_each_other_out(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, backfill: BackfillService
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    older = await sandbox.pay(card.url)
    await sandbox.pay(card.url)
    async with desk.db.begin() as session:
        assert await held_payments.get(session, desk.team_id, older["id"]) is None
        running = asyncio.create_task(ran(backfill.run()))
        await blocked(desk.db, running)
        await cards.want_everywhere(session, desk.team_id, "link", card.link_id, 1.0)
    assert (await running)["checkout sessions"] == 2


async def test_links_are_locked_in_the_order_of_their_ids(
    desk: Desk, ada: Actor, stripe: StripeGateway, backfill: BackfillService
) -> None:
    """Stripe lists the newest first."""
    made = [(await stripe.create_payment_link(FOREIGN, f"dashboard {number}"))["id"] for number in range(10)]
    low, high = next((older, newer) for older, newer in combinations(made, 2) if older < newer)
    async with desk.db.begin() as session:
        assert await links.get(session, desk.team_id, low, for_update=True) is None
        running = asyncio.create_task(ran(backfill.run()))
        await blocked(desk.db, running)
        assert await links.get(session, desk.team_id, high, for_update=True) is None
    await running
    assert [link.link_id for link in (await desk.links.page(ada)).links] == made[::-1]


async def test_another_workspaces_links_stay_out(
    desk: Desk, ada: Actor, stripe: StripeGateway, sandbox: StripeSandbox, clock: Clock
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    await sandbox.pay(card.url)
    other = Desk(desk.db, stripe, clock, team_id="T2")
    await ran(BackfillService(desk.db, stripe, other.catalog, other.objects, other.payments, "T2", clock).run())
    assert (await other.links.page(ada)).links == ()


@pytest.mark.parametrize("settles", [True, False])
async def test_a_payment_found_while_processing_is_announced_when_it_settles(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, backfill: BackfillService, clock: Clock, settles: bool
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    session = await sandbox.pay(card.url, method="bank_debit")
    clock.advance(LATER)
    await ran(backfill.run())
    events = sandbox.events.values()
    (completed,) = [event for event in events if event["type"] == "checkout.session.completed"]
    assert (await desk.deliver(completed)).reason == "nothing new"
    assert await desk.cards("payment", session["id"]) == []
    await (sandbox.settle(session["id"]) if settles else sandbox.fail(session["id"]))
    (settled,) = [event for event in sandbox.events.values() if "async_payment" in event["type"]]
    await desk.deliver(settled)
    assert [wish.channel_id for wish in await desk.cards("payment", session["id"])] == [SALES]


@pytest.mark.parametrize(("late", "announced"), [(0.0, True), (LATE, True), (RETRIED_SECONDS, True), (LATER, False)])
async def test_a_payment_found_before_its_event_came_is_news_and_an_old_one_is_not(
    desk: Desk,
    ada: Actor,
    sandbox: StripeSandbox,
    backfill: BackfillService,
    clock: Clock,
    late: float,
    announced: bool,
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    session = await sandbox.pay(card.url)
    clock.advance(late)
    await ran(backfill.run())
    clock.advance(24 * 3600)
    (completed,) = [event for event in sandbox.events.values() if event["type"] == "checkout.session.completed"]
    for _ in range(2):
        await desk.deliver(completed)
    wanted = [(SALES, 1)] if announced else []
    assert [(wish.channel_id, wish.wanted) for wish in await desk.cards("payment", session["id"])] == wanted
