"""What a worker has in hand: a bounded number of tasks, each under a lease."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.delivery.attempts import origin_of

log = structlog.get_logger()


class Hands:
    """Runs at most `most` tasks at a time. An exception that leaves a task is logged; its lease brings the row back."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._owners: dict[asyncio.Task[None], str] = {}

    async def room(self) -> int:
        """How many more tasks may begin; waits until it is at least one."""
        while len(self._owners) >= self._most:
            await asyncio.wait(self._owners, return_when=asyncio.FIRST_COMPLETED)
        return self._most - len(self._owners)

    def begin(self, work: Coroutine[Any, Any, None], owner: str) -> None:
        """Starts on something; `owner` is the token of the lease it was taken under."""
        task = asyncio.create_task(work)
        self._owners[task] = owner
        task.add_done_callback(self._done)

    async def settle(self) -> None:
        """Waits until nothing is in hand."""
        while self._owners:
            await asyncio.wait(self._owners)

    async def let_go(self, grace: float) -> set[str]:
        """Waits `grace` seconds for the tasks to finish, then stops them; answers the owners of those stopped."""
        if not self._owners:
            return set()
        await asyncio.wait(self._owners, timeout=grace)
        owners = set(self._owners.values())
        for task in self._owners:
            task.cancel()
        await self.settle()
        return owners

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._owners[task]
        if not task.cancelled() and (error := task.exception()):
            log.error("work was left to its lease", **origin_of(error))
