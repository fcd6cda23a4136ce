"""The connection under SQLAlchemy: its statements keep their order, whoever waits for them."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from storage.sqlite import Connection, Row, connect


@pytest.fixture
def file(tmp_path: Path) -> str:
    return str(tmp_path / "one.db")


@pytest.fixture
async def connection(file: str) -> AsyncIterator[Connection]:
    opened = await connect(file, "BEGIN IMMEDIATE", timeout=5)
    await opened.execute("CREATE TABLE thing (name TEXT PRIMARY KEY)", ())
    yield opened
    await opened.close()


async def names(connection: Connection) -> list[Row]:
    _, rows = await connection.execute("SELECT name FROM thing ORDER BY name", ())
    return rows


async def test_what_was_begun_is_kept_by_a_commit_and_lost_by_a_rollback(connection: Connection) -> None:
    connection.begin()
    await connection.execute("INSERT INTO thing VALUES (?)", ("kept",))
    await connection.commit()
    connection.begin()
    await connection.execute("INSERT INTO thing VALUES (?)", ("lost",))
    await connection.rollback()
    assert await names(connection) == [("kept",)]


async def test_nothing_is_begun_without_a_statement(connection: Connection, file: str) -> None:
    connection.begin()
    other = await connect(file, "BEGIN IMMEDIATE", timeout=0)
    other.begin()
    await other.execute("INSERT INTO thing VALUES ('a')", ())
    await other.commit()
    await other.close()
    await connection.commit()
    assert await names(connection) == [("a",)]


async def test_a_cancelled_statement_comes_before_the_rollback_that_follows(connection: Connection) -> None:
    connection.begin()
    waiting = asyncio.create_task(connection.execute("INSERT INTO thing VALUES ('a')", ()))
    await asyncio.sleep(0)
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await connection.rollback()
    assert await names(connection) == []


async def test_many_rows_are_written_at_once_and_counted(connection: Connection) -> None:
    cursor = connection.cursor()
    await cursor.executemany("INSERT INTO thing VALUES (?)", [("b",), ("a",)])
    assert (cursor.rowcount, cursor.description, await cursor.fetchall()) == (2, None, [])
    await cursor.execute("SELECT name FROM thing ORDER BY name")
    assert (cursor.description[0][0], await cursor.fetchall()) == ("name", [("a",), ("b",)])
    await cursor.close()


async def test_an_error_reaches_who_waits_and_the_next_statement_works(connection: Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await connection.execute("SELECT * FROM missing", ())
    assert await names(connection) == []


async def test_a_file_that_can_t_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await connect(str(tmp_path / "missing" / "one.db"), "BEGIN")


@pytest.mark.parametrize("how", ["close", "stop"])
async def test_once_closed_it_says_so(file: str, how: str) -> None:
    connection = await connect(file, "BEGIN")
    if how == "close":
        await connection.close()
    else:
        connection.stop()
    with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
        await connection.execute("SELECT 1", ())
    await connection.close()
