"""How fast workers empty the inbox."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.payments.events import facts
from bot.payments.sessions import SessionFact
from storage import backlog, inbox, links
from storage.backlog import Backlog
from storage.database import Database
from storage.inbox import Arrival
from storage.models import Payment
from tests.bench import databases
from tests.bench.figures import Figure, Row
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.bench.stripe_events import Json, copies
from tests.running.process import PATIENCE
from tests.storage.rows import link as link_row

Queue = Callable[[AsyncSession, str], Awaitable[Backlog]]

AT_LEAST = {"sqlite": 1_000, "postgresql": 800}
_LINKS = 100
_BATCH = 200


async def measure(scale: Scale) -> list[Row]:
    """A row for each database with one worker."""
    found = []
    for kind in scale.kinds:
        rate = Figure(tuple([await _round(kind, 1, scale) for _ in range(scale.rounds)]), "events/s")
        how = f"{scale.events:,} bank debits that settle, over {_LINKS} links, their first events handled before"
        found.append(Row(f"inbox, one worker, {kind}", rate, at_least=AT_LEAST[kind], note=how))
    return found


async def measure_two(scale: Scale) -> list[Row]:
    """A row: two workers beside one, on PostgreSQL."""
    one, two = [], []
    for _ in range(scale.rounds):
        one.append(await _round("postgresql", 1, scale))
        two.append(await _round("postgresql", 2, scale))
    alone, both = Figure(tuple(one), "events/s"), Figure(tuple(two), "events/s")
    how = f"{both} to {alone}; PostgreSQL has no core of its own here"
    return [Row("inbox, two workers to one, postgresql", both.over(alone), at_least=1.6, note=how)]


async def _round(kind: str, workers: int, scale: Scale) -> float:
    """Events per second, from when the first worker began to the end of the last event."""
    async with place() as here, databases.migrated(kind, scale.folder) as url, AsyncExitStack() as stack:
        await fill(here, url, scale.events)
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
    seconds = max(end["last"] for end in ends) - min(end["began"] for end in ends)
    return float(sum(end["events"] for end in ends) / seconds)


async def fill(here: Place, url: str, count: int, start: int = 0) -> None:
    """Payments on their way, and for each the event that says it has arrived: from the `start`th to the `count`th."""
    event = await here.paid(await here.link())
    event["type"], own = "checkout.session.async_payment_succeeded", event["data"]["object"]["payment_link"]
    database, now = Database(url), time.time()
    async with database.begin() as session:
        for number in range(_LINKS if start == 0 else 0):
            await links.add(
                session,
                link_row(team_id=here.team_id, id=_link(number), name=f"Link {number}", channel_id=f"C9{number:08d}"),
            )
    arrivals: list[Arrival] = []
    for number, (id, body) in enumerate(copies(event, count, start)):
        written = body.replace(own.encode(), _link(number % _LINKS).encode())
        arrivals.append(Arrival(id, event["type"], now - 60, written))
    for first in range(0, len(arrivals), _BATCH):
        group = arrivals[first : first + _BATCH]
        async with database.begin() as session:
            session.add_all(_on_its_way(here.team_id, json.loads(arrival.body), now - 60) for arrival in group)
            await inbox.store(await session.connection(), here.team_id, group, now)
    await database.close()


def _link(number: int) -> str:
    return f"plink_bench{number:06d}"


def _on_its_way(team_id: str, event: Json, at: float) -> Payment:
    fact = facts(event)
    assert isinstance(fact, SessionFact)
    item = {"description": "Consulting", "quantity": 1, "amount_total": 15000}
    data = fact.payment.model_dump(mode="json") | {"status": "processing", "read": "paid", "items": [item]}
    row: dict[str, Any] = {key: data[key] for key in ("id", "link_id", "status", "amount_total", "currency")}
    return Payment(team_id=team_id, data=data, version=1, created_at=at, updated_at=at, **row)


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
