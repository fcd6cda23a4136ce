"""Transactions, on both databases."""

import asyncio
import sqlite3
from contextlib import closing, suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from storage.database import SQLITE_READERS, Database, async_url, use_wal
from storage.models import Cursor
from tests.databases import blocked


def row(name: str, value: str = "1") -> Cursor:
    return Cursor(team_id="T1", name=name, value=value, updated_at=0.0)


async def names(database: Database) -> list[str]:
    async with database.read() as session:
        return list((await session.scalars(select(col(Cursor.name)).order_by(col(Cursor.name)))).all())


async def test_a_write_is_there_when_the_block_ends(database: Database) -> None:
    async with database.begin() as session:
        session.add(row("a"))
    assert await names(database) == ["a"]


async def test_an_error_undoes_the_whole_block(database: Database) -> None:
    with pytest.raises(DBAPIError):
        await _insert(database, "a", "a")
    assert await names(database) == []


async def test_a_savepoint_undoes_its_own_part_only(database: Database) -> None:
    async with database.begin() as session:
        session.add(row("kept"))
        with suppress(LookupError):
            async with session.begin_nested():
                session.add(row("lost"))
                await session.flush()
                raise LookupError
    assert await names(database) == ["kept"]


async def test_reading_can_not_write(database: Database) -> None:
    async with database.read() as session:
        session.add(row("a"))
        with pytest.raises(DBAPIError):
            await session.flush()
    assert await names(database) == []


async def test_readers_are_not_blocked_by_a_writer_and_see_what_was_committed(database: Database) -> None:
    async with database.begin() as session:
        session.add(row("a"))
        await session.flush()
        assert await names(database) == []
    assert await names(database) == ["a"]


async def test_writers_who_read_first_do_not_lose_updates(database: Database) -> None:
    async with database.begin() as session:
        session.add(row("n", "0"))

    async def increment() -> None:
        async with database.begin() as session:
            query = select(Cursor).where(col(Cursor.name) == "n").with_for_update()
            cursor = (await session.scalars(query)).one()
            cursor.value = str(int(cursor.value) + 1)

    await asyncio.gather(*(increment() for _ in range(25)))
    async with database.read() as session:
        assert await session.scalar(select(col(Cursor.value))) == "25"


async def test_two_databases_on_one_url_wait_for_each_other(database: Database, database_url: str) -> None:
    other = Database(database_url)
    async with database.begin() as session:
        session.add(row("a"))
        await session.flush()
        waiting = asyncio.create_task(_insert(other, "b"))
    await waiting
    await other.close()
    assert await names(database) == ["a", "b"]


async def _insert(database: Database, *names: str) -> None:
    async with database.begin() as session:
        for name in names:
            session.add(row(name))
            await session.flush()
            session.expunge_all()


async def test_cancelling_a_writer_leaves_the_database_usable(database: Database) -> None:
    entered = asyncio.Event()

    async def hang() -> None:
        async with database.begin() as session:
            session.add(row("a"))
            await session.flush()
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await _insert(database, "b")
    assert await names(database) == ["b"]


async def test_a_statement_of_the_driver_s_is_a_transaction_by_itself(database: Database) -> None:
    assert [tuple(one) for one in await database.run(_insertion("a"), ())] == [("a",)]
    with pytest.raises(IntegrityError) as caught:
        await database.run(_insertion("a"), ())
    assert not caught.value.connection_invalidated
    await database.run(_insertion("b"), ())
    assert await names(database) == ["a", "b"]


async def test_cancelling_a_statement_of_the_driver_s_leaves_the_database_usable(database: Database) -> None:
    async with database.begin() as session:
        session.add(row("a"))
        await session.flush()
        waiting = asyncio.create_task(database.run(_insertion("a"), ()))
        await blocked(database, waiting)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await database.run(_insertion("b"), ())
    assert await names(database) == ["a", "b"]


def _insertion(name: str) -> str:
    return f"INSERT INTO cursor (team_id, name, value, updated_at) VALUES ('T1', '{name}', '1', 0) RETURNING name"


async def test_ping_answers_and_the_dialect_is_named(database: Database, database_url: str) -> None:
    await database.ping()
    assert database_url.startswith(database.dialect)


@pytest.mark.one_database
async def test_sqlite_is_durable_at_commit(database: Database) -> None:
    async with database.begin() as session:
        settings = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert settings == ["wal", 2, 1, 5000]


@pytest.mark.one_database
async def test_readers_of_sqlite_share_a_few_connections(database: Database) -> None:
    """Each keeps pages of the file in memory, and gives none back."""
    together = asyncio.Barrier(SQLITE_READERS)
    connections = set()

    async def read() -> None:
        async with database.read() as session:
            connection = await (await session.connection()).get_raw_connection()
            connections.add(connection.driver_connection)
            await together.wait()

    await asyncio.gather(*(read() for _ in range(5 * SQLITE_READERS)))
    assert len(connections) == SQLITE_READERS == 4


@pytest.mark.one_database
async def test_who_reads_alone_uses_the_same_connection_to_sqlite_each_time(database: Database) -> None:
    """The others don't fill up with the same pages and statements."""

    async def used() -> object:
        async with database.read() as session:
            return (await (await session.connection()).get_raw_connection()).driver_connection

    async with database.read() as one, database.read() as other:
        await one.connection()
        await other.connection()
    assert len({await used() for _ in range(4)}) == 1


@pytest.mark.one_database
async def test_a_connection_to_sqlite_keeps_few_pages(database: Database) -> None:
    async with database.read() as reading, database.begin() as writing:
        kept = [(await session.execute(text("PRAGMA cache_size"))).scalar() for session in (reading, writing)]
    assert kept == [-256, -512]


@pytest.mark.one_database
def test_a_new_file_that_someone_holds_is_waited_for(empty_database_url: str) -> None:
    """Several processes may open the same new file at the same moment."""
    file = empty_database_url.removeprefix("sqlite:///")
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as holder,
        closing(sqlite3.connect(file, timeout=0)) as opener,
    ):
        holder.execute("BEGIN EXCLUSIVE")
        opener.isolation_level = None
        opener.set_trace_callback(lambda sql: holder.execute("COMMIT") if sql == "BEGIN IMMEDIATE" else None)
        use_wal(opener.cursor())
        assert opener.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///paylink.db", "sqlite+aiosqlite:///paylink.db"),
        ("sqlite:////var/lib/paylink.db", "sqlite+aiosqlite:////var/lib/paylink.db"),
        ("postgres://u:p@h:1/d", "postgresql+asyncpg://u:p@h:1/d"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+asyncpg://u:p@h/d?ssl=require"),
    ],
)
def test_the_url_forms(given: str, used: str) -> None:
    assert async_url(given).render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    "url", ["", "sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "nonsense", "postgres://u:secret@h/d?x=1"]
)
def test_a_url_that_can_not_be_used_says_why_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="database") as caught:
        async_url(url)
    assert "secret" not in str(caught.value)
