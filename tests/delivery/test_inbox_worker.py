"""Each event's writes happen once; a bad one harms nobody."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.attempts import LONGEST_DELAY
from bot.delivery.inbox_worker import InboxWorker
from bot.errors import StripeRefused, StripeUnavailable
from bot.services.steps import OfLink, Outcome, Question, Step
from storage import cards, cursors, inbox
from storage.database import Database
from storage.inbox import Arrival, Claimed
from storage.models import StripeEvent
from tests.conftest import Clock
from tests.running.process import PATIENCE

TEAM = "T1"


class Office:
    """Handling an event adds its id to a row in the database; its type says how it goes."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self.db = db
        self.clock = clock
        self.prepared = Counter[str]()
        self.run: list[str] = []
        self.observed: list[tuple[str, str]] = []
        self.woken = 0
        self.stripe_is_away = False
        self.hold: asyncio.Event | None = None
        self.never_answered = ""
        self.in_hand = set[str]()
        self.most_in_hand = 0
        self.worker = self.another()

    def another(
        self, most: int = 256, grace: float = 10.0, asking: int = 4, patience: float = 20.0, keep: float = 5.0
    ) -> InboxWorker:
        return InboxWorker(
            self.db,
            TEAM,
            self.prepare,
            self.clock,
            self.wake,
            observe=self.observe,
            most=most,
            asking=asking,
            grace=grace,
            patience=patience,
            keep=keep,
        )

    def wake(self) -> None:
        self.woken += 1

    def observe(self, type: str, outcome: str, seconds: float) -> None:
        self.observed.append((type, outcome))

    async def receive(self, *events: str) -> None:
        """Events are named `<type>/<id>`."""
        arrivals = [Arrival(name, name.split("/")[0], self.clock(), b"{}") for name in events]
        await inbox.store(self.db, TEAM, arrivals, self.clock())

    async def claim(self, owner: str, limit: int = 10, suspected: bool = False) -> list[tuple[Claimed, str]]:
        """What is due, taken by somebody for half a minute."""
        async with self.db.begin() as session:
            taken = await inbox.claim(session, TEAM, owner, self.clock(), self.clock() + 30, limit, suspected)
        return [(event, owner) for event in taken]

    async def die(self, times: int) -> None:
        """So many workers take all that isn't suspected of anything, and are never heard of again."""
        for number in range(times):
            await self.claim(f"dead {number}")
            self.clock.advance(31)

    async def prepare(self, event: Claimed) -> Step | Question:
        """Of an event of the type `asked` only Stripe can say what is to be done with it."""
        return Question(lambda: self.ask(event)) if event.type == "asked" else await self.ask(event)

    async def ask(self, event: Claimed) -> Step:
        self.prepared[event.id] += 1
        self.in_hand.add(event.id)
        try:
            return await self._answer(event)
        finally:
            self.most_in_hand = max(self.most_in_hand, len(self.in_hand))
            self.in_hand.discard(event.id)

    async def _answer(self, event: Claimed) -> Step:
        await asyncio.sleep(0)
        if event.id == self.never_answered:
            await asyncio.Event().wait()
        if self.hold:
            await self.hold.wait()
        if event.type == "refused":
            raise StripeRefused("Stripe said no.")
        if event.type == "outage" and self.stripe_is_away:
            raise StripeUnavailable("Stripe can't be reached.")

        async def step(session: AsyncSession) -> Outcome:
            self.run.append(event.id)
            if event.type == "ignored":
                return Outcome("ignored", "not ours")
            done = await cursors.get(session, TEAM, event.id)
            await cursors.put(session, TEAM, event.id, str(int(done or 0) + 1), self.clock())
            if event.type == "poison":
                raise ValueError("poison")
            if event.type == "card":
                await cards.want(session, TEAM, "payment", event.id, "C1", self.clock())
                await cards.want_everywhere(session, TEAM, "link", "plink_1", self.clock())
            return Outcome("done")

        return OfLink(event.id[::-1], step) if event.type == "link" else step

    async def done(self, event: str) -> str | None:
        """How often the event's writes happened."""
        async with self.db.read() as session:
            return await cursors.get(session, TEAM, event)

    async def row(self, event: str) -> StripeEvent:
        async with self.db.read() as session:
            row = await session.get(StripeEvent, (TEAM, event))
        assert row is not None
        return row


