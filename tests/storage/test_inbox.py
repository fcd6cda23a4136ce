"""The inbox's rows: each event once, each lease once."""

import asyncio

from storage import inbox
from storage.database import Database
from storage.inbox import Arrival
from storage.models import StripeEvent
from tests.databases import blocked

TEAM = "T1"


def arrivals(*ids: str) -> list[Arrival]:
    return [Arrival(id, "some.type", 10.0 + number, f"body of {id}".encode()) for number, id in enumerate(ids)]


async def test_events_are_stored_once(database: Database) -> None:
    assert await inbox.store(database, TEAM, [], 1.0) == set()
    assert await inbox.store(database, TEAM, arrivals("a", "b", "a"), 1.0) == {"a", "b"}
    assert await inbox.store(database, TEAM, arrivals("b", "c"), 2.0) == {"c"}
    assert await inbox.store(database, "T2", arrivals("a"), 2.0) == {"a"}


async def test_two_receivers_of_the_same_events_do_not_lock_each_other_out(database: Database) -> None:
    first, second = (
        StripeEvent(team_id=TEAM, id=id, type="t", created=1.0, body=b"", due_at=1.0, received_at=1.0) for id in "ab"
    )
    async with database.begin() as session:
        session.add(first)
        await session.flush()
        other = asyncio.create_task(inbox.store(database, TEAM, arrivals("b", "a"), 1.0))
        await blocked(database, other)
        session.add(second)
    assert await other == set()


async def test_of_an_event_that_comes_twice_at_once_the_first_is_kept(database: Database) -> None:
    twice = [Arrival("b", "t", 1.0, b""), Arrival("a", "t", 1.0, b"first"), Arrival("a", "t", 1.0, b"second")]
    await inbox.store(database, TEAM, twice, 1.0)
    async with database.begin() as session:
        claimed = await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
    assert {event.id: event.body for event in claimed} == {"a": b"first", "b": b""}


async def test_bodies_of_a_group_are_kept_to_the_byte(database: Database) -> None:
    bodies = [b"", b"one", b"\x00\xff'\n", "\u00e9\U0001f600".encode(), b"", bytes(range(256)) * 9]
    given = [Arrival(f"e{number}", "t\"'", 2.0**37 - 1, body) for number, body in enumerate(bodies)]
    await inbox.store(database, TEAM, given[:1], 1.25)
    await inbox.store(database, TEAM, given[1:], 1.25)
    async with database.begin() as session:
        claimed = await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
    assert [Arrival(one.id, one.type, one.created, one.body) for one in claimed] == given
    assert {one.received_at for one in claimed} == {1.25}


async def test_claims_are_leases_oldest_first(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    await inbox.store(database, TEAM, arrivals("c"), 0.5)
    async with database.begin() as session:
        first = await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 2)
        assert [event.id for event in first] == ["c", "a"]
        assert [event.id for event in await inbox.claim(session, TEAM, "w2", 5.0, 35.0, 9)] == ["b"]
        assert await inbox.claim(session, TEAM, "w3", 34.0, 60.0, 9) == []
        assert await inbox.next_due(session, TEAM) == 35.0
        again = await inbox.claim(session, TEAM, "w3", 35.0, 65.0, 9)
        assert [(event.id, event.attempts) for event in again] == [("c", 1), ("a", 1), ("b", 1)]


async def test_only_the_holder_finishes_or_postpones(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    async with database.begin() as session:
        await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
        assert await inbox.finish(session, TEAM, [("a", "w2")]) == set()
        await inbox.postpone(session, TEAM, "a", "w2", due_at=9.0, attempts=5, reason="no", dead=True)
        assert await inbox.dead(session, TEAM) == []
        assert await inbox.finish(session, TEAM, [("a", "w1"), ("b", "w1")]) == {("a", "w1"), ("b", "w1")}
        assert await inbox.finish(session, TEAM, [("a", "w1")]) == set()
        await inbox.postpone(session, TEAM, "a", "w1", due_at=9.0, attempts=5, reason="no", dead=False)
        await inbox.note(session, TEAM, ["a"], "ignored", "not ours")
        assert await inbox.next_due(session, TEAM) is None


async def test_only_the_latest_claim_of_an_event_holds(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    async with database.begin() as session:
        await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
        await inbox.claim(session, TEAM, "w2", 35.0, 65.0, 9)
        assert await inbox.finish(session, TEAM, [("a", "w1"), ("b", "w2")]) == {("b", "w2")}
        assert await inbox.finish(session, TEAM, [("a", "w1"), ("a", "w2")]) == {("a", "w2")}


async def test_only_the_holder_prolongs_a_lease(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    async with database.begin() as session:
        await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
        assert await inbox.keep(session, TEAM, [("a", "w2")], 99.0) == set()
        assert await inbox.keep(session, TEAM, [("a", "w1")], 65.0) == {("a", "w1")}
        assert [event.id for event in await inbox.claim(session, TEAM, "w2", 36.0, 66.0, 9)] == ["b"]
        assert await inbox.finish(session, TEAM, [("a", "w1")]) == {("a", "w1")}
        assert await inbox.keep(session, TEAM, [("a", "w1")], 99.0) == set()


async def test_what_is_given_back_is_due_at_once_and_counts_no_attempt(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    async with database.begin() as session:
        await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 1)
        await inbox.claim(session, TEAM, "w2", 5.0, 35.0, 1)
        await inbox.release(session, TEAM, {"w1"})
        claimed = await inbox.claim(session, TEAM, "w3", 5.0, 35.0, 9)
        assert [(event.id, event.attempts) for event in claimed] == [("a", 0)]


async def test_workers_at_the_same_time_get_different_events(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals(*[f"e{number}" for number in range(40)]), 1.0)

    async def claim(owner: str) -> list[str]:
        async with database.begin() as session:
            return [event.id for event in await inbox.claim(session, TEAM, owner, 5.0, 35.0, 10)]

    taken = [id for ids in await asyncio.gather(*[claim(f"w{number}") for number in range(4)]) for id in ids]
    assert len(taken) == len(set(taken)) == 40


async def test_the_dead_can_be_listed_and_tried_again(database: Database) -> None:
    await inbox.store(database, TEAM, arrivals("a", "b"), 1.0)
    async with database.begin() as session:
        await inbox.claim(session, TEAM, "w1", 5.0, 35.0, 9)
        for number, id in enumerate("ab"):
            await inbox.postpone(
                session, TEAM, id, "w1", due_at=6.0 + number, attempts=12, reason=f"reason {id}", dead=True
            )
        assert [(event.id, event.reason) for event in await inbox.dead(session, TEAM, limit=1)] == [("b", "reason b")]
        assert await inbox.retry(session, TEAM, "a", 8.0)
        assert not await inbox.retry(session, TEAM, "a", 8.0)
        assert not await inbox.retry(session, "T2", "b", 8.0)
        (event,) = await inbox.claim(session, TEAM, "w2", 8.0, 38.0, 9)
        assert (event.id, event.attempts, event.reason) == ("a", 0, "")
