"""`python -m tests.bench.work`: a worker on the inbox alone, which begins when told to (SIGUSR1). When stopped, it says
how its events have ended, when it began, and when the last of them ended."""

import asyncio
import signal
import time
from collections import Counter

import structlog
import uvloop

from bot import logs
from bot.app import build
from bot.cli import stop_signal
from bot.config import from_environment
from bot.delivery.inbox_worker import InboxWorker
from bot.delivery.loop import Loop

log = structlog.get_logger()


async def main() -> None:
    settings = from_environment()
    logs.configure(settings.log_level, settings.log_format)
    stop, go = stop_signal(), asyncio.Event()
    outcomes, last = Counter[str](), 0.0

    def observe(_type: str, outcome: str, _seconds: float) -> None:
        nonlocal last
        outcomes[outcome] += 1
        last = time.time()

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, go.set)
    async with build(settings) as paylink:
        worker = InboxWorker(
            paylink.db,
            (await paylink.slack.auth())["team_id"],
            paylink.services.payments.prepare,
            paylink.clock,
            paylink.card_wake,
            observe=observe,
        )
        loop = Loop(worker, paylink.event_wake, paylink.clock)
        log.info("ready")
        await go.wait()
        began = time.time()
        running = asyncio.create_task(loop.run())
        await stop.wait()
        loop.stop()
        await running
    log.info("worked", outcomes=outcomes, began=began, last=last)


if __name__ == "__main__":
    uvloop.run(main())
