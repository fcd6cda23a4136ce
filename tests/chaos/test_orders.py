"""A payment's events in any order, as often as one likes, through the inbox and two workers: one payment, one message.

Each example delivers what a link's payments made Stripe say, in an order and with repetitions of its own, while the
workers take turns in between.
"""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.inbox_worker import InboxWorker
from bot.delivery.loop import Wake
from tests.conftest import Clock, Templates
from tests.harness import World, world
from tests.journeys.steps import Json, announced, card, events, make_link, said

FATES = ("card", "settles", "fails", "waits")
WORDS = {"card": "Paid", "settles": "Paid", "fails": "Payment failed", "waits": "Payment processing"}

Deliveries = list[tuple[int, bool]]
"""Which event comes (counted round), and whether a worker has a turn afterwards."""

deliveries = st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=12)


async def happen(town: World, fate: str) -> list[Json]:
    """One payment on Stripe's side; all that Stripe has to say of it, undelivered."""
    link = await make_link(town)
    town.stripe.webhooks.drop = lambda event: True
    session = await town.stripe.pay(link["url"], method="card" if fate == "card" else "bank_debit")
    if fate == "settles":
        await town.stripe.settle(session["id"])
    if fate == "fails":
        await town.stripe.fail(session["id"])
    return [one for one in events(town, "checkout.session") if one["data"]["object"]["id"] == session["id"]]


async def receive(town: World, event: Json) -> None:
    body = json.dumps(event).encode()
    await town.paylink.inbox.receive(event["id"], event["type"], float(event["created"]), body)


async def deliver(database_url: str, fate: str, order: Deliveries) -> None:
    async with world(database_url, Clock()) as town:
        told = await happen(town, fate)
        parts = town.paylink
        other = InboxWorker(parts.db, town.slack.team.id, parts.services.payments.prepare, town.clock, Wake())
        for number, works in order:
            await receive(town, told[number % len(told)])
            if works:
                await asyncio.gather(parts.inbox_worker.step(), other.step())
                await parts.card_worker.step()
        for event in told:
            await receive(town, event)
        await town.settle()
        link = next(iter(town.stripe.payment_links.values()))
        paid = {"Paid": "€300.00 in 1 payment", "Payment processing": "nothing yet; 1 processing"}
        assert said(town) == [card(link, paid.get(WORDS[fate], "nothing yet")), announced(town, WORDS[fate])]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("fate", FATES)
def test_the_order_of_events_makes_no_difference(templates: Templates, kind: str, fate: str) -> None:
    template = templates.of(kind)

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(order=deliveries)
    def check(order: Deliveries) -> None:
        with template.copy() as url, asyncio.Runner() as runner:
            runner.run(deliver(url, fate, order))

    check()
