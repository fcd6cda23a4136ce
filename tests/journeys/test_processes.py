"""Many processes on one PostgreSQL: what one of them stores, another takes up, woken by a word and not by looking."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
import pytest
from structlog.testing import capture_logs

from bot.app import build
from bot.config import Settings
from tests.conftest import Templates
from tests.running.town import Town
from tests.running.town import town as open_town

NEVER = 3600.0
"""A worker that looks this seldom has to be told."""


@pytest.fixture
def postgresql_url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url


@pytest.fixture
async def town(postgresql_url: str) -> AsyncIterator[Town]:
    async with open_town(postgresql_url) as opened:
        yield opened
    assert opened.sandbox.slack.app_errors == []


@asynccontextmanager
async def web(town: Town, **settings: object) -> AsyncIterator[str]:
    """A process that receives; where it does."""
    chosen = Settings.model_validate({**town.settings, **settings})
    async with build(chosen) as paylink, paylink.receiving("127.0.0.1", 0) as url:
        yield url


@asynccontextmanager
async def worker(town: Town) -> AsyncIterator[None]:
    """A process that works."""
    async with build(Settings.model_validate(town.settings)) as paylink, paylink.working(NEVER):
        yield


async def test_a_worker_hears_of_what_the_web_process_has_stored(town: Town) -> None:
    async with worker(town), web(town) as url:
        town.sandbox.connect(url)
        await town.journey()
    assert len(town.payments) == 1


async def test_two_web_processes_get_every_event_and_three_workers_tell_of_it_once(town: Town) -> None:
    stripe = town.sandbox.stripe
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(worker(town))
        first = await stack.enter_async_context(web(town))
        town.sandbox.connect(first)
        await town.write()
        assert await town.ada.submit() == {}
        await town.card()
        secret = stripe.add_webhook_endpoint("http://127.0.0.1:1/stripe/webhook")
        second = await stack.enter_async_context(web(town, stripe_webhook_secret=secret))
        endpoint = list(stripe.account.tables["webhook_endpoint"].values())[-1]
        endpoint["url"] = f"{second}/stripe/webhook"
        await town.pay()
        await town.counted()
        await stripe.delivered()
    assert len(town.payments) == 1
    assert await town.nothing_waits()


async def test_a_worker_whose_connection_was_cut_hears_again(town: Town) -> None:
    async with worker(town), web(town) as url:
        town.sandbox.connect(url)
        await town.write()
        assert await town.ada.submit() == {}
        await town.card()
        with capture_logs() as logs:
            await silence(town.database_url)
            await town.pay()
            await town.counted()
    said = [entry["event"] for entry in logs if entry["event"].startswith("other processes")]
    assert said == ["other processes aren't heard", "other processes are heard again"]


async def silence(url: str) -> None:
    """Ends every connection that listens."""
    connection = await asyncpg.connect(url)
    ended = await connection.fetch(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    await connection.close()
    assert len(ended) == 1
