"""What Stripe's list has and the inbox hasn't is brought in, once."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from typing import Any

import pytest

from bot.delivery.inbox import Inbox
from bot.delivery.poller import OVERLAP_SECONDS, REACH_SECONDS, EventPoller
from bot.errors import StripeUnavailable
from storage import inbox as rows
from storage.database import Database
from storage.inbox import Claimed
from tests.conftest import Clock

TEAM = "T1"
EVERY = 300.0
TYPES = ("price.created", "checkout.session.completed")


class EventList:
    """Stripe's list: newest first, by creation, of the types asked for, of which `at_once` are read at a time."""

    def __init__(self) -> None:
        self.happened: list[dict[str, Any]] = []
        self.asked: list[int] = []
        self.breaks_after: int | None = None
        self.at_once = 20
        self.after_each: Callable[[], None] = lambda: None

    def add(self, id: str, created: float, type: str = TYPES[0]) -> None:
        self.happened.append({"id": id, "type": type, "created": int(created), "data": {"object": {"name": "Zoë"}}})

    async def events(self, types: Iterable[str], created_gte: int) -> AsyncIterator[dict[str, Any]]:
        self.asked.append(created_gte)
        wanted = sorted(types)
        for start in range(0, len(wanted), self.at_once):
            for event in self._read(wanted[start : start + self.at_once], created_gte):
                yield event
            self.after_each()

    def _read(self, types: Collection[str], created_gte: int) -> Iterator[dict[str, Any]]:
        newest_first = sorted(self.happened, key=lambda event: -int(event["created"]))
        for count, event in enumerate(newest_first):
            if count == self.breaks_after:
                raise StripeUnavailable("Stripe can't be reached.")
            if event["type"] in types and event["created"] >= created_gte:
                yield event


class Post:
    """A poller with its inbox."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db = db
        self.stripe = EventList()
        self.inbox = Inbox(db, TEAM, clock, lambda: None)
        self.clock = clock
        self.poller = self.another()

    def another(self) -> EventPoller:
        return EventPoller(self.stripe, self.inbox, self.db, TEAM, TYPES, self.clock, EVERY)

    async def stored(self) -> dict[str, Claimed]:
        async with self.db.begin() as session:
            claimed = await rows.claim(session, TEAM, "test", self.clock(), self.clock(), 10_000)
        return {event.id: event for event in claimed}


@pytest.fixture
def post(database: Database, clock: Clock) -> Post:
    return Post(database, clock)


async def test_what_was_before_the_first_reading_is_not_news(post: Post) -> None:
    post.stripe.add("evt_old", post.clock() - OVERLAP_SECONDS - 10)
    assert await post.poller.poll() == 0
    post.stripe.add("evt_new", post.clock() + 5)
    post.clock.advance(10)
    assert await post.poller.poll() == 1
    assert list(await post.stored()) == ["evt_new"]


async def test_events_are_stored_as_stripe_s_json(post: Post) -> None:
    post.stripe.add("evt_1", post.clock())
    await post.poller.poll()
    event = (await post.stored())["evt_1"]
    assert json.loads(event.body) == post.stripe.happened[0]
    assert (event.type, event.created) == (TYPES[0], int(post.clock()))


async def test_what_the_webhook_brought_is_not_stored_again(post: Post) -> None:
    await post.inbox.receive("evt_1", TYPES[0], post.clock(), b"{}")
    post.stripe.add("evt_1", post.clock())
    post.stripe.add("evt_2", post.clock())
    assert await post.poller.poll() == 1
    assert await post.poller.poll() == 0


async def test_a_restart_goes_on_where_the_last_reading_stopped(post: Post) -> None:
    await post.poller.poll()
    post.clock.advance(10)
    post.stripe.add("evt_1", post.clock())
    await post.poller.poll()
    post.clock.advance(7 * 24 * 3600 - 10)
    for number in range(250):
        post.stripe.add(f"evt_gap_{number}", post.clock() - number * 1000)
    assert await post.another().poll() == 250
    assert post.stripe.asked[-1] == int(post.clock() - 7 * 24 * 3600 + 10 - OVERLAP_SECONDS)


async def test_late_events_of_an_earlier_second_are_found(post: Post) -> None:
    start = post.clock()
    post.stripe.add("evt_2", start + 100)
    await post.poller.poll()
    post.stripe.add("evt_late", start + 40)
    assert await post.poller.poll() == 1


async def test_what_happens_while_a_long_list_is_read_is_not_passed_over(post: Post) -> None:
    await post.poller.poll()

    def pass_time() -> None:
        post.stripe.after_each = lambda: None
        post.stripe.add("evt_paid", post.clock() + 1, "checkout.session.completed")
        post.clock.advance(2 * OVERLAP_SECONDS)
        post.stripe.add("evt_price", post.clock(), "price.created")

    post.stripe.at_once, post.stripe.after_each = 1, pass_time
    assert await post.poller.poll() == 1
    assert await post.poller.poll() == 1
    assert sorted(await post.stored()) == ["evt_paid", "evt_price"]


async def test_no_further_back_than_stripe_s_list_reaches(post: Post) -> None:
    await post.poller.poll()
    post.clock.advance(100 * 24 * 3600)
    await post.poller.poll()
    assert post.stripe.asked[-1] == int(post.clock() - REACH_SECONDS)


async def test_a_reading_that_broke_off_is_begun_again(post: Post) -> None:
    await post.poller.poll()
    for number in range(5):
        post.stripe.add(f"evt_{number}", post.clock() + number)
    post.clock.advance(100)
    post.stripe.breaks_after = 3
    with pytest.raises(StripeUnavailable):
        await post.poller.poll()
    post.stripe.breaks_after = None
    await post.poller.poll()
    assert sorted(await post.stored()) == [f"evt_{number}" for number in range(5)]


async def test_of_many_processes_one_reads_and_another_goes_on_when_that_one_is_gone(post: Post) -> None:
    first, second = post.poller, post.another()
    for _ in range(4):
        await first.take_turn()
        post.clock.advance(EVERY / 2)
        await second.take_turn()
        post.clock.advance(EVERY / 2)
    assert len(post.stripe.asked) == 5, "each when it starts, and then one of them"

    post.stripe.add("evt_1", post.clock())
    assert await first.take_turn() == 0
    post.clock.advance(EVERY)
    assert await first.take_turn() == 1


async def test_a_turn_that_failed_is_another_s(post: Post) -> None:
    first, second = post.poller, post.another()
    for poller in (first, second):
        await poller.take_turn()
    post.clock.advance(EVERY)
    post.stripe.add("evt_1", post.clock())
    post.stripe.breaks_after = 0
    with pytest.raises(StripeUnavailable):
        await first.take_turn()
    post.stripe.breaks_after = None
    assert await second.take_turn() == 1


async def test_a_reading_that_another_clock_puts_into_the_future_keeps_nobody_from_reading(post: Post) -> None:
    await post.poller.take_turn()
    post.clock.advance(3600)
    await post.another().take_turn()
    post.clock.advance(-3600)
    post.stripe.add("evt_1", post.clock())
    assert await post.poller.take_turn() == 1
