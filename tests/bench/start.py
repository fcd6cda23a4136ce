"""Starting, and the memory it takes."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import aiohttp

from storage import backlog
from storage.database import Database
from storage.inbox import Arrival
from tests.bench import databases
from tests.bench.figures import Figure, Row
from tests.bench.happenings import LINKS, check, debits, hold, sell
from tests.bench.inbox import empty
from tests.bench.load import LoadFailed
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.bench.stripe_events import signed
from tests.running.process import PATIENCE, Running

CONNECTIONS = 32


async def measure(scale: Scale) -> list[Row]:
    """Start to ready, and memory: idle, after very many events, and by how much these make it grow."""
    app, bolt, idle, bare = [], [], [], []
    async with place() as here:
        for _ in range(scale.rounds):
            async with databases.migrated("sqlite", scale.folder) as url:
                began = time.perf_counter()
                async with program("bot", "serve", settings=here.settings(url)) as running:
                    await _ready(running)
                    app.append(time.perf_counter() - began)
                    idle.append(await _idle(running, scale))
            began = time.perf_counter()
            async with program("tests.bench.floors.ack_bolt", "secret") as running:
                await running.url()
                bolt.append(time.perf_counter() - began)
                bare.append(await _idle(running, scale))
    ready, peer = Figure(tuple(app), "s"), Figure(tuple(bolt), "s")
    memory_idle, memory_bare = Figure(tuple(idle), "MB"), Figure(tuple(bare), "MB")
    how = f"until `/readyz` answers 200, with a migrated SQLite; a bare Bolt app until it listens: {peer}"
    return [
        Row("start to ready", ready, at_most=2.5, note=how),
        Row("resident memory, idle", memory_idle, at_most=120, note=f"a bare Bolt app: {memory_bare}"),
        *await _after_events(scale),
    ]


async def _ready(running: Running) -> str:
    """Its address, once it says of itself that it can do its work."""
    address = await running.url()
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession(address) as http:
        while True:
            async with http.get("/readyz") as answer:
                if answer.status == 200:
                    return address
            await asyncio.sleep(0.01)


async def _idle(running: Running, scale: Scale) -> float:
    """MB a little after the start."""
    await asyncio.sleep(scale.settling)
    return resident(running.pid)


async def _after_events(scale: Scale) -> list[Row]:
    """Memory once all events are handled and all that they have to say was said, and beside memory before them."""
    count, tenth = scale.remembered_events, scale.remembered_events // 10
    async with (
        place() as here,
        databases.migrated("sqlite", scale.folder) as url,
        program("bot", "serve", settings=here.settings(url)) as running,
    ):
        address, database = await _ready(running), Database(url)
        idle = await _idle(running, scale)
        await sell(here, database)
        happening, sizes = await debits(here), list[float]()
        for start in range(0, count, tenth):
            arrivals = await hold(here, database, happening, range(start, start + tenth))
            await _send(here, f"{address}/stripe/webhook", arrivals)
            await empty(here, url)
            sizes.append(resident(running.pid))
        posts = await _posts(here, url, database)
        late = resident(running.pid)
        await check(database, happening, count)
        await database.close()
    how = (
        f"{count:,} bank debits that settle, by the webhook, over {LINKS} links; Stripe (the sandbox) asked for each,"
        f" {posts:,} messages posted; one round"
    )
    grown = f"{late:.0f} MB from {idle:.0f} MB; from a tenth of the events on {_growth(sizes[0], late):.1f} %"
    return [
        Row("resident memory, after events", Figure((late,), "MB"), at_most=120, note=how),
        Row("resident memory, growth by events", Figure((_growth(idle, late),), "%"), at_most=10, note=grown),
    ]


async def _send(here: Place, webhook: str, arrivals: Sequence[Arrival]) -> None:
    left = iter(arrivals)
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_send_in_turn(here, http, webhook, left))


async def _send_in_turn(here: Place, http: aiohttp.ClientSession, webhook: str, left: Iterator[Arrival]) -> None:
    for arrival in left:
        async with asyncio.timeout(PATIENCE):
            while not await _is_accepted(here, http, webhook, arrival.body):
                pass


async def _is_accepted(here: Place, http: aiohttp.ClientSession, webhook: str, body: bytes) -> bool:
    """False when it is to be sent again, as Stripe does: the app has waited for its database for too long."""
    async with http.post(webhook, data=body, headers=signed(here.webhook_secret, body, time.time())) as answer:
        if answer.status != 503:
            answer.raise_for_status()
        return answer.status != 503


async def _posts(here: Place, url: str, database: Database) -> int:
    """How many messages were posted, once none is wanted any more; raises LoadFailed if one was given up."""
    await empty(here, url, (backlog.cards,))
    async with database.read() as session:
        dead = (await backlog.cards(session, here.team_id)).counts["dead"]
    if dead:
        raise LoadFailed(f"{dead} messages were given up")
    return sum(call.method == "chat.postMessage" and call.error is None for call in here.sandbox.slack.calls)


def _growth(before: float, after: float) -> float:
    return (after / before - 1) * 100


def resident(pid: int) -> float:
    """The memory of a process that isn't swapped out, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
