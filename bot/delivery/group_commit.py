"""Group commit: whoever waits is written together, in one transaction."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Write = Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]
"""Writes items durably and answers one result for each, in order."""


class Overloaded(Exception):
    """Too many are waiting already."""


class GroupCommit(Generic[Item, Result]):
    """Collects items while a write is under way and hands them to the next one.

    There is never more than one write at a time. When a write raises, so does the `submit` of each of its items.
    """

    def __init__(self, write: Write[Item, Result], *, largest: int = 256, capacity: int = 10_000) -> None:
        """A group has at most `largest` items; at most `capacity` items wait."""
        self._write = write
        self._largest = largest
        self._capacity = capacity
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Returns once the item is written. Raises Overloaded, without waiting, when too many wait.

        When this is cancelled, the item is written nevertheless.
        """
        if len(self._waiting) >= self._capacity:
            raise Overloaded
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return await future

    async def settle(self) -> None:
        """Waits until nothing waits to be written."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                size = min(len(self._waiting), self._largest)
                await self._write_group([self._waiting.popleft() for _ in range(size)])
        finally:
            self._writer = None

    async def _write_group(self, group: Sequence[tuple[Item, "asyncio.Future[Result]"]]) -> None:
        try:
            results = await self._write([item for item, _ in group])
        except Exception as error:
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(group, results, strict=True):
            if not future.done():
                future.set_result(result)
