"""One database: SQLite for a single machine, PostgreSQL for many processes. Engines, transactions, nothing else.

SQLite has one writer at a time, so it gets two pools: one connection that writes (waiting tasks queue for it in order,
instead of spinning on SQLite's lock) and several that read and are never blocked by the writer (WAL).
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util import greenlet_spawn

from storage import bare, postgresql, sqlite
from storage.bare import Row
from storage.postgresql import LIMITS, Limits

Dialect = Literal["sqlite", "postgresql"]

SQLITE_READERS = 4
"""As many as can read at once on a small machine: each that was ever needed keeps pages of the file, and the statements
it has prepared, in memory for good. So the one used last is used first."""

SQLITE_WRITER_CACHE, SQLITE_READER_CACHE = 512, 256
"""How many kB of pages a connection keeps, instead of 2,000: the operating system has the others at hand."""

BUSY_TIMEOUT_SECONDS = 5

_LIBPQ_NAMES = {"sslmode": "ssl"}
_POSTGRESQL_SETTINGS = {"ssl", "prepared_statement_cache_size"}


def async_url(url: str) -> URL:
    """The SQLAlchemy URL, with the async driver chosen, for `sqlite:///path`, `postgresql://…` or `postgres://…`.

    `sslmode` is understood as libpq understands it. Raises ValueError, without repeating the URL (it may hold a
    password), for anything else.
    """
    try:
        parsed = make_url(url)
    except Exception:
        raise ValueError("The database URL can't be read; write sqlite:///path or postgresql://…") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise ValueError("The database URL names no file; write sqlite:///path")
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend not in ("postgresql", "postgres"):
        raise ValueError(f"The database must be SQLite or PostgreSQL, not {backend}")
    query = {_LIBPQ_NAMES.get(name, name): value for name, value in parsed.query.items()}
    if unknown := sorted(query.keys() - _POSTGRESQL_SETTINGS):
        raise ValueError(f"The database URL has a setting that can't be honoured: {', '.join(unknown)}")
    return parsed.set(drivername="postgresql+asyncpg", query=query)


class Database:
    """The way to the database: `begin()` to write, `read()` to read.

    Failures of the database itself, too late an answer among them, surface as `sqlalchemy.exc.DBAPIError`, as OSError
    when PostgreSQL can't be reached,
    or as `sqlalchemy.exc.TimeoutError` when the pool stays empty; the next transaction finds a fresh connection.
    """

    def __init__(self, url: str, echo: bool = False, limits: Limits | None = LIMITS) -> None:
        """Opens no connection yet. `url` as in `async_url`; `echo` logs every statement but `run`'s. `limits` are for
        PostgreSQL; None: whatever is done may take as long as it takes."""
        target = async_url(url)
        self.dialect: Dialect = "sqlite" if target.get_backend_name() == "sqlite" else "postgresql"
        if self.dialect == "sqlite":
            self._writer = _sqlite_engine(target, echo, writes=True)
            self._reader = _sqlite_engine(target, echo, writes=False)
            self._single = self._writer.execution_options(begins=False)
        else:
            self._writer = postgresql.engine(target, echo, limits)
            self._reader = self._writer.execution_options(postgresql_readonly=True)
            # Of its own, as setting the level before each statement, and back, takes longer than sending it.
            self._single = postgresql.engine(target, echo, limits, pool_size=1, isolation_level="AUTOCOMMIT")
        self._write_sessions = async_sessionmaker(self._writer, expire_on_commit=False)
        self._read_sessions = async_sessionmaker(self._reader, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A write transaction: commits at the end of the block, rolls back when it raises.

        On SQLite it holds the only write lock from its first statement on: never open one inside another, and never
        wait for the network inside.
        """
        async with self._write_sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that writes: it is a transaction by itself, on disk once it was executed."""
        async with self._single.connect() as connection:
            yield connection

    async def run(self, statement: str, values: tuple[object, ...]) -> Sequence[Row]:
        """As `single`, for what is written in the driver's own words and done very often; answers the rows."""
        return await greenlet_spawn(bare.run, self._single.sync_engine, statement, values)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A read-only transaction; the database itself refuses writes in it."""
        async with self._read_sessions() as session:
            yield session

    async def ping(self) -> None:
        """Asks the database for one answer; raises when there is none."""
        async with self.read() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Closes every connection. The object can't be used afterwards."""
        await self._writer.dispose()
        for other in (self._reader, self._single):
            if other.sync_engine.pool is not self._writer.sync_engine.pool:
                await other.dispose()


def _sqlite_engine(url: URL, echo: bool, *, writes: bool) -> AsyncEngine:
    """An engine whose transactions are begun by us: Python's sqlite3 would begin them late, and never IMMEDIATE
    (SQLAlchemy, "SQLite: Transactions with the sqlite3 driver")."""
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
    engine = create_async_engine(
        url,
        echo=echo,
        pool_size=1 if writes else SQLITE_READERS,
        max_overflow=0,
        pool_use_lifo=True,
        async_creator=partial(sqlite.connect, str(url.database), begin, timeout=BUSY_TIMEOUT_SECONDS),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{SQLITE_WRITER_CACHE if writes else SQLITE_READER_CACHE}")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("begins", True):
            driver: Any = connection.connection.driver_connection
            driver.begin()

    return engine


def use_wal(cursor: Any) -> None:
    """Puts a new SQLite file into WAL mode, which it stays in; `cursor` is a DB-API cursor outside a transaction.

    SQLite gives up at once when others do the same at that moment; the lock of a transaction it does wait for.
    """
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
