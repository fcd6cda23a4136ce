"""An event that was received is on disk, once."""

import asyncio

import pytest
from sqlalchemy import text

from bot.delivery.inbox import Inbox, InboxUnavailable
from storage import inbox as rows
from storage.database import Database
from storage.models import StripeEvent
from tests.conftest import Clock
from tests.databases import cut_connections

TEAM = "T1"


async def test_what_is_received_is_stored_to_the_byte_and_wakes_the_worker(database: Database, clock: Clock) -> None:
    woken: list[int] = []
    inbox = Inbox(database, TEAM, clock, lambda: woken.append(1))
    body = '{"id": "evt_1",\n "name": "Zoë \\u0000"}'.encode()
    assert await inbox.receive("evt_1", "product.created", 12.0, body)

    async with database.begin() as session:
        event = await session.get(StripeEvent, (TEAM, "evt_1"))
    assert event is not None
    assert (event.id, event.type, event.created, event.body) == ("evt_1", "product.created", 12.0, body)
    assert (event.state, event.attempts, event.received_at) == ("new", 0, clock())
    assert woken == [1]


async def test_a_duplicate_is_known_as_one(database: Database, clock: Clock) -> None:
    woken: list[int] = []
    inbox = Inbox(database, TEAM, clock, lambda: woken.append(1))
    first = await inbox.receive("evt_1", "product.created", 12.0, b"one")
    assert (first, await inbox.receive("evt_1", "product.created", 12.0, b"two")) == (True, False)
    assert woken == [1]
    async with database.begin() as session:
        (event,) = await rows.claim(session, TEAM, "me", clock(), clock() + 30, 10)
    assert event.body == b"one"


async def test_many_at_once_are_each_told_whether_they_were_new(database: Database, clock: Clock) -> None:
    inbox = Inbox(database, TEAM, clock, lambda: None)
    await inbox.receive("evt_0", "t", 0.0, b"")
    ids = [f"evt_{number % 300}" for number in range(600)]
    answers = await asyncio.gather(*[inbox.receive(id, "t", 0.0, b"x") for id in ids])
    assert sum(answers) == 299
    async with database.begin() as session:
        assert len(await rows.claim(session, TEAM, "me", clock(), clock() + 30, 1000)) == 300


async def test_workspaces_don_t_share_events(database: Database, clock: Clock) -> None:
    for team in ("T1", "T2"):
        assert await Inbox(database, team, clock, lambda: None).receive("evt_1", "t", 0.0, b"")


async def test_a_database_that_can_t_be_written_is_said_to_each_who_waits(
    clock: Clock, empty_database_url: str
) -> None:
    database = Database(empty_database_url)
    inbox = Inbox(database, TEAM, clock, lambda: None)
    waiting = [inbox.receive(f"evt_{number}", "t", 0.0, b"") for number in range(3)]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [InboxUnavailable] * 3
    await inbox.settle()
    await database.close()


async def test_a_connection_that_was_cut_costs_nothing(database_url: str, database: Database, clock: Clock) -> None:
    inbox = Inbox(database, TEAM, clock, lambda: None)
    assert await inbox.receive("evt_1", "t", 0.0, b"")
    if database.dialect == "postgresql":
        await cut_connections(database_url)
    assert await inbox.receive("evt_2", "t", 0.0, b"")


async def test_who_has_waited_long_enough_is_refused_and_the_event_is_stored_all_the_same(
    database: Database, clock: Clock
) -> None:
    inbox = Inbox(database, TEAM, clock, lambda: None, patience=0.01)
    async with database.begin() as locking:
        await locking.execute(text("LOCK stripe_event" if database.dialect == "postgresql" else "SELECT 1"))
        waiting = [inbox.receive(f"evt_{number}", "t", 0.0, b"x") for number in range(3)]
        results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [InboxUnavailable] * 3
    await inbox.settle()
    async with database.begin() as session:
        assert len(await rows.claim(session, TEAM, "me", clock(), clock() + 30, 10)) == 3


async def test_too_many_waiting_are_refused(database: Database, clock: Clock) -> None:
    inbox = Inbox(database, TEAM, clock, lambda: None, capacity=2)
    results = await asyncio.gather(
        *[inbox.receive(f"evt_{number}", "t", 0.0, b"") for number in range(5)], return_exceptions=True
    )
    assert [result for result in results if result is True] == [True, True]
    with pytest.raises(InboxUnavailable, match="Send it again"):
        raise next(result for result in results if isinstance(result, Exception))
