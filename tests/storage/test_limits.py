"""PostgreSQL: whoever is frozen or vanishes makes nobody wait for long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from bot.delivery.inbox import Inbox
from storage import cursors, postgresql
from storage.database import Database
from storage.postgresql import Limits
from tests.conftest import Clock, Templates

TEAM = "T1"


@pytest.fixture
def url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url


@asynccontextmanager
async def limited(url: str, limits: Limits) -> AsyncIterator[Database]:
    database = Database(url, limits=limits)
    yield database
    await database.close()


async def put(database: Database, value: str) -> None:
    async with database.begin() as session:
        await cursors.put(session, TEAM, "place", value, 1.0)


async def test_a_lock_is_not_waited_for_for_ever(url: str) -> None:
    async with limited(url, Limits(lock=0.05)) as database:
        await put(database, "1")
        frozen = await asyncpg.connect(url)
        await frozen.execute("BEGIN; UPDATE cursor SET value = '2'")
        with pytest.raises(DBAPIError) as caught:
            await put(database, "3")
        assert not caught.value.connection_invalidated
        await frozen.close()
        await put(database, "4")


async def test_a_frozen_transaction_loses_its_locks(url: str) -> None:
    async with limited(url, Limits(idle=0.05)) as frozen, limited(url, Limits()) as database:
        await put(database, "1")
        async with frozen.begin() as session:
            await cursors.put(session, TEAM, "place", "2", 1.0)
            await put(database, "3")
            with pytest.raises(DBAPIError) as caught:
                await cursors.put(session, TEAM, "place", "4", 1.0)
            await session.rollback()
        assert caught.value.connection_invalidated
        async with frozen.read() as session:
            assert await cursors.get(session, TEAM, "place") == "3"


async def test_migrating_takes_as_long_as_it_takes(url: str) -> None:
    database = Database(url, limits=None)
    async with database.begin() as session:
        for setting in ("lock_timeout", "idle_in_transaction_session_timeout"):
            assert await session.scalar(text(f"SHOW {setting}")) == "0"
    await database.close()


@pytest.mark.parametrize("rested", [False, True])
async def test_a_server_that_vanishes_is_given_up_and_found_again(
    url: str, clock: Clock, rested: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those it was talking with hear nothing more, not even that it's gone; where it was, another one answers."""
    monkeypatch.setattr(postgresql, "REST_SECONDS", 0.0 if rested else 60.0)
    async with line(url) as (at, vanishes), limited(at, Limits(answer=0.2)) as database:
        inbox = Inbox(database, TEAM, clock, lambda: None)
        assert await inbox.receive("evt_1", "t", 0.0, b"")
        await put(database, "0")
        vanishes()
        assert await inbox.receive("evt_2", "t", 0.0, b"")
        vanishes()
        if not rested:
            with pytest.raises(DBAPIError):
                await put(database, "1")
        await put(database, "2")
        assert await inbox.receive("evt_3", "t", 0.0, b"")


@asynccontextmanager
async def line(url: str) -> AsyncIterator[tuple[str, Callable[[], None]]]:
    """Another way to the same database, and what makes everything that is connected by now fall silent."""
    target = make_url(url)
    age = 0

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        since = age
        while data := await reader.read(65536):
            if age == since:
                writer.write(data)
        writer.close()

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(target.host, target.port)
        await asyncio.gather(carry(reader, inner_writer), carry(inner_reader, writer))

    def vanishes() -> None:
        nonlocal age
        age += 1

    async with await asyncio.start_server(come, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield target.set(host="127.0.0.1", port=port).render_as_string(hide_password=False), vanishes
