"""How fast workers empty the inbox."""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage import backlog
from storage.backlog import Backlog
from storage.database import Database
from tests.bench import databases
from tests.bench.figures import Figure, Row
from tests.bench.happenings import LINKS, Happening, check, debits, fill, refunds, sell
from tests.bench.load import LoadFailed
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.running.process import PATIENCE

Queue = Callable[[AsyncSession, str], Awaitable[Backlog]]
Happens = Callable[[Place], Awaitable[Happening]]

AT_LEAST = {"sqlite": 1_000, "postgresql": 800}
WHAT: Mapping[str, tuple[Happens, str]] = {
    "refunds": (refunds, "full refunds of payments held; Stripe isn't asked"),
    "bank debits that settle": (debits, "Stripe (the sandbox, on the same cores) is asked for each"),
}


async def measure(scale: Scale) -> list[Row]:
    """Two rows for each database with one worker: of events that say all, and of such that Stripe is asked about."""
    found = []
    for kind in scale.kinds:
        for what, (happens, how) in WHAT.items():
            rates = [await _round(kind, 1, happens, scale) for _ in range(scale.rounds)]
            note = f"{scale.events:,} over {LINKS} links; {how}"
            found.append(
                Row(
                    f"inbox, one worker, {what}, {kind}",
                    Figure(tuple(rates), "events/s"),
                    at_least=AT_LEAST[kind],
                    note=note,
                )
            )
    return found


async def measure_two(scale: Scale) -> list[Row]:
    """A row: two workers beside one, on PostgreSQL."""
    one, two = [], []
    for _ in range(scale.rounds):
        one.append(await _round("postgresql", 1, refunds, scale))
        two.append(await _round("postgresql", 2, refunds, scale))
    alone, both = Figure(tuple(one), "events/s"), Figure(tuple(two), "events/s")
    how = f"{both} to {alone}; refunds; PostgreSQL has no core of its own here"
    return [Row("inbox, two workers to one, postgresql", both.over(alone), at_least=1.6, note=how)]


async def _round(kind: str, workers: int, happens: Happens, scale: Scale) -> float:
    """Events per second, from when the first worker began to the end of the last event; raises LoadFailed unless every
    event was handled at once and has done what it must."""
    async with place() as here, databases.migrated(kind, scale.folder) as url, AsyncExitStack() as stack:
        happening, database = await happens(here), Database(url)
        stack.push_async_callback(database.close)
        await sell(here, database)
        await fill(here, database, happening, scale.events)
        settings = here.settings(url)
        starting = [program("tests.bench.work", settings=settings) for _ in range(workers)]
        running = [await stack.enter_async_context(one) for one in starting]
        for worker in running:
            await worker.logged("ready")
        for worker in running:
            os.kill(worker.pid, signal.SIGUSR1)
        await empty(here, url)
        ends = []
        for worker in running:
            await worker.stop()
            ends.append(await worker.logged("worked"))
        await check(database, happening, scale.events)
    return rate(ends, scale.events)


def rate(ends: Sequence[Mapping[str, Any]], count: int) -> float:
    """Events per second by what the workers said at their ends; raises LoadFailed unless all were done, and nothing
    else."""
    outcomes = sum((Counter[str](end["outcomes"]) for end in ends), Counter[str]())
    if outcomes != {"done": count}:
        raise LoadFailed(f"{count} events ended so: {dict(outcomes)}")
    return float(count / (max(end["last"] for end in ends) - min(end["began"] for end in ends)))


async def empty(here: Place, url: str, queues: Sequence[Queue] = (backlog.events,)) -> None:
    """Returns once nothing waits in any of these queues; the inbox, if none are named."""
    database = Database(url)
    try:
        async with asyncio.timeout(10 * PATIENCE):
            while True:
                async with database.read() as session:
                    if not any([(await queue(session, here.team_id)).waiting for queue in queues]):
                        return
                await asyncio.sleep(0.25)
    finally:
        await database.close()
