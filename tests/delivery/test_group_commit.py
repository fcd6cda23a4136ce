"""Those who wait are written together; who fails, fails together."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.delivery.group_commit import GroupCommit, Overloaded


class Disk:
    """Writes when it is let to."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()

    async def write(self, items: Sequence[int]) -> list[int]:
        self.groups.append(list(items))
        self.begun.set()
        await self.gate.wait()
        if -1 in items:
            raise OSError("disk full")
        return [item * 10 for item in items]


async def test_whoever_comes_during_a_write_shares_the_next() -> None:
    disk = Disk()
    commits = GroupCommit(disk.write, largest=3)
    first = asyncio.create_task(commits.submit(1))
    await disk.begun.wait()
    rest = [asyncio.create_task(commits.submit(item)) for item in (2, 3, 4, 5)]
    await asyncio.sleep(0)
    disk.gate.set()
    assert await asyncio.gather(first, *rest) == [10, 20, 30, 40, 50]
    assert disk.groups == [[1], [2, 3, 4], [5]]
    await commits.settle()
    assert await commits.submit(6) == 60


async def test_so_does_whoever_comes_as_soon_as_it_is_done() -> None:
    disk = Disk()
    commits = GroupCommit(disk.write)

    async def one_after_the_other(*items: int) -> None:
        for item in items:
            await commits.submit(item)

    first = asyncio.create_task(one_after_the_other(1, 3))
    await disk.begun.wait()
    second = asyncio.create_task(commits.submit(2))
    await asyncio.sleep(0)
    disk.gate.set()
    await asyncio.gather(first, second)
    assert disk.groups == [[1], [2, 3]]


async def test_a_failed_write_is_everyone_s_in_the_group_and_nobody_else_s() -> None:
    disk = Disk()
    disk.gate.set()
    commits = GroupCommit(disk.write, largest=2)
    results = await asyncio.gather(*[commits.submit(item) for item in (-1, 2, 3)], return_exceptions=True)
    assert [type(result) for result in results] == [OSError, OSError, int]


async def test_too_many_are_refused_at_once() -> None:
    disk = Disk()
    commits = GroupCommit(disk.write, capacity=2)
    waiting = [asyncio.create_task(commits.submit(item)) for item in (1, 2)]
    await asyncio.sleep(0)
    with pytest.raises(Overloaded):
        await commits.submit(3)
    disk.gate.set()
    assert await asyncio.gather(*waiting) == [10, 20]


async def test_one_who_went_away_harms_nobody() -> None:
    disk = Disk()
    commits = GroupCommit(disk.write)
    gone = asyncio.create_task(commits.submit(1))
    stays = asyncio.create_task(commits.submit(2))
    await disk.begun.wait()
    gone.cancel()
    await asyncio.sleep(0)
    disk.gate.set()
    assert await stays == 20


async def test_who_has_waited_long_enough_is_told_so_and_the_item_is_written_all_the_same() -> None:
    disk = Disk()
    commits = GroupCommit(disk.write, patience=0)
    results = await asyncio.gather(*[commits.submit(item) for item in (1, 2)], return_exceptions=True)
    assert [type(result) for result in results] == [TimeoutError, TimeoutError]
    disk.gate.set()
    await commits.settle()
    assert sorted(item for group in disk.groups for item in group) == [1, 2]
