"""Processes on one PostgreSQL tell each other that there is something to do: in few words, and only where it helps."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from bot.delivery.loop import Wake
from bot.delivery.neighbours import Neighbours
from tests.conftest import Clock, Templates


class Process:
    """One of them, with what it does about events and about cards."""

    def __init__(self, url: str, team_id: str = "T1") -> None:
        self.event, self.card = Wake(), Wake()
        wakes = {"event": self.event, "card": self.card}
        self.neighbours = Neighbours(url, team_id, wakes, Clock())

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


@pytest.fixture
def url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url


async def test_the_others_are_woken_for_the_same(url: str) -> None:
    web, worker, another = Process(url), Process(url), Process(url)
    async with worker.hearing(), another.hearing(), web.neighbours.telling():
        web.event()
        await woken(worker.event, 2)
        await woken(another.event, 2)
        assert (worker.calls, another.calls) == ((2, 1), (2, 1))
        web.card()
        await woken(worker.card, 2)
        assert worker.calls == (2, 2)


async def test_many_calls_at_once_are_one_word(url: str) -> None:
    web, worker = Process(url), Process(url)
    async with worker.hearing(), web.neighbours.telling():
        for _ in range(100):
            web.event()
        await woken(worker.event, 2)
        web.event()
        await woken(worker.event, 3)
        assert worker.calls == (3, 1)


async def test_the_last_call_is_told_on_the_way_out(url: str) -> None:
    web, worker = Process(url), Process(url)
    async with worker.hearing():
        async with web.neighbours.telling():
            web.event()
        await woken(worker.event, 2)


async def test_another_workspace_hears_nothing(url: str) -> None:
    elsewhere, web, worker = Process(url, "T2"), Process(url), Process(url)
    async with worker.hearing():
        async with elsewhere.neighbours.telling():
            elsewhere.event()
        async with web.neighbours.telling():
            web.card()
            await woken(worker.card, 2)
            assert worker.calls == (1, 2)


async def test_a_process_that_works_tells_nobody(url: str) -> None:
    both, web, worker = Process(url), Process(url), Process(url)
    async with worker.hearing():
        async with both.hearing(), both.neighbours.telling():
            both.event()
        async with web.neighbours.telling():
            web.card()
            await woken(worker.card, 2)
            assert worker.calls == (1, 2)


async def test_a_server_that_is_away_is_tried_again_and_logged_once(url: str) -> None:
    web = Process(url)
    async with doorkeeper(url, refused=2) as at:
        worker = Process(at)
        with capture_logs() as logs:
            async with worker.hearing(), web.neighbours.telling():
                web.event()
                await woken(worker.event, 2)
    assert [entry["event"] for entry in logs] == ["other processes aren't heard", "other processes are heard again"]


async def test_words_are_said_again_after_the_connection_was_cut(url: str) -> None:
    web, worker = Process(url), Process(url)
    async with worker.hearing(), web.neighbours.telling():
        web.event()
        await woken(worker.event, 2)
        connection = await asyncpg.connect(url)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_notify%' AND "
        assert len(await connection.fetch(f"{cut} datname = current_database() AND pid <> pg_backend_pid()")) == 1
        await connection.close()
        web.event()
        await woken(worker.event, 3)


@pytest.mark.one_database
async def test_with_sqlite_there_is_nobody_else(database_url: str) -> None:
    alone = Process(database_url)
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
