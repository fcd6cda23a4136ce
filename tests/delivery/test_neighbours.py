"""Processes on one PostgreSQL tell each other that there is something to do: in few words, and only where it helps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from bot.delivery.loop import Wake
from bot.delivery.neighbours import Neighbours
from storage.database import Database
from tests.conftest import Clock, Templates


class Process:
    """One of them, with what it does about events and about cards."""

    def __init__(self, db: Database, url: str, team_id: str) -> None:
        self.event, self.card = Wake(), Wake()
        wakes = {"event": self.event, "card": self.card}
        self.neighbours = Neighbours(db, url, team_id, wakes, Clock())

    @property
    def calls(self) -> tuple[int, int]:
        """How often it was woken for events, and for cards."""
        return self.event.calls, self.card.calls

    @asynccontextmanager
    async def hearing(self) -> AsyncIterator[None]:
        """Nothing is missed within: it was woken once for what was before."""
        async with self.neighbours.hearing():
            await woken(self.card, 1)
            assert self.calls == (1, 1)
            yield


async def woken(wake: Wake, times: int) -> None:
    """Returns when it was called so often."""
    async with asyncio.timeout(30):
        while (seen := wake.calls) < times:
            await wake.wait(seen, 30)


Start = Callable[..., Process]


@pytest.fixture
def url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url


@pytest.fixture
async def start(url: str) -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        def start(team_id: str = "T1", at: str = url) -> Process:
            db = Database(url)
            stack.push_async_callback(db.close)
            return Process(db, at, team_id)

        yield start


async def test_the_others_are_woken_for_the_same(start: Start) -> None:
    web, worker, another = start(), start(), start()
    async with worker.hearing(), another.hearing(), web.neighbours.telling():
        web.event()
        await woken(worker.event, 2)
        await woken(another.event, 2)
        assert (worker.calls, another.calls) == ((2, 1), (2, 1))
        web.card()
        await woken(worker.card, 2)
        assert worker.calls == (2, 2)


async def test_many_calls_at_once_are_one_word(start: Start) -> None:
    web, worker = start(), start()
    async with worker.hearing(), web.neighbours.telling():
        for _ in range(100):
            web.event()
        await woken(worker.event, 2)
        web.event()
        await woken(worker.event, 3)
        assert worker.calls == (3, 1)


async def test_the_last_call_is_told_on_the_way_out(start: Start) -> None:
    web, worker = start(), start()
    async with worker.hearing():
        async with web.neighbours.telling():
            web.event()
        await woken(worker.event, 2)


async def test_another_workspace_hears_nothing(start: Start) -> None:
    elsewhere, web, worker = start("T2"), start(), start()
    async with worker.hearing():
        async with elsewhere.neighbours.telling():
            elsewhere.event()
        async with web.neighbours.telling():
            web.card()
            await woken(worker.card, 2)
            assert worker.calls == (1, 2)


async def test_a_process_that_works_tells_nobody(start: Start) -> None:
    both, web, worker = start(), start(), start()
    async with worker.hearing():
        async with both.hearing(), both.neighbours.telling():
            both.event()
        async with web.neighbours.telling():
            web.card()
            await woken(worker.card, 2)
            assert worker.calls == (1, 2)


async def test_a_server_that_is_away_is_tried_again_and_logged_once(start: Start, url: str) -> None:
    web = start()
    async with doorkeeper(url, refused=2) as at:
        worker = start(at=at)
        with capture_logs() as logs:
            async with worker.hearing(), web.neighbours.telling():
                web.event()
                await woken(worker.event, 2)
    assert [entry["event"] for entry in logs] == ["other processes aren't heard", "other processes are heard again"]


@pytest.mark.one_database
async def test_with_sqlite_there_is_nobody_else(database: Database, database_url: str) -> None:
    alone = Process(database, database_url, "T1")
    async with alone.neighbours.hearing(), alone.neighbours.telling():
        alone.event()
    assert alone.calls == (1, 0)


@asynccontextmanager
async def doorkeeper(url: str, refused: int) -> AsyncIterator[str]:
    """Another way to the same database; the first connections are closed at once."""
    target, left = make_url(url), refused

    async def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            inner_reader, inner_writer = await asyncio.open_connection(target.host, target.port)
            await asyncio.gather(_carry(reader, inner_writer), _carry(inner_reader, writer))
        writer.close()

    async with await asyncio.start_server(come, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield target.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()
