"""Work that is done every so often, driven by the same `Loop` as the workers."""

from collections.abc import Awaitable, Callable

RETRY_SECONDS = 30.0
"""When work that failed is tried again, at the latest."""


class Periodic:
    """Runs `work` at once and then every `seconds`; sooner after a failure, which the loop logs."""

    def __init__(self, work: Callable[[], Awaitable[object]], seconds: float, clock: Callable[[], float]) -> None:
        self._work = work
        self._seconds = seconds
        self._clock = clock
        self._next_at = 0.0

    async def advance(self) -> int:
        """Does the work when its time has come. Always 0: there is nothing more to do until the next time."""
        now = self._clock()
        if now >= self._next_at:
            self._next_at = now + min(self._seconds, RETRY_SECONDS)
            await self._work()
            self._next_at = now + self._seconds
        return 0

    async def next_due(self) -> float:
        """When it is time again."""
        return self._next_at

    async def stop(self) -> None:
        """Nothing is in hand between two runs."""
