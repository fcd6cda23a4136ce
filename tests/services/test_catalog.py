from typing import Any

import pytest
from stripe import StripeClient

from bot.errors import NotFound, StripeRefused
from bot.links.prices import in_words
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.catalog import Progress
from bot.services.steps import Outcome
from tests.conftest import Clock
from tests.services.desk import Desk

Json = dict[str, Any]


async def made(dashboard: StripeClient, name: str, price: Any) -> Json:
    """A price with its product."""
    product = await dashboard.v1.products.create_async({"name": name})
    price["product"] = product.id
    answer = await dashboard.v1.prices.create_async(price)
    return dict(answer.to_dict())


async def follow(desk: Desk, sandbox: StripeSandbox) -> list[Outcome]:
    """Delivers every catalog event there is, oldest first."""
    events = [event for event in sandbox.events.values() if event["type"].split(".")[0] in ("product", "price")]
    return [await desk.deliver(event) for event in sorted(events, key=lambda event: event["created"])]


async def test_filling_says_how_far_it_is(desk: Desk, sandbox: StripeSandbox, ada: Actor) -> None:
    sandbox.seed_catalog(620)
    progress = [step async for step in desk.catalog.fill()]
    assert progress[0] == Progress(500, 0)
    assert progress[-1] == Progress(620, 620)
    assert len(await desk.catalog.search(ada, "")) == 100
    again = [step async for step in desk.catalog.fill()]
    assert again == progress


async def test_events_keep_the_mirror_current(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, ada: Actor, clock: Clock
) -> None:
    monthly = {"currency": "eur", "unit_amount": 1000, "recurring": {"interval": "month"}}
    price = await made(dashboard, "Gold plan", monthly)
    assert await follow(desk, sandbox) == [Outcome("done")] * 2
    (found,) = await desk.catalog.search(ada, "gold")
    assert (found.price, found.product_name, found.currency) == (price["id"], "Gold plan", "eur")
    assert found.recurring is not None
    assert found.recurring.interval == "month"
    assert await desk.catalog.price(ada, price["id"]) == found
    clock.advance(1)
    await dashboard.v1.products.update_async(price["product"], {"name": "Platinum plan"})
    await follow(desk, sandbox)
    assert await desk.catalog.search(ada, "gold") == []
    assert [one.product_name for one in await desk.catalog.search(ada, "plat")] == ["Platinum plan"]
    clock.advance(1)
    await dashboard.v1.prices.update_async(price["id"], {"active": False})
    await follow(desk, sandbox)
    assert await desk.catalog.search(ada, "plat") == []
    assert (await desk.catalog.price(ada, price["id"])).product_name == "Platinum plan"


async def test_a_search_can_be_for_one_currency(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, ada: Actor
) -> None:
    await made(dashboard, "Tea", {"currency": "eur", "unit_amount": 300})
    dollars = await made(dashboard, "Tea", {"currency": "usd", "unit_amount": 300})
    await follow(desk, sandbox)
    assert [one.price for one in await desk.catalog.search(ada, "tea", "usd")] == [dollars["id"]]


async def test_amounts_that_are_not_plain_come_in_words(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, ada: Actor
) -> None:
    tiers = [{"up_to": 10, "unit_amount": 900}, {"up_to": "inf", "unit_amount": 500}]
    graduated = {
        "currency": "usd",
        "billing_scheme": "tiered",
        "tiers_mode": "graduated",
        "tiers": tiers,
        "recurring": {"interval": "month"},
    }
    await made(dashboard, "Seats", graduated)
    await follow(desk, sandbox)
    (found,) = await desk.catalog.search(ada, "seats")
    assert in_words(found) == "from $5.00, graduated every month"
    assert found.unit_amount_decimal is None


@pytest.mark.parametrize("kind", ["price", "product"])
async def test_what_was_deleted_is_gone(
    desk: Desk, dashboard: StripeClient, sandbox: StripeSandbox, ada: Actor, kind: str
) -> None:
    price = await made(dashboard, "Tea", {"currency": "eur", "unit_amount": 300})
    await follow(desk, sandbox)
    gone = price["id"] if kind == "price" else price["product"]
    deleted = {
        "id": "evt_deleted",
        "type": f"{kind}.deleted",
        "created": price["created"],
        "data": {"object": {"id": gone, "deleted": True}},
    }
    assert await desk.deliver(deleted) == Outcome("done")
    assert await desk.catalog.search(ada, "tea") == []
    if kind == "price":
        with pytest.raises(NotFound):
            await desk.catalog.price(ada, gone)


async def test_an_event_about_something_already_deleted(desk: Desk, ada: Actor) -> None:
    late = {"id": "evt_late", "type": "price.updated", "created": 1, "data": {"object": {"id": "price_gone"}}}
    assert await desk.deliver(late) == Outcome("done")
    assert await desk.catalog.search(ada, "") == []


async def test_a_refusing_stripe_is_asked_again_later(desk: Desk, sandbox: StripeSandbox, ada: Actor) -> None:
    sandbox.faults.add(match="GET /v1/prices/price_1", kind="status", status=401, times=1)
    event = {"id": "evt_1", "type": "price.updated", "created": 1, "data": {"object": {"id": "price_1"}}}
    with pytest.raises(StripeRefused):
        await desk.deliver(event)
    assert await desk.deliver(event) == Outcome("done")


async def test_an_unknown_price(desk: Desk, ada: Actor) -> None:
    with pytest.raises(NotFound, match="Pick another"):
        await desk.catalog.price(ada, "price_none")
