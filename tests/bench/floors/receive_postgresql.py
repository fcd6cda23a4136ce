"""`python -m tests.bench.floors.receive_postgresql SECRET URL`."""

import sys

import asyncpg  # type: ignore[import-untyped]

from tests.bench.floors.receiving import Event, Floor
from tests.bench.floors.serving import serve

_INSERT = """
INSERT INTO stripe_event SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT DO NOTHING
"""


_TABLE = "CREATE TABLE stripe_event (id TEXT PRIMARY KEY, type TEXT, body BYTEA COMPRESSION lz4)"


class PostgresqlFloor(Floor):
    """One connection of asyncpg; bodies compressed as the app has them compressed."""

    def __init__(self, secret: str, url: str) -> None:
        super().__init__(secret)
        self._url = url

    async def open(self) -> None:
        self._connection = await asyncpg.connect(self._url)
        await self._connection.execute(_TABLE)

    async def write(self, events: list[Event]) -> None:
        ids, types, bodies = zip(*events, strict=True)
        await self._connection.execute(_INSERT, ids, types, bodies)

    async def close(self) -> None:
        await self._connection.close()


if __name__ == "__main__":
    serve(PostgresqlFloor(*sys.argv[1:]).application())
