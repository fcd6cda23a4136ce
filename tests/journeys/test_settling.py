"""Payments that settle later, and events late, twice, in any order, or never: one message, which ends up right."""

from itertools import permutations

import pytest

from tests.harness import World
from tests.journeys.steps import announced, card, dashboard, deliver, events, make_link, notified, pay, said

Order = tuple[int, ...]
PROCESSING, PAID, FAILED = "Payment processing", "Paid", "Payment failed"


@pytest.mark.parametrize("settles", [True, False])
async def test_processing_becomes_paid_or_failed_in_the_same_message(town: World, settles: bool) -> None:
    link = await make_link(town)
    session = await pay(town, link, method="bank_debit")
    assert said(town) == [card(link, "nothing yet; 1 processing"), announced(town, PROCESSING)]
    posted = [message["ts"] for message in town.slack.messages("sales")]

    town.clock.advance(4 * 24 * 3600)
    await (town.stripe.settle(session["id"]) if settles else town.stripe.fail(session["id"]))
    await town.settle()
    paid, state = ("€300.00 in 1 payment", PAID) if settles else ("nothing yet", FAILED)
    assert said(town) == [card(link, paid), announced(town, state)]
    assert [message["ts"] for message in town.slack.messages("sales")] == posted
    assert notified(town) == [town.slack.person("ada").id]


@pytest.mark.parametrize("settles", [True, False])
@pytest.mark.parametrize("between", [True, False])
@pytest.mark.parametrize("order", [*permutations(range(2)), (0, 1, 0, 1), (1, 1, 0, 0)])
async def test_any_order_any_number_of_times(town: World, settles: bool, between: bool, order: Order) -> None:
    link = await make_link(town)
    town.stripe.webhooks.drop = lambda event: True
    session = await pay(town, link, method="bank_debit")
    await (town.stripe.settle(session["id"]) if settles else town.stripe.fail(session["id"]))
    told = events(town, "checkout.session.")
    for place in order:
        await deliver(town, told[place])
        if between:
            await town.settle()
    await town.settle()
    paid, state = ("€300.00 in 1 payment", PAID) if settles else ("nothing yet", FAILED)
    assert said(town) == [card(link, paid), announced(town, state)]
    assert notified(town) == [town.slack.person("ada").id]


async def test_events_of_many_payments_shuffled_and_doubled(town: World) -> None:
    link = await make_link(town)
    town.stripe.webhooks.hold, town.stripe.webhooks.copies = True, 2
    sessions = [await pay(town, link, name=f"Customer {n}", method="bank_debit") for n in range(6)]
    for session in sessions[:3]:
        await town.stripe.settle(session["id"])
    for session in sessions[3:5]:
        await town.stripe.fail(session["id"])
    town.stripe.webhooks.release(shuffle=True)
    await town.settle()
    states = [PAID] * 3 + [FAILED] * 2 + [PROCESSING]
    expected = [
        announced(town, state, customer=f"Customer {n}, jenny.rosen@example.com") for n, state in enumerate(states)
    ]
    assert said(town)[0] == card(link, "€900.00 in 3 payments; 1 processing")
    assert sorted(said(town)[1:]) == sorted(expected)


async def test_events_that_never_come_are_found_in_stripe_s_list(town: World) -> None:
    link = await make_link(town)
    await town.paylink.poller.poll()
    town.stripe.webhooks.drop = lambda event: True
    session = await pay(town, link, method="bank_debit")
    await town.stripe.settle(session["id"])
    await dashboard(town, f"payment_links/{link['id']}", {"active": False})
    assert said(town) == [card(link)]

    town.clock.advance(3600)
    assert await town.paylink.poller.poll() > 0
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment", active=False), announced(town)]

    town.stripe.webhooks.drop = lambda event: False
    for event in events(town, ""):
        await deliver(town, event)
    assert await town.paylink.poller.poll() == 0
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment", active=False), announced(town)]
    assert notified(town) == [town.slack.person("ada").id]


async def test_an_event_three_days_late_is_announced_and_one_redelivered_then_is_not(town: World) -> None:
    link = await make_link(town)
    town.stripe.webhooks.drop = lambda event: True
    await pay(town, link)
    (completed,) = events(town, "checkout.session.")
    town.clock.advance(3 * 24 * 3600)
    await deliver(town, completed)
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
    town.clock.advance(24 * 3600)
    await deliver(town, completed)
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


async def test_a_checkout_that_expires_is_silence(town: World) -> None:
    link = await make_link(town)
    session = town.stripe.visit(link["url"])
    await town.stripe.expire(session["id"])
    await town.settle()
    assert [event["type"] for event in events(town, "checkout.session.")] == ["checkout.session.expired"]
    assert said(town) == [card(link)]
    assert notified(town) == []


async def test_a_payment_found_by_a_backfill_while_processing_is_announced_when_it_settles(town: World) -> None:
    link = await make_link(town)
    town.stripe.webhooks.drop = lambda event: True
    old = await pay(town, link, name="Old Customer")
    session = await pay(town, link, method="bank_debit")
    town.clock.advance(4 * 24 * 3600)
    assert [progress.what async for progress in town.paylink.backfill.run()][-1] == "checkout sessions"
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment; 1 processing")]

    town.stripe.webhooks.drop = lambda event: False
    await town.stripe.settle(session["id"])
    await town.settle()
    for event in events(town, "checkout.session.completed"):
        await deliver(town, event)
    await town.settle()
    assert old["payment_status"] == "paid"
    assert said(town) == [card(link, "€600.00 in 2 payments"), announced(town)]


async def test_a_payment_that_a_backfill_sees_before_its_event_comes_is_announced(town: World) -> None:
    link = await make_link(town)
    town.stripe.webhooks.hold = True
    await pay(town, link)
    async for _ in town.paylink.backfill.run():
        pass
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment")]
    town.clock.advance(60)
    town.stripe.webhooks.release()
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
