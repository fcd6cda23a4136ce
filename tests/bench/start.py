"""Starting, and the memory it takes."""

import asyncio
import time
from pathlib import Path

from tests.bench import databases, inbox
from tests.bench.figures import Figure, Row
from tests.bench.place import place
from tests.bench.processes import program
from tests.bench.scale import Scale


async def measure(scale: Scale) -> list[Row]:
    """Four rows: start to ready, memory idle, and how much it grows by events."""
    app, bolt, idle, bare = [], [], [], []
    async with place() as here:
        for _ in range(scale.rounds):
            async with databases.migrated("sqlite", scale.folder) as url:
                took, memory = await _started(scale, "bot", "serve", settings=here.settings(url))
                app.append(took)
                idle.append(memory)
            took, memory = await _started(scale, "tests.bench.floors.ack_bolt", "secret")
            bolt.append(took)
            bare.append(memory)
    ready, peer = Figure(tuple(app), "s"), Figure(tuple(bolt), "s")
    memory_idle, memory_bare = Figure(tuple(idle), "MB"), Figure(tuple(bare), "MB")
    return [
        Row("start to ready", ready, at_most=2.5, note=f"with a migrated SQLite; a bare Bolt app: {peer}"),
        Row("resident memory, idle", memory_idle, at_most=120, note=f"a bare Bolt app: {memory_bare}"),
        await _growth(scale),
    ]


async def _started(
    scale: Scale, module: str, *arguments: str, settings: dict[str, object] | None = None
) -> tuple[float, float]:
    """Seconds from starting the process until it listens, and MB it holds a little later."""
    began = time.perf_counter()
    async with program(module, *arguments, settings=settings) as running:
        await running.url()
        took = time.perf_counter() - began
        await asyncio.sleep(scale.settling)
        return took, resident(running.pid)


async def _growth(scale: Scale) -> Row:
    """Memory after a first part of the events beside memory after all of them."""
    tenth = scale.remembered_events // 10
    async with (
        place() as here,
        databases.migrated("sqlite", scale.folder) as url,
        program("bot", "serve", settings=here.settings(url)) as running,
    ):
        await running.url()
        await inbox.fill(here, url, tenth)
        await inbox.empty(here, url)
        early = resident(running.pid)
        for start in range(tenth, scale.remembered_events, tenth):
            await inbox.fill(here, url, start + tenth, start)  # the app empties it meanwhile
        await inbox.empty(here, url)
        late = resident(running.pid)
    note = f"{late:.0f} MB after {scale.remembered_events:,} events, {early:.0f} MB after a tenth of them"
    return Row("resident memory, growth by events", Figure(((late / early - 1) * 100,), "%"), at_most=10, note=note)


def resident(pid: int) -> float:
    """The memory of a process that isn't swapped out, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
