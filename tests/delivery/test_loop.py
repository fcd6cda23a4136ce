"""A loop works while there is work, rests until there is, outlives failures and stops cleanly."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.delivery.loop import Loop, Wake
from tests.conftest import Clock


class Pile:
    """A worker that takes one thing at a time."""

    def __init__(self) -> None:
        self.left = 0
        self.done = 0
        self.failures = 0
        self.due: float | None = None
        self.stopped = False
        self.stop_fails = False
        self.changed = asyncio.Event()

    async def advance(self) -> int:
        if self.failures:
            self.failures -= 1
            raise OSError("database is away")
        if not self.left:
            return 0
        self.left -= 1
        self.done += 1
        self.changed.set()
        return 1

    async def next_due(self) -> float | None:
        return self.due

    async def stop(self) -> None:
        self.stopped = True
        if self.stop_fails:
            raise OSError("database is away")

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                self.changed.clear()
                await self.changed.wait()


@asynccontextmanager
async def running(pile: Pile, wake: Wake, clock: Clock) -> AsyncIterator[None]:
    loop = Loop(pile, wake, clock)
    task = asyncio.create_task(loop.run())
    yield
    loop.stop()
    await task


async def test_it_works_while_there_is_work_and_when_woken(clock: Clock) -> None:
    pile, wake = Pile(), Wake()
    pile.left = 3
    async with running(pile, wake, clock):
        await pile.until(lambda: pile.done == 3)
        pile.left = 2
        wake()
        await pile.until(lambda: pile.done == 5)
    assert pile.stopped


async def test_a_worker_that_can_t_give_back_is_stopped_all_the_same(clock: Clock) -> None:
    pile = Pile()
    pile.stop_fails = True
    async with running(pile, Wake(), clock):
        await asyncio.sleep(0)
    assert pile.stopped


async def test_it_finds_by_itself_what_other_processes_left(clock: Clock) -> None:
    pile = Pile()
    async with running(pile, Wake(), clock):
        await asyncio.sleep(0)
        pile.left = 1
        await pile.until(lambda: pile.done == 1)


async def test_it_outlives_failures(clock: Clock) -> None:
    pile = Pile()
    pile.left, pile.failures = 1, 3
    async with running(pile, Wake(), clock):
        await pile.until(lambda: pile.done == 1)
    assert pile.failures == 0


async def test_something_overdue_that_can_t_be_taken_is_not_asked_for_without_end(clock: Clock) -> None:
    pile = Pile()
    pile.due = clock() - 100
    async with running(pile, Wake(), clock):
        for _ in range(5):
            await asyncio.sleep(0)
        pile.left = 1
        await pile.until(lambda: pile.done == 1)


async def test_a_call_between_looking_and_resting_is_not_missed() -> None:
    wake = Wake()
    seen = wake.calls
    wake()
    await asyncio.wait_for(wake.wait(seen, 3600), timeout=5)


async def test_one_call_wakes_everyone() -> None:
    wake = Wake()
    resting = [asyncio.create_task(wake.wait(wake.calls, 3600)) for _ in range(3)]
    await asyncio.sleep(0)
    wake()
    wake()
    async with asyncio.timeout(5):
        await asyncio.gather(*resting)
