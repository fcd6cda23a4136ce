"""`paylink serve` on a clock that is ahead by so many seconds: `python later.py 120`."""

import asyncio
import sys
import time

import structlog

from bot import logs
from bot.app import build
from bot.cli import stop_signal
from bot.config import from_environment


async def main(ahead: float) -> None:
    settings = from_environment()
    logs.configure(settings.log_level, settings.log_format)
    stop = stop_signal()
    async with (
        build(settings, lambda: time.time() + ahead) as paylink,
        paylink.working(),
        paylink.receiving(settings.host, settings.port) as url,
    ):
        structlog.get_logger().info("listening", url=url)
        await stop.wait()


asyncio.run(main(float(sys.argv[1])))
