"""A connection to SQLite for asyncio: one thread of its own, and one trip to it for a whole statement.

It has the shape of `aiosqlite.Connection`, which SQLAlchemy's dialect works with, where a statement takes four trips
(making a cursor, executing, fetching, closing). Each costs a switch between threads, which is most of what a short
statement costs. A transaction is begun on the same trip as its first statement, and a rollback isn't waited for.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self, TypeVar

Result = TypeVar("Result")
Row = tuple[Any, ...]
Job = tuple["asyncio.Future[Any]", Callable[[], Any]]


async def connect(file: str, begin: str, **arguments: Any) -> "Connection":
    """Opens the file. `begin` is the statement with which `Connection.begin` begins; `arguments` are sqlite3's."""
    connection = Connection(begin)
    try:
        await connection.open(file, arguments)
    except BaseException:
        connection.stop()
        raise
    return connection


class Connection:
    """Statements run one after the other, in the order given, even when who waited for one was cancelled."""

    def __init__(self, begin: str) -> None:
        self._begin = begin
        self._asked = self._begun = False
        self._connection: sqlite3.Connection | None = None
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        Thread(target=self._work, name="sqlite", daemon=True).start()

    async def open(self, file: str, arguments: dict[str, Any]) -> None:
        """Opens the file; the transactions are begun by `begin` alone."""
        options = {**arguments, "isolation_level": None, "check_same_thread": False}
        self._connection = await self._submit(lambda: sqlite3.connect(file, **options))

    def begin(self) -> None:
        """Begins a transaction with the next statement."""
        self._asked = True

    def cursor(self) -> "Cursor":
        return Cursor(self)

    async def execute(self, statement: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Row]]:
        """Runs a statement and fetches all its rows."""
        return await self._fetch(sqlite3.Cursor.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> tuple[sqlite3.Cursor, list[Row]]:
        """Runs a statement once for each of the parameters."""
        return await self._fetch(sqlite3.Cursor.executemany, statement, parameters)

    async def commit(self) -> None:
        """Returns once the transaction is on disk."""
        self._asked = False
        if self._begun:
            await self._submit(self._open.commit)
            self._begun = False

    async def rollback(self) -> None:
        """Gives the transaction up. Whatever comes next on this connection comes after that."""
        self._asked = False
        if self._begun:
            self._begun = False
            self._submit(partial(_rollback, self._open))

    async def create_function(self, *args: Any, **kwargs: Any) -> None:
        self._open.create_function(*args, **kwargs)

    async def close(self) -> None:
        """Closes the file and ends the thread."""
        if self._connection is not None:
            closing, self._connection = self._connection, None
            await self._submit(closing.close)
            self._jobs.put(None)

    def stop(self) -> None:
        """Closes without waiting for it."""
        if self._connection is not None:
            self._submit(self._connection.close)
            self._connection = None
        self._jobs.put(None)

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        return self._connection

    async def _fetch(
        self, run: Callable[..., Any], statement: str, parameters: Sequence[Any]
    ) -> tuple[sqlite3.Cursor, list[Row]]:
        connection, begin = self._open, self._begin if self._asked else None
        self._begun, self._asked = self._begun or self._asked, False

        def work() -> tuple[sqlite3.Cursor, list[Row]]:
            if begin is not None:
                connection.execute(begin)
            cursor = connection.cursor()
            run(cursor, statement, parameters)
            return cursor, cursor.fetchall() if cursor.description else []

        return await self._submit(work)

    def _submit(self, function: Callable[[], Result]) -> "asyncio.Future[Result]":
        future: asyncio.Future[Result] = self._loop.create_future()
        self._jobs.put((future, function))
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, function = job
            try:
                answer = function()
            except BaseException as error:
                self._answer(_fail, future, error)
            else:
                self._answer(_succeed, future, answer)

    def _answer(self, say: Callable[[Any, Any], None], future: "asyncio.Future[Any]", answer: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(say, future, answer)
        except RuntimeError:
            return  # The loop has ended, and with it whoever waited.


class Cursor:
    """A statement's rows, which are all here once it was executed."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        self._keep(*await self._connection.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Sequence[Any]) -> None:
        self._keep(*await self._connection.executemany(statement, parameters))

    async def fetchall(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _keep(self, cursor: sqlite3.Cursor, rows: list[Row]) -> None:
        self._rows = rows
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid


def _rollback(connection: sqlite3.Connection) -> None:
    # Should it fail, the next transaction can't begin, and says so.
    with suppress(sqlite3.Error):
        connection.rollback()


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)


def _succeed(future: "asyncio.Future[Any]", answer: Any) -> None:
    if not future.done():
        future.set_result(answer)