@pytest.fixture
async def office(database: Database, clock: Clock) -> AsyncIterator[Office]:
    office = Office(database, clock)
    yield office
    await office.worker.stop()


async def test_events_are_handled_once_and_together(office: Office) -> None:
    events = [f"plain/{number}" for number in range(40)]
    await office.receive(*events)
    assert await office.worker.step() == 40
    assert [await office.done(event) for event in events] == ["1"] * 40
    assert {(await office.row(event)).state for event in events} == {"done"}
    assert await office.worker.step() == 0
    assert await office.worker.next_due() is None
    assert 1 <= office.woken < 40


async def test_links_are_written_in_the_order_of_their_ids(office: Office) -> None:
    """Here a link's id is the event's, read backwards."""
    await office.receive("link/19", "link/28", "plain/1", "link/37")
    await office.worker.step()
    assert office.run == ["plain/1", "link/37", "link/28", "link/19"]


async def test_an_ignored_event_keeps_the_reason(office: Office) -> None:
    await office.receive("ignored/1", "plain/1")
    await office.worker.drain()
    row = await office.row("ignored/1")
    assert (row.state, row.reason) == ("ignored", "not ours")
    assert sorted(office.observed) == [("ignored", "ignored"), ("plain", "done")]


async def test_wishes_for_cards_are_written_with_the_event(office: Office) -> None:
    async with office.db.begin() as session:
        await cards.want(session, TEAM, "link", "plink_1", "C1", office.clock())
    await office.receive(*[f"card/{number}" for number in range(10)])
    await office.worker.drain()
    async with office.db.read() as session:
        (link,) = await cards.of(session, TEAM, "link", "plink_1")
        (payment,) = await cards.of(session, TEAM, "payment", "card/3")
    assert link.wanted > 1
    assert (payment.state, payment.wanted) == ("due", 1)


async def test_a_poisoned_event_is_undone_tried_again_and_dead_in_the_end(office: Office) -> None:
    await office.receive("plain/1", "poison/1", "card/1", "ignored/1")
    await office.worker.drain()
    assert (await office.done("plain/1"), await office.done("card/1")) == ("1", "1")
    assert await office.done("poison/1") is None
    row = await office.row("poison/1")
    assert (row.state, row.attempts, row.reason) == ("new", 1, "Unexpected error: ValueError.")
    assert row.due_at >= office.clock()

    for _ in range(12):
        office.clock.advance(3600)
        await office.worker.drain()
    row = await office.row("poison/1")
    assert (row.state, row.attempts, office.prepared["poison/1"]) == ("dead", 12, 12)
    assert await office.worker.next_due() is None


async def test_a_dead_event_can_be_tried_again(office: Office) -> None:
    await office.receive("refused/1")
    for _ in range(12):
        await office.worker.drain()
        office.clock.advance(3600)
    async with office.db.begin() as session:
        assert [(row.id, row.reason) for row in await inbox.dead(session, TEAM)] == [("refused/1", "Stripe said no.")]
        assert await inbox.retry(session, TEAM, "refused/1", office.clock())
        assert not await inbox.retry(session, TEAM, "refused/1", office.clock())
        assert await inbox.dead(session, TEAM) == []
    await office.worker.step()
    row = await office.row("refused/1")
    assert (row.state, row.attempts) == ("new", 1)


async def test_an_outage_kills_no_event(office: Office) -> None:
    office.stripe_is_away = True
    await office.receive("outage/1", "plain/1")
    for _ in range(40):
        await office.worker.drain()
        office.clock.advance(10)
    row = await office.row("outage/1")
    assert (row.state, row.attempts, row.reason) == ("new", 0, "Stripe can't be reached.")
    assert await office.done("plain/1") == "1"
    office.stripe_is_away = False
    office.clock.advance(10)
    await office.worker.drain()
    assert await office.done("outage/1") == "1"


