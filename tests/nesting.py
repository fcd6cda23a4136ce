"""No transaction inside another: with the pool's connections all held by tasks that wait for a second one, all wait."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from storage.bare import Row
from storage.database import Database

_TESTS = str(Path(__file__).parent)

_Transaction = AbstractAsyncContextManager[Any]
_Holder = tuple[Database, "asyncio.Task[Any] | None"]


@contextmanager
def refused() -> Iterator[None]:
    """Within this block a task that opens a transaction inside another of the same `Database` gets an AssertionError,
    and so does whoever ends the block, since workers go on after any error. What tests open themselves may be nested.
    """
    holders: set[_Holder] = set()
    nested: list[str] = []

    @asynccontextmanager
    async def alone(database: Database, opening: _Transaction) -> AsyncIterator[Any]:
        holder = (database, asyncio.current_task())
        if holder in holders:
            nested.append(str(holder))
            raise AssertionError("a transaction inside another")
        holders.add(holder)
        try:
            async with opening as transaction:
                yield transaction
        finally:
            holders.discard(holder)

    def watched(open: Callable[[Database], _Transaction]) -> Callable[[Database], _Transaction]:
        def opened(database: Database) -> _Transaction:
            by_a_test = sys._getframe(1).f_code.co_filename.startswith(_TESTS)
            return open(database) if by_a_test else alone(database, open(database))

        return opened

    run = Database.run

    async def run_alone(database: Database, statement: str, values: tuple[object, ...]) -> Sequence[Row]:
        async with alone(database, nullcontext()):
            return await run(database, statement, values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "run", run_alone)
        for name in ("begin", "single", "read"):
            patch.setattr(Database, name, watched(getattr(Database, name)))
        yield
    assert nested == [], "a transaction was opened inside another"
