"""Waiting for what nobody tells of."""

import asyncio
from collections.abc import Callable

PAUSE = 0.2


async def until(condition: Callable[[], bool]) -> None:
    """Returns when it is true, looking every now and then."""
    while True:
        if condition():
            return
        await asyncio.sleep(PAUSE)
