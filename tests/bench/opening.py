"""From `/paylink` to the request that opens the modal, at twenty commands a second."""

import asyncio
import time

from tests.bench import databases
from tests.bench.figures import Figure, Row, percentile
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.running.process import PATIENCE

PER_SECOND = 20


async def measure(scale: Scale) -> list[Row]:
    """Two rows: p50 and p99."""
    async with (
        place() as here,
        databases.migrated("sqlite", scale.folder) as url,
        program("bot", "serve", settings=here.settings(url)) as app,
    ):
        here.sandbox.connect(await app.url())
        await _commands(here, 2)
        rounds = [await _commands(here, scale.commands) for _ in range(scale.rounds)]
    p50, p99 = (Figure(tuple(percentile(one, share) for one in rounds), "ms") for share in (0.5, 0.99))
    how = f"{scale.commands} commands a round, {PER_SECOND}/s, SQLite; measured where Slack (the sandbox) stands"
    return [
        Row("/paylink to views.open: p50", p50, at_most=10, note=how),
        Row("/paylink to views.open: p99", p99, at_most=40),
    ]


async def _commands(here: Place, count: int) -> list[float]:
    """Milliseconds from each command's leaving Slack to its `views.open` arriving there."""
    slack, ada = here.sandbox.slack, here.sandbox.slack.person("ada")
    before, earlier = len(slack.line.sent), len(slack.calls)
    typed: list[float] = []
    started = asyncio.get_running_loop().time()
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - asyncio.get_running_loop().time()))
            typed.append(time.time())
            group.create_task(ada.command("/paylink", "sales"))

    def opened() -> dict[str, float]:
        calls = [call for call in slack.calls[earlier:] if call.method == "views.open" and call.error is None]
        return {call.args["trigger_id"]: call.at for call in calls}

    await slack.until(lambda: len(opened()) >= count, PATIENCE)
    triggers = [sent.payload["trigger_id"] for sent in slack.line.sent[before:] if sent.kind == "slash_commands"]
    return [(opened()[trigger] - at) * 1000 for trigger, at in zip(triggers, typed, strict=True)]
