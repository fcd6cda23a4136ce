"""The database fails: the webhook says so, nothing acknowledged is lost, and service comes back without a restart."""

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage import migrate
from tests.chaos.cluster import Cluster, binaries, cluster, cut_connections
from tests.conftest import unavailable
from tests.running.process import PATIENCE, Running, paylink
from tests.running.town import Town
from tests.running.town import town as open_town

Json = dict[str, object]
Act = Callable[[], Awaitable[None]]


class Till:
    """A town with a link, whose customers' payments are delivered when we say so, and the one process of the app."""

    def __init__(self, town: Town, app: Running) -> None:
        self.town = town
        self.app = app
        self.paid = 0

    async def open(self) -> None:
        """Makes the link."""
        await self.town.connect(self.app)
        await self.town.write()
        assert await self.town.ada.submit() == {}
        await self.town.card()
        await self.town.sandbox.stripe.delivered()
        self.town.sandbox.stripe.webhooks.drop = lambda event: True
        self.town.sandbox.stripe.webhooks.timeout = PATIENCE

    async def pay(self) -> str:
        """A customer pays; the id of the event, which Stripe hasn't delivered yet."""
        await self.town.sandbox.stripe.pay(self.town.links[0]["url"], name="Margaret Hamilton")
        self.paid += 1
        events = [e for e in self.town.sandbox.stripe.events.values() if e["type"] == "checkout.session.completed"]
        return str(events[-1]["id"])

    async def deliver(self, event: str) -> int | None:
        """What the app answers to the event."""
        (attempt,) = await self.town.sandbox.stripe.redeliver(event)
        return attempt.status

    async def all_told(self) -> None:
        """Returns when every payment has its message, and the link's card counts them all."""
        words = f"€{300 * self.paid:,}.00 in {self.paid} payment"
        await self.town.sandbox.slack.until(lambda: words in str(self.town.cards[0]["text"]), 60.0)
        await self.town.sandbox.slack.until(lambda: len(self.town.payments) == self.paid, 60.0)

    async def survives(self, fail: Act, mend: Act) -> None:
        """Payments before, during and after the trouble."""
        assert await self.deliver(await self.pay()) == 200
        during = await self.pay()
        await fail()
        assert await self.deliver(during) == 503
        await mend()
        assert await self.deliver(during) == 200
        assert await self.deliver(during) == 200
        assert await self.deliver(await self.pay()) == 200
        await self.all_told()
        assert not self.app.is_over


@pytest.fixture
async def on_sqlite(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Till]:
    async with open_town(sqlite_url) as town, paylink(town.settings, tmp_path, "serve") as app:
        till = Till(town, app)
        await till.open()
        yield till


async def test_another_process_has_locked_the_file(on_sqlite: Till) -> None:
    path = on_sqlite.town.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as intruder:

        async def lock() -> None:
            intruder.execute("BEGIN IMMEDIATE")

        async def unlock() -> None:
            intruder.execute("ROLLBACK")

        await on_sqlite.survives(lock, unlock)


async def test_the_disk_is_full(on_sqlite: Till) -> None:
    free = resource.RLIM_INFINITY

    async def fill() -> None:
        resource.prlimit(on_sqlite.app.pid, resource.RLIMIT_FSIZE, (1, free))

    async def clear() -> None:
        resource.prlimit(on_sqlite.app.pid, resource.RLIMIT_FSIZE, (free, free))

    await on_sqlite.survives(fill, clear)


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    place = binaries()
    if place is None:
        unavailable("postgresql", "No PostgreSQL server is installed: pg_ctl isn't found.")
    with cluster(place) as running:
        yield running


async def test_postgresql_crashes_and_comes_back(server: Cluster, tmp_path: Path) -> None:
    await migrate.upgrade(server.url)
    async with open_town(server.url) as town, paylink(town.settings, tmp_path, "serve") as app:
        till = Till(town, app)
        await till.open()

        async def crash() -> None:
            await asyncio.to_thread(server.crash)

        async def start() -> None:
            await asyncio.to_thread(server.start)

        await till.survives(crash, start)
        await cut_connections(server.url)
        assert await till.deliver(await till.pay()) == 200
        await till.all_told()
