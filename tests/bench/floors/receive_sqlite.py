"""`python -m tests.bench.floors.receive_sqlite SECRET FILE`."""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.bench.floors.receiving import Event, Floor
from tests.bench.floors.serving import serve


class SqliteFloor(Floor):
    """Plain sqlite3 in a thread, WAL, `synchronous=FULL`."""

    def __init__(self, secret: str, file: str) -> None:
        super().__init__(secret)
        self._file = file
        self._thread = ThreadPoolExecutor(1)

    async def open(self) -> None:
        self._connection = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE stripe_event (id TEXT PRIMARY KEY, type TEXT, body BLOB)")

    async def write(self, events: list[Event]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._insert, events)

    async def close(self) -> None:
        self._connection.close()

    def _insert(self, events: list[Event]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO stripe_event VALUES (?, ?, ?) ON CONFLICT DO NOTHING", events)
        self._connection.execute("COMMIT")


if __name__ == "__main__":
    serve(SqliteFloor(*sys.argv[1:]).application())
