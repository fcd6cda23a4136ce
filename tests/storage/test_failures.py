"""Telling the database's own failures from what it understood and refused."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError

from storage import cursors
from storage.database import Database
from storage.failures import is_outage
from storage.postgresql import Limits
from tests.conftest import Templates

TEAM = "T1"


async def failure_of(database: Database, *statements: str) -> Exception:
    """What doing all of this in one transaction raises."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await done(database, *statements)
    return caught.value


async def done(database: Database, *statements: str) -> None:
    async with database.begin() as session:
        for statement in statements:
            await session.execute(text(statement))
        await cursors.put(session, TEAM, "place", "1", 1.0)


async def test_what_the_database_refuses_is_no_outage(database: Database) -> None:
    twice = "INSERT INTO cursor (team_id, name, value, updated_at) VALUES ('T1', 'twice', '', 0)"
    refused = await failure_of(database, twice, twice)
    assert isinstance(refused, IntegrityError)
    assert not is_outage(refused)
    assert not is_outage(await failure_of(database, "SELECT nothing FROM nowhere"))
    assert not is_outage(ValueError())


class TestSqlite:
    @pytest.fixture
    def file(self, templates: Templates) -> Iterator[str]:
        with templates.of("sqlite").copy() as url:
            yield str(make_url(url).database)

    @pytest.fixture
    async def database(self, file: str) -> AsyncIterator[Database]:
        database = Database(f"sqlite:///{file}")
        yield database
        await database.close()

    async def test_a_locked_file(self, database: Database, file: str) -> None:
        await done(database, "PRAGMA busy_timeout=0")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert is_outage(await failure_of(database))
        await done(database)

    async def test_a_full_disk(self, database: Database) -> None:
        await done(database, "PRAGMA max_page_count=1")
        much = "UPDATE cursor SET value = CAST(zeroblob(1000000) AS text)"
        assert is_outage(await failure_of(database, much))
        await done(database)


class TestPostgresql:
    @pytest.fixture
    def url(self, templates: Templates) -> Iterator[str]:
        with templates.of("postgresql").copy() as url:
            yield url

    @pytest.fixture
    async def database(self, url: str) -> AsyncIterator[Database]:
        database = Database(url, limits=Limits(lock=0.05))
        yield database
        await database.close()

    async def test_a_value_that_does_not_fit(self, database: Database) -> None:
        assert not is_outage(await failure_of(database, "SELECT 1 / 0"))

    async def test_a_lock_that_somebody_keeps(self, database: Database, url: str) -> None:
        await done(database)
        other = await asyncpg.connect(url)
        await other.execute("BEGIN; UPDATE cursor SET value = '2'")
        assert is_outage(await failure_of(database))
        await other.close()

    async def test_a_connection_that_is_cut(self, database: Database) -> None:
        assert is_outage(await failure_of(database, "SELECT pg_terminate_backend(pg_backend_pid())"))

    async def test_a_statement_that_is_cancelled(self, database: Database) -> None:
        assert is_outage(await failure_of(database, "SELECT pg_cancel_backend(pg_backend_pid())", "SELECT 1"))

    async def test_a_server_that_is_not_there(self, url: str) -> None:
        nowhere = Database(make_url(url).set(port=1).render_as_string(hide_password=False))
        assert is_outage(await failure_of(nowhere))
        await nowhere.close()