async def test_a_lost_lease_is_not_written_under(office: Office) -> None:
    office.hold = asyncio.Event()
    await office.receive("plain/1")
    assert await office.worker.advance() == 1
    office.clock.advance(31)
    other = office.another()
    assert await other.advance() == 1
    office.hold.set()
    await asyncio.gather(office.worker.drain(), other.drain())
    assert await office.done("plain/1") == "1"
    row = await office.row("plain/1")
    assert (row.state, row.attempts) == ("done", 1)


async def test_an_event_that_one_process_took_twice_is_written_once(office: Office) -> None:
    await office.receive("plain/1", "plain/2")
    early = await office.claim("early")
    office.clock.advance(30)
    late = await office.claim("late")
    await asyncio.gather(*[office.worker.work(event, owner) for event, owner in (*early, *late)])
    assert (await office.done("plain/1"), await office.done("plain/2")) == ("1", "1")
    assert office.observed == [("plain", "done"), ("plain", "done")]


async def test_only_the_last_to_take_an_event_writes(office: Office) -> None:
    await office.receive("plain/1", "plain/2")
    early = await office.claim("early")
    office.clock.advance(30)
    late = await office.claim("late")
    await asyncio.gather(*[office.worker.work(*one) for one in (early[0], late[1])])
    assert (await office.done("plain/1"), await office.done("plain/2")) == (None, "1")
    await office.worker.work(*late[0])
    assert await office.done("plain/1") == "1"


async def test_what_was_there_when_many_workers_died_is_handled_one_by_one(office: Office) -> None:
    events = [f"plain/{number}" for number in range(5)]
    await office.receive(*events)
    await office.die(20)
    await office.receive("plain/new")
    await office.worker.drain()
    assert [await office.done(event) for event in [*events, "plain/new"]] == ["1"] * 6
    assert office.most_in_hand == 1


async def test_an_event_that_takes_its_worker_down_each_time_ends_and_harms_nobody_else(office: Office) -> None:
    await office.receive("deadly/1", "plain/1", "plain/2")
    await office.die(3)
    while (await office.row("deadly/1")).attempts < 12:
        for event, owner in await office.claim("a worker", 1, suspected=True):
            if event.type != "deadly":
                await office.worker.work(event, owner)
        office.clock.advance(31)
    await office.worker.drain()
    row = await office.row("deadly/1")
    assert (row.state, row.reason, office.prepared["deadly/1"]) == ("dead", "Whoever had it in hand died.", 0)
    assert [await office.done(event) for event in ("plain/1", "plain/2")] == ["1", "1"]


async def test_a_suspect_does_not_wait_for_a_lull(office: Office) -> None:
    await office.receive("plain/suspect")
    await office.die(3)
    worker = office.another()
    for number in range(2):
        assert await office.done("plain/suspect") is None
        await office.receive(f"plain/{number}")
        office.clock.advance(0.5)
        await worker.advance()
    assert await office.done("plain/suspect") == "1"
    assert office.most_in_hand == 1
    await worker.stop()


async def test_suspects_follow_one_another_without_a_rest_while_nothing_else_is_due(office: Office) -> None:
    events = [f"plain/{number}" for number in range(5)]
    await office.receive(*events)
    await office.die(3)
    assert await office.worker.advance() == 5
    assert [await office.done(event) for event in events] == ["1"] * 5
    assert office.most_in_hand == 1


async def test_an_event_that_only_failed_is_not_suspected(office: Office) -> None:
    await office.receive("refused/1")
    for _ in range(5):
        office.clock.advance(LONGEST_DELAY)
        await office.worker.step()
    office.clock.advance(LONGEST_DELAY)
    assert [event.attempts for event, _ in await office.claim("a worker")] == [5]


