"""`python -m tests.bench.work`: a worker on the inbox alone. When stopped, it says how many events it has handled, and
when the first and the last of them ended."""

import asyncio
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
    stop, ends = stop_signal(), list[float]()
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
        running = asyncio.create_task(loop.run())
        log.info("working")
        await stop.wait()
        loop.stop()
        await running
    log.info("worked", events=len(ends), first=min(ends, default=0.0), last=max(ends, default=0.0))


if __name__ == "__main__":
    uvloop.run(main())
