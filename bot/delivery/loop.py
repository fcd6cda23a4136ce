"""What keeps a worker going: do what is due, rest until something is, stop when told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import structlog

from bot.delivery.attempts import origin_of, pause_after

log = structlog.get_logger()

POLL_SECONDS = 0.5
"""How long other processes' work may go unnoticed when no word of it comes (see `bot.delivery.neighbours`)."""

SHORTEST_REST = 0.01
"""So that something due, which another worker is just taking, isn't asked for without end."""

BUSY_REST = 0.05
"""After something was begun: time for it to get ahead before the database is asked for more."""


class Wake:
    """Tells resting loops of this process that there is something to do. Any number of loops may share one."""

    def __init__(self) -> None:
        self._calls = 0
        self._resting: set[asyncio.Future[None]] = set()

    def __call__(self) -> None:
        """Wakes everyone, and whoever is about to rest."""
        self._calls += 1
        for future in self._resting:
            if not future.done():
                future.set_result(None)

    @property
    def calls(self) -> int:
        """How often it was called: what `wait` compares with."""
        return self._calls

    async def wait(self, seen: int, seconds: float) -> None:
        """Rests until a call after the `seen`th, at most `seconds`."""
        if self._calls != seen:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._resting.add(future)
        try:
            await asyncio.wait([future], timeout=seconds)
        finally:
            self._resting.discard(future)


class Worker(Protocol):
    """What a loop drives."""

    async def advance(self) -> int:
        """Begins what is due now, as much as there is room for (waiting for some), and answers how much it began."""
        ...

    async def next_due(self) -> float | None:
        """The moment when something will be due; None when nothing waits."""
        ...

    async def stop(self) -> None:
        """Finishes what is in hand, or gives it back; whatever it can't, comes back by its lease."""
        ...


class Loop:
    """Runs a worker until `stop`; a failing worker is tried again, never given up."""

    def __init__(self, worker: Worker, wake: Wake, clock: Callable[[], float], poll: float = POLL_SECONDS) -> None:
        """Unasked, the worker is looked after every `poll` seconds at least."""
        self._worker = worker
        self._wake = wake
        self._clock = clock
        self._poll = poll
        self._stopping = False

    async def run(self) -> None:
        """Returns after `stop`, when the worker has let go of everything."""
        failures = 0
        while not self._stopping:
            seen = self._wake.calls
            try:
                rest = BUSY_REST if await self._worker.advance() else await self._rest()
                failures = 0
            except Exception as error:
                failures += 1
                log.error("worker failed", worker=type(self._worker).__name__, failures=failures, **origin_of(error))
                rest = pause_after(failures)
            if not self._stopping:
                await self._wake.wait(seen, rest)
        try:
            await self._worker.stop()
        except Exception as error:
            log.error("work in hand was left to its lease", worker=type(self._worker).__name__, **origin_of(error))

    def stop(self) -> None:
        """Asks `run` to return."""
        self._stopping = True
        self._wake()

    async def _rest(self) -> float:
        due = await self._worker.next_due()
        return self._poll if due is None else min(self._poll, max(SHORTEST_REST, due - self._clock()))


@asynccontextmanager
async def running(*loops: Loop) -> AsyncIterator[None]:
    """Runs loops while the block does; it is left when they have returned."""
    tasks = [asyncio.create_task(loop.run()) for loop in loops]
    try:
        yield
    finally:
        for loop in loops:
            loop.stop()
        await asyncio.gather(*tasks)
