"""`python -m tests.bench.work`: a worker on the inbox alone, which begins when told to (SIGUSR1). When stopped, it says
how many events it has handled, when it began, and when the last of them ended."""

import asyncio
import signal
import time

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
    stop, go, ends = stop_signal(), asyncio.Event(), list[float]()
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, go.set)
    async with build(settings) as paylink:
        worker = InboxWorker(
            paylink.db,
            (await paylink.slack.auth())["team_id"],
            paylink.services.payments.prepare,
            paylink.clock,
            paylink.card_wake,
            observe=lambda _type, _outcome, _seconds: ends.append(time.time()),
        )
        loop = Loop(worker, paylink.event_wake, paylink.clock)
        log.info("ready")
        await go.wait()
        began = time.time()
        running = asyncio.create_task(loop.run())
        await stop.wait()
        loop.stop()
        await running
    log.info("worked", events=len(ends), began=began, last=max(ends, default=0.0))


if __name__ == "__main__":
    uvloop.run(main())
