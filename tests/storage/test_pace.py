"""Turns: one holder at a time, across all workers."""

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import pace
from storage.database import Database
from storage.pace import Turn

TEAM = "T1"
C1, C2 = pace.post_scope("C1"), pace.post_scope("C2")


async def test_a_turn_has_one_holder_until_it_is_given_back(database: Database) -> None:
    async with database.begin() as session:
        assert await pace.take(session, TEAM, [C1, C2], "a", 0.0, 30.0) == {C1, C2}
        assert await pace.take(session, TEAM, [C1, pace.update_scope("C1")], "b", 1.0, 31.0) == {"update:C1"}
        await pace.give_back(session, TEAM, [Turn(C1, "b")], 0.0)
        assert await pace.take(session, TEAM, [C1], "b", 1.0, 31.0) == set()
        await pace.give_back(session, TEAM, [Turn(C1, "a")], 2.0)
        assert await pace.take(session, TEAM, [C1], "b", 1.9, 31.0) == set()
        assert await pace.take(session, TEAM, [C1], "b", 2.0, 32.0) == {C1}


async def test_a_lease_that_ran_out_frees_the_turn(database: Database) -> None:
    async with database.begin() as session:
        await pace.take(session, TEAM, [C1], "a", 0.0, 30.0)
        assert await pace.take(session, TEAM, [C1], "b", 29.0, 60.0) == set()
        assert await pace.take(session, TEAM, [C1], "b", 30.0, 60.0) == {C1}


async def test_giving_back_never_shortens_a_wait(database: Database) -> None:
    async with database.begin() as session:
        await pace.take(session, TEAM, [C1], "a", 0.0, 30.0)
        await pace.hold_off(session, TEAM, C1, 100.0)
        await pace.give_back(session, TEAM, [Turn(C1, "a")], 5.0)
        await pace.hold_off(session, TEAM, C1, 50.0)
        assert await held_until(session, C1) == 100.0
        assert await held_until(session, C2) is None


async def test_workspaces_have_their_own_turns(database: Database) -> None:
    async with database.begin() as session:
        assert await pace.take(session, "T1", [C1], "a", 0.0, 30.0) == {C1}
        assert await pace.take(session, "T2", [C1], "b", 0.0, 30.0) == {C1}
        assert await pace.take(session, "T2", [], "b", 0.0, 30.0) == set()


async def test_of_many_who_reach_for_it_one_gets_it(database: Database) -> None:
    async def reach(owner: str) -> set[str]:
        async with database.begin() as session:
            return await pace.take(session, TEAM, [C1, C2], owner, 0.0, 30.0)

    taken = await asyncio.gather(*[reach(f"worker {number}") for number in range(8)])
    assert sorted(scope for scopes in taken for scope in scopes) == [C1, C2]


async def held_until(session: AsyncSession, scope: str) -> float | None:
    found: float | None = (await session.execute(select(pace.held(TEAM, scope)))).scalar()
    return found
