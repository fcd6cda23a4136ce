"""The bench still works: each measure runs, a little of it, and gives what the table wants. Speed decides nothing."""

from pathlib import Path

import pytest

from storage.database import Database
from tests.bench import databases
from tests.bench.__main__ import MEASURES, run
from tests.bench.client import drive
from tests.bench.figures import Figure, Row, markdown, percentile
from tests.bench.happenings import check, fill, refunds, sell
from tests.bench.inbox import rate
from tests.bench.load import LoadFailed, write_requests
from tests.bench.place import place
from tests.bench.processes import program
from tests.bench.scale import taste
from tests.conftest import Templates

ONE_DATABASE = {"acknowledge": "sqlite", "open": "sqlite", "two": "postgresql", "start": "sqlite"}


@pytest.fixture
def kind(database_kind: str, templates: Templates) -> str:
    """A database that is there."""
    templates.of(database_kind)
    return database_kind


@pytest.mark.parametrize("name", MEASURES)
async def test_every_measure_gives_figures(name: str, kind: str, tmp_path: Path) -> None:
    if ONE_DATABASE.get(name, kind) != kind:
        return
    rows = await run(taste(tmp_path, kind), [name], lambda line: None)
    assert rows
    for row in rows:
        assert row.target != "–"
        assert all(value == value for value in row.figure.values)


async def test_the_client_of_our_own_sends_what_wrk_would(tmp_path: Path) -> None:
    requests = tmp_path / "requests"
    write_requests(requests, [({"X-Slack-Signature": "v0=0", "X-Slack-Request-Timestamp": "0"}, b"text=help")])
    async with program("tests.bench.floors.ack_aiohttp", "secret") as floor:
        done = await drive(f"{await floor.url()}/slack/events", requests, 2, 0.2)
    assert done["requests"] > 0
    assert done["errors"] == done["requests"], "nothing was signed"


def test_only_events_that_were_done_count() -> None:
    one = {"outcomes": {"done": 3}, "began": 10.0, "last": 12.0}
    other = {"outcomes": {"done": 5}, "began": 11.0, "last": 14.0}
    assert rate([one, other], 8) == 2.0
    for outcomes in ({"done": 5, "postponed": 1}, {"done": 4, "ignored": 1}, {"done": 4}):
        with pytest.raises(LoadFailed):
            rate([one, {**other, "outcomes": outcomes}], 8)


async def test_a_payment_that_is_not_what_its_event_makes_of_it_fails_the_measure(kind: str, tmp_path: Path) -> None:
    async with place() as here, databases.migrated(kind, tmp_path) as url:
        database, happening = Database(url), await refunds(here)
        await sell(here, database)
        await fill(here, database, happening, 2)
        with pytest.raises(LoadFailed, match="0 handled, 0 payments"):
            await check(database, happening, 2)
        await database.close()


def test_the_table_says_what_was_met_and_by_how_much_not() -> None:
    mine, its = Figure((2.0, 4.0, 9.0), "/s"), Figure((4.0, 4.0, 10.0), "/s")
    rows = [
        Row("a", mine.over(its), at_least=0.8, note="x"),
        Row("b", Figure((150.0,), "ms"), at_most=100),
        Row("c", Figure((99.0, 1.0, 1200.0), "ms"), at_most=100),
    ]
    assert markdown(rows).splitlines()[2:] == [
        "| a | 0.90 × (0.50–1.00) | ≥ 0.80 × | met | x |",
        "| b | 150 ms (150–150) | ≤ 100 ms | missed by 50% |  |",
        "| c | 99.0 ms (1.00–1,200) | ≤ 100 ms | met |  |",
    ]


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50.0, 99.0, 100.0]
    assert percentile([7.0], 0.5) == 7.0
