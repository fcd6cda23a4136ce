"""`paylink serve` (or `web`, or `worker`) on a clock that is ahead by so many seconds: `python later.py 120 serve`."""

import asyncio
import sys
import time
from contextlib import AsyncExitStack

import structlog

from bot import logs
from bot.app import build
from bot.cli import stop_signal
from bot.config import from_environment


async def main(ahead: float, role: str) -> None:
    settings = from_environment()
    logs.configure(settings.log_level, settings.log_format)
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        paylink = await stack.enter_async_context(build(settings, lambda: time.time() + ahead))
        if role != "web":
            await stack.enter_async_context(paylink.working())
        if role != "worker":
            url = await stack.enter_async_context(paylink.receiving(settings.host, settings.port))
            structlog.get_logger().info("listening", url=url)
        await stop.wait()


asyncio.run(main(float(sys.argv[1]), sys.argv[2]))
