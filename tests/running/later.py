"""`paylink serve` (or `web`, or `worker`) on a clock that is ahead by so many seconds: `python later.py 120 serve`.

Each SIGUSR1 lets two hours go by at once.
"""

import asyncio
import signal
import sys
import time
from contextlib import AsyncExitStack

import structlog

from bot import logs
from bot.app import build
from bot.cli import stop_signal
from bot.config import from_environment
from tests.running.process import HOURS


class Clock:
    """Seconds since the epoch, and what it is ahead."""

    def __init__(self, ahead: float) -> None:
        self._ahead = ahead

    def __call__(self) -> float:
        return time.time() + self._ahead

    def let_hours_go_by(self) -> None:
        """At once."""
        self._ahead += HOURS


async def main(ahead: float, role: str) -> None:
    clock = Clock(ahead)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, clock.let_hours_go_by)
    settings = from_environment()
    logs.configure(settings.log_level, settings.log_format)
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        paylink = await stack.enter_async_context(build(settings, clock))
        if role != "web":
            await stack.enter_async_context(paylink.working())
        if role != "worker":
            url = await stack.enter_async_context(paylink.receiving(settings.host, settings.port))
            structlog.get_logger().info("listening", url=url)
        await stop.wait()


asyncio.run(main(float(sys.argv[1]), sys.argv[2]))
