"""Fresh, migrated databases for tests, made from a template that is made once per test process."""

import asyncio
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url, text

from storage import migrate, models
from storage.database import Database

POSTGRES_URL = os.environ.get("PAYLINK_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


class UnreachableError(Exception):
    """The database server can't be used; the text says why."""


class SqliteTemplate:
    """One migrated file; a fresh database is a copy of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "template.db"
        with _runner() as runner:
            runner.run(migrate.upgrade(f"sqlite:///{self._file}"))

    def close(self) -> None:
        shutil.rmtree(self._folder)

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a new database, which is gone afterwards."""
        with self.empty() as url:
            shutil.copyfile(self._file, url.removeprefix("sqlite:///"))
            yield url

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a new database without tables, which is gone afterwards."""
        name = f"{secrets.token_hex(6)}.db"
        yield f"sqlite:///{self._folder / name}"
        for leftover in self._folder.glob(f"{name}*"):
            leftover.unlink()


class PostgresTemplate:
    """One migrated database on a server, and copies of it. Without a server: UnreachableError.

    Dropping a database makes the server write everything to disk, so a copy that was used is emptied and used again.
    """

    def __init__(self, url: str = POSTGRES_URL) -> None:
        self._url = make_url(url)
        self._name = f"paylink_test_{secrets.token_hex(6)}"
        self._idle: list[str] = []
        self._runner = _runner()
        try:
            self._admin = self._runner.run(asyncpg.connect(url, timeout=5))
            self._execute(f"CREATE DATABASE {self._name} TEMPLATE template0")
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            self._runner.close()
            raise UnreachableError(f"PostgreSQL can't be used at {self._url.host}:{self._url.port}: {error}") from error
        self._runner.run(migrate.upgrade(self._url_of(self._name)))

    def close(self) -> None:
        for name in (*self._idle, self._name):
            self._drop(name)
        self._runner.run(self._admin.close())
        self._runner.close()

    @contextmanager
    def copy(self) -> Iterator[str]:
        """The URL of a new database, which is gone afterwards."""
        name = self._idle.pop() if self._idle else self._create(self._name)
        yield self._url_of(name)
        self._runner.run(self._wipe(name))
        self._idle.append(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a new database without tables, which is gone afterwards."""
        name = self._create("template0")
        yield self._url_of(name)
        self._drop(name)

    def _url_of(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _create(self, template: str) -> str:
        name = f"{self._name}_{secrets.token_hex(4)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        # No test crashes the server, so none needs to wait for its disk.
        self._execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        return name

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    async def _wipe(self, name: str) -> None:
        await self._admin.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        connection = await asyncpg.connect(self._url_of(name))
        await connection.execute(";".join(f"DELETE FROM {table}" for table in models.Link.metadata.tables))
        await connection.close()

    def _execute(self, statement: str) -> None:
        self._runner.run(self._admin.execute(statement))


async def cut_connections(url: str) -> None:
    """PostgreSQL ends every other connection to this database, as a failover does."""
    connection = await asyncpg.connect(url)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    await connection.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    await connection.close()


async def blocked(database: Database, task: "asyncio.Task[Any]") -> None:
    """Returns when a transaction on PostgreSQL waits for a lock. Where transactions take turns (SQLite), at once."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    waiting = 0
    while database.dialect == "postgresql" and not waiting:
        assert not task.done()
        async with database.read() as session:
            waiting = (await session.execute(text(query))).scalar_one()


def _runner() -> "asyncio.Runner":
    """A loop of our own, which leaves the thread's current event loop alone."""
    return asyncio.Runner(loop_factory=asyncio.new_event_loop)
