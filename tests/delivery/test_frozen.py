"""Somebody on PostgreSQL keeps a row and is frozen: its event or card is tried again later, no other waits for it."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg  # type: ignore[import-untyped]
import pytest

from storage.database import Database
from storage.models import Card
from storage.postgresql import Limits
from tests.conftest import Clock, Templates
from tests.delivery.desk import Desk
from tests.delivery.test_inbox_worker import Office


@pytest.fixture
def url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url


@pytest.fixture
async def impatient(url: str) -> AsyncIterator[Database]:
    database = Database(url, limits=Limits(lock=0.05))
    yield database
    await database.close()


@pytest.fixture
async def frozen(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    yield connection
    await connection.close()


async def test_one_card_that_is_kept_is_written_later(
    impatient: Database, frozen: asyncpg.Connection, clock: Clock
) -> None:
    desk = Desk(impatient, clock)

    kept = asyncio.Event()

    async def keep(card: Card) -> None:
        if card.subject_id == "cs_1":
            await frozen.execute("BEGIN; UPDATE card SET note = '' WHERE subject_id = 'cs_1'")
            kept.set()
        await kept.wait()

    subjects = [f"cs_{number}" for number in range(5)]
    for number, subject in enumerate(subjects):
        await desk.change(subject, f"C{number}")
    desk.while_rendering = keep
    await desk.worker.drain()
    states = [(await desk.card(subject)).state for subject in subjects]
    assert states == ["standing", "uncertain", *["standing"] * 3]

    await frozen.execute("ROLLBACK")
    desk.while_rendering = None
    await desk.pass_time(31)
    assert (await desk.card("cs_1")).state == "standing"
    assert desk.slack.calls["post"] == 5


async def test_no_digest_is_made_of_payments_that_are_all_kept(
    impatient: Database, frozen: asyncpg.Connection, clock: Clock
) -> None:
    desk = Desk(impatient, clock, digest_after=2)
    for number in range(4):
        await desk.change(f"cs_{number}")
    await frozen.execute("BEGIN; UPDATE card SET note = ''")
    assert await desk.worker.step() == 0

    await frozen.execute("ROLLBACK")
    await desk.worker.drain()
    assert desk.slack.texts("C1") == ["digest of 4, sum 4"]


async def test_one_event_whose_rows_are_kept_is_handled_later(
    impatient: Database, frozen: asyncpg.Connection, clock: Clock
) -> None:
    office = Office(impatient, clock)
    events = [f"plain/{number}" for number in range(5)]
    await frozen.execute("BEGIN; INSERT INTO cursor (team_id, name, value, updated_at) VALUES ('T1', 'plain/0', '', 0)")
    await office.receive(*events)
    await office.worker.drain()
    row = await office.row("plain/0")
    assert (row.state, row.attempts, row.reason) == ("new", 0, "Unexpected error: DBAPIError.")
    assert [await office.done(event) for event in events] == [None, *["1"] * 4]

    await frozen.execute("ROLLBACK")
    clock.advance(3600)
    await office.worker.drain()
    assert await office.done("plain/0") == "1"
