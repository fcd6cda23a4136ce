"""Words between processes on one PostgreSQL (NOTIFY and LISTEN): hints that reach whoever listens, and nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NoReturn

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import async_url

PROBE_SECONDS = 60.0
"""How often a silent connection is tried: one that was cut on the way does not say so."""

ANSWER_SECONDS = 10.0
"""How long the server may take."""


class Speaker:
    """Says words on a connection of its own, which is opened when needed and costs little to use.

    A word is a transaction by itself: transactions that say something commit one after the other, disk and all.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._turn = asyncio.Lock()
        self._line = AsyncExitStack()
        self._driver: Any = None

    async def say(self, team_id: str, word: str) -> None:
        """Says a word to whoever listens to this workspace. Raises the database's errors."""
        async with self._turn:
            try:
                await self._open()
                await self._driver.fetchval("SELECT pg_notify($1, $2)", _channel(team_id), word, timeout=ANSWER_SECONDS)
            except BaseException:
                await self.close()
                raise

    async def close(self) -> None:
        """Gives the connection up."""
        self._driver = None
        await self._line.aclose()

    async def _open(self) -> None:
        if self._driver is None or self._driver.is_closed():
            await self.close()
            self._driver = await self._line.enter_async_context(_line(self._url))


async def listen(url: str, team_id: str, listens: Callable[[], None], heard: Callable[[str], None]) -> NoReturn:
    """Listens on a connection of its own, and raises the database's error when that ends or can't be made.

    `listens` is called once nothing is missed any more, `heard` with each word.
    """
    ended = asyncio.Event()
    async with _line(url) as driver:
        driver.add_termination_listener(lambda _driver: ended.set())
        await driver.add_listener(_channel(team_id), lambda _driver, _process, _channel, word: heard(word))
        listens()
        while True:
            await _until(ended, PROBE_SECONDS)
            await driver.fetchval("SELECT 1", timeout=ANSWER_SECONDS)


@asynccontextmanager
async def _line(url: str) -> AsyncIterator[Any]:
    """A connection of the driver's (asyncpg) that nobody else uses: a session around each word would cost far more."""
    connection = await create_async_engine(async_url(url), poolclass=NullPool).connect()
    try:
        yield (await connection.get_raw_connection()).driver_connection
    finally:
        # Does not wait for a server that doesn't answer.
        await connection.invalidate()
        await connection.close()


async def _until(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _channel(team_id: str) -> str:
    return f"paylink_{team_id}"
