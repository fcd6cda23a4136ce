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

    def __init__(
        self,
        write: Write[Item, Result],
        *,
        largest: int = 256,
        capacity: int = 10_000,
        patience: float | None = None,
    ) -> None:
        """A group has at most `largest` items; at most `capacity` items wait, each for at most `patience` seconds, or,
        without it, for as long as it takes."""
        self._write = write
        self._patience = patience
        self._largest = largest
        self._capacity = capacity
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Returns once the item is written.

        Raises Overloaded, without waiting, when too many wait, and TimeoutError when the patience is at an end. When
        this is cancelled or times out, the item is written nevertheless.
        """
        if len(self._waiting) >= self._capacity:
            raise Overloaded
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        if self._patience is None:
            return await future
        # A bare timer: `asyncio.timeout` costs several times as much, and this is paid for every item.
        timer = loop.call_later(self._patience, _give_up, future)
        try:
            return await future
        finally:
            timer.cancel()

    async def settle(self) -> None:
        """Waits until nothing waits to be written."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                # Whoever else comes in this turn of the loop joins: larger groups, and fewer of them.
                await asyncio.sleep(0)
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


def _give_up(future: "asyncio.Future[Result]") -> None:
    if not future.done():
        future.set_exception(TimeoutError())
