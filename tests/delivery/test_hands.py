"""A bounded number of tasks, finished or let go."""

import asyncio

from bot.delivery.hands import Hands


async def test_room_is_waited_for() -> None:
    hands, gate = Hands(2), asyncio.Event()

    async def work() -> None:
        await gate.wait()

    hands.begin(work(), "a")
    assert await hands.room() == 1
    hands.begin(work(), "b")
    waiting = asyncio.create_task(hands.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    gate.set()
    assert await waiting >= 1
    await hands.settle()
    assert await hands.room() == 2


async def test_what_doesn_t_finish_in_time_is_stopped_and_named() -> None:
    hands, ended = Hands(5), []

    async def work(name: str, forever: bool) -> None:
        try:
            if forever:
                await asyncio.Event().wait()
        finally:
            ended.append(name)

    assert await hands.let_go(0.0) == set()
    hands.begin(work("slow", True), "a")
    hands.begin(work("quick", False), "b")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await hands.let_go(0.0) == {"a"}
    assert sorted(ended) == ["quick", "slow"]


async def test_a_failure_ends_its_own_task_alone() -> None:
    hands = Hands(5)

    async def fail() -> None:
        raise OSError("database is away")

    hands.begin(fail(), "a")
    await hands.settle()
    assert await hands.room() == 5
