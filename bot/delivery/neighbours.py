"""Other processes on the same PostgreSQL: telling them that there is something to do, and hearing it from them.

All of it is a hint, sent once what it is about is committed. Where none comes (its sender died, the connection was cut)
workers look by themselves before long: see `POLL_SECONDS`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import structlog

from bot.delivery.attempts import origin_of, pause_after
from bot.delivery.loop import Loop, Wake, running
from storage import signals
from storage.database import async_url

log = structlog.get_logger()

REST_SECONDS = 0.02
"""Between two words about the same: what happens meanwhile is told together."""


class Neighbours:
    """The other processes that serve this workspace. With SQLite there are none."""

    def __init__(self, url: str, team_id: str, wakes: Mapping[str, Wake], clock: Callable[[], float]) -> None:
        """`url` is the database's; `wakes` by the word that stands for them between processes."""
        self._url = url
        self._alone = async_url(url).get_backend_name() == "sqlite"
        self._team_id = team_id
        self._wakes = wakes
        self._clock = clock
        self._speaker = signals.Speaker(url)
        self._hears = False
        self._failures = 0

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """While the block runs, and before it is left, calls of the wakes are passed on to the others.

        A process that is `hearing` tells nothing: it does what there is to do, and the others would only compete.
        """
        told = {} if self._alone else self._wakes
        loops = [Loop(_Teller(self._tell, word, wake), wake, self._clock) for word, wake in told.items()]
        try:
            async with running(*loops):
                yield
        finally:
            await self._speaker.close()

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """While the block runs, what the others tell calls the wakes. For a process that works."""
        if self._alone:
            yield
            return
        self._hears = True
        listening = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            self._hears = False
            listening.cancel()
            await asyncio.wait([listening])

    async def _tell(self, word: str) -> None:
        if not self._hears:
            await self._speaker.say(self._team_id, word)

    async def _listen(self) -> None:
        while True:
            try:
                await signals.listen(self._url, self._team_id, self._listens, self._heard)
            except Exception as error:
                self._failures += 1
                if self._failures == 1:
                    log.warning("other processes aren't heard", **origin_of(error))
            await asyncio.sleep(pause_after(self._failures))

    def _listens(self) -> None:
        if self._failures:
            log.info("other processes are heard again")
        self._failures = 0
        # What was told while nobody listened is looked for.
        for wake in self._wakes.values():
            wake()

    def _heard(self, word: str) -> None:
        if word in self._wakes:
            self._wakes[word]()


class _Teller:
    """The worker of a loop on `wake`: passes its calls on, those of a moment together."""

    def __init__(self, tell: Callable[[str], Awaitable[None]], word: str, wake: Wake) -> None:
        self._tell = tell
        self._word = word
        self._wake = wake
        self._told = wake.calls

    async def advance(self) -> int:
        calls = self._wake.calls
        if calls != self._told:
            await self._tell(self._word)
            self._told = calls
            await asyncio.sleep(REST_SECONDS)
        return 0

    async def next_due(self) -> None:
        return None

    async def stop(self) -> None:
        await self.advance()
