"""What the storm's Stripe lists and what it doesn't: an event that the app loses stays lost, and is noticed."""

from tests.chaos import leftovers
from tests.chaos.deliveries import Deliveries
from tests.chaos.plan import Plan
from tests.conftest import Clock
from tests.harness import World, world
from tests.journeys.steps import make_link, pay
from tests.running.town import town as open_town
from tests.sandbox.stripe.api import Raw

COMPLETED = "checkout.session.completed"


async def listed(town: World) -> list[str]:
    """The events of this type in Stripe's list."""
    status, answer = await Raw(town.stripe).request("GET", "/v1/events", {"type": COMPLETED})
    assert status == 200
    return [event["id"] for event in answer["data"]]


async def test_only_what_no_webhook_brought_is_listed(sqlite_url: str, clock: Clock) -> None:
    async with world(sqlite_url, clock) as town:
        deliveries = Deliveries(Plan(), town.stripe)
        deliveries.spoil()
        town.stripe.webhooks.jitter = 0.0
        link = await make_link(town)
        town.stripe.webhooks.drop = lambda event: False
        await pay(town, link)
        town.stripe.webhooks.drop = lambda event: True
        await pay(town, link)
        taken, never = [id for id, event in town.stripe.events.items() if event["type"] == COMPLETED]
        assert await listed(town) == [never]
        assert taken in deliveries.acknowledged
        assert never not in deliveries.acknowledged


async def test_what_is_hours_late_comes_by_a_webhook_first(sqlite_url: str, clock: Clock) -> None:
    async with world(sqlite_url, clock) as town:
        deliveries = Deliveries(Plan(late=1.0), town.stripe)
        link = await make_link(town)
        deliveries.spoil()
        await pay(town, link)
        assert await listed(town) == []
        late = deliveries.kept_back(until=clock())
        assert len(late) + deliveries.never == 1
        clock.advance(7200.0)
        await deliveries.deliver_late(late, known=set())
        assert deliveries.hours_late == len(late)
        assert deliveries.kept_back(until=clock()) == []
        assert await listed(town) == []


async def test_an_acknowledged_event_that_is_not_there_is_lost(sqlite_url: str) -> None:
    async with open_town(sqlite_url) as town:
        assert await leftovers.lost(town, {"evt_gone"}) == ["event evt_gone was acknowledged and is lost"]
        assert await leftovers.lost(town, set()) == []