async def test_two_workers_share_the_events(office: Office) -> None:
    events = [f"plain/{number}" for number in range(60)]
    await office.receive(*events)
    await asyncio.gather(office.another(most=7).drain(), office.another(most=7).drain())
    assert [await office.done(event) for event in events] == ["1"] * 60
    assert set(office.prepared.values()) == {1}


async def test_no_more_is_taken_than_there_is_room_for(office: Office) -> None:
    office.hold = asyncio.Event()
    worker = office.another(most=5)
    await office.receive(*[f"plain/{number}" for number in range(8)])
    assert await worker.advance() == 5
    waiting = asyncio.create_task(worker.advance())
    await asyncio.sleep(0)
    office.hold.set()
    assert await waiting >= 1
    await worker.drain()
    assert office.prepared.total() == 8


async def test_waiting_for_its_turn_to_ask_costs_an_event_no_patience(office: Office) -> None:
    office.never_answered = "asked/0"
    await office.receive("asked/0", "asked/1", "asked/2", "plain/1")
    await office.another(asking=1, patience=0.05).step()
    rows = [await office.row(event) for event in ("asked/0", "asked/1", "asked/2", "plain/1")]
    assert [(row.state, row.attempts) for row in rows] == [("new", 0), ("done", 0), ("done", 0), ("done", 0)]
    assert rows[0].reason == "Unexpected error: TimeoutError."


async def test_an_event_keeps_its_lease_while_it_waits_for_its_turn_to_ask(office: Office) -> None:
    office.hold = asyncio.Event()
    await office.receive("asked/0", "asked/1", "asked/2")
    worker = office.another(asking=1, keep=0.0)
    assert await worker.advance() == 3
    for _ in range(4):
        office.clock.advance(29)
        async with asyncio.timeout(PATIENCE):
            for event in ("asked/1", "asked/2"):
                while (await office.row(event)).lease_until < office.clock() + 30:
                    pass
    other = office.another()
    assert await other.advance() == 1, "only the one that is asked for was there to be taken"
    office.hold.set()
    await asyncio.gather(worker.drain(), other.drain())
    assert [(await office.row(event)).attempts for event in ("asked/1", "asked/2")] == [0, 0]
    assert office.prepared["asked/1"] == office.prepared["asked/2"] == 1


async def test_an_event_that_was_taken_over_while_it_waited_is_let_go(office: Office) -> None:
    office.hold = asyncio.Event()
    await office.receive("asked/0", "asked/1")
    worker = office.another(most=2, asking=1, keep=0.0)
    assert await worker.advance() == 2
    async with office.db.begin() as session:
        await session.execute(text("UPDATE stripe_event SET lease_owner = 'another' WHERE id = 'asked/1'"))
    async with asyncio.timeout(PATIENCE):
        assert await worker.advance() == 0, "as soon as there is room again"
    office.hold.set()
    await worker.drain()
    assert (office.prepared["asked/0"], office.prepared["asked/1"]) == (1, 0)
    row = await office.row("asked/1")
    assert (row.state, row.lease_owner, row.attempts) == ("new", "another", 0)


async def test_stopping_gives_back_what_can_t_be_finished(office: Office) -> None:
    office.hold = asyncio.Event()
    await office.receive("plain/1", "plain/2")
    worker = office.another(grace=0.0)
    assert await worker.advance() == 2
    await worker.stop()
    office.hold = None
    await office.another().drain()
    assert [await office.done(event) for event in ("plain/1", "plain/2")] == ["1", "1"]
    assert (await office.row("plain/1")).attempts == 0


async def test_when_the_database_goes_away_the_lease_brings_the_event_back(office: Office) -> None:
    office.hold = asyncio.Event()
    await office.receive("plain/1")
    await office.worker.advance()
    async with office.db.begin() as session:
        await session.execute(text("ALTER TABLE stripe_event RENAME TO away"))
    office.hold.set()
    await office.worker.stop()
    async with office.db.begin() as session:
        await session.execute(text("ALTER TABLE away RENAME TO stripe_event"))
    office.clock.advance(31)
    await office.another().drain()
    assert await office.done("plain/1") == "1"
