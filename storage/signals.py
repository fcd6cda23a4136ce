"""Words between processes on one PostgreSQL (NOTIFY and LISTEN): hints that reach whoever listens, and nobody else."""

import asyncio
from collections.abc import Callable
from typing import Any, NoReturn

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from storage.database import async_url

PROBE_SECONDS = 60.0
"""How often a silent connection is tried (one that was cut on the way does not say so), and how long that may take."""


async def notify(session: AsyncSession, team_id: str, word: str) -> None:
    """Says a word to whoever listens to this workspace, when the transaction commits.

    Best in a transaction of its own: those that say something commit one after the other, disk and all.
    """
    await session.execute(select(func.pg_notify(_channel(team_id), word)))


async def listen(url: str, team_id: str, listens: Callable[[], None], heard: Callable[[str], None]) -> NoReturn:
    """Listens on a connection of its own, and raises the database's error when that ends or can't be made.

    `listens` is called once nothing is missed any more, `heard` with each word.
    """
    engine = create_async_engine(async_url(url), poolclass=NullPool)
    ended = asyncio.Event()
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.add_termination_listener(lambda _driver: ended.set())
        await driver.add_listener(_channel(team_id), lambda _driver, _process, _channel, word: heard(word))
        listens()
        while True:
            await _until(ended, PROBE_SECONDS)
            await driver.fetchval("SELECT 1", timeout=PROBE_SECONDS)


async def _until(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def _channel(team_id: str) -> str:
    return f"paylink_{team_id}"
