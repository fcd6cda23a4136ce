"""Work that goes on after Slack was answered."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Keeps hold of running tasks (asyncio itself does not), so that a graceful stop can wait for them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts the work in the context of the caller; it must handle its own errors."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self) -> None:
        """Returns when nothing is running any more."""
        while self._tasks:
            await asyncio.wait(self._tasks)
