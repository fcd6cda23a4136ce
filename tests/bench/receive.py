"""Receiving Stripe's webhooks, each durable before it is answered: the app beside the least that would do."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import func, select

from storage import rows
from storage.database import Database
from storage.models import StripeEvent
from tests.bench import databases
from tests.bench.figures import Figure, Row
from tests.bench.load import CLIENT, Loaded, LoadFailed, load, write_requests
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.bench.stripe_events import copies, signed

CONNECTIONS = 32
FLOORS = {"sqlite": "plain sqlite3 in a thread", "postgresql": "asyncpg"}


async def measure(scale: Scale) -> list[Row]:
    """Four rows: rate and p99 on each database, as multiples of the floor's."""
    async with place() as here:
        requests = await _requests(here, scale)
        return [row for kind in scale.kinds for row in await _on(kind, here, requests, scale)]


async def _requests(here: Place, scale: Scale) -> Path:
    event, now = await here.paid(await here.link()), time.time()
    file = scale.folder / "webhooks"
    bodies = (body for _, body in copies(event, scale.requests))
    write_requests(file, ((signed(here.webhook_secret, body, now), body) for body in bodies))
    return file


async def _on(kind: str, here: Place, requests: Path, scale: Scale) -> list[Row]:
    floors, apps = [], []
    for _ in range(scale.rounds):
        async with databases.empty(kind, scale.folder) as url, _floor(kind, here.webhook_secret, url) as address:
            floors.append(await _loaded(address, requests, url, scale))
        async with databases.migrated(kind, scale.folder) as url, _app(here, url) as address:
            apps.append(await _loaded(address, requests, url, scale))
    rate, floor = (Figure(tuple(one.rate for one in them), "/s") for them in (apps, floors))
    p99, least = (Figure(tuple(one.p99 for one in them), "ms") for them in (apps, floors))
    how = f"{CLIENT}, {CONNECTIONS} connections; floor: aiohttp, HMAC, {FLOORS[kind]}"
    return [
        Row(f"webhook received, {kind}", rate.over(floor), at_least=0.8, note=f"{rate} to {floor}; {how}"),
        Row(f"webhook received, {kind}: p99", p99.over(least), at_most=2, note=f"{p99} to {least}"),
    ]


@asynccontextmanager
async def _floor(kind: str, secret: str, url: str) -> AsyncIterator[str]:
    target = url.removeprefix("sqlite:///")
    async with program(f"tests.bench.floors.receive_{kind}", secret, target) as floor:
        yield await floor.url()


@asynccontextmanager
async def _app(here: Place, url: str) -> AsyncIterator[str]:
    async with program("bot", "web", settings=here.settings(url)) as app:
        yield await app.url()


async def _loaded(address: str, requests: Path, url: str, scale: Scale) -> Loaded:
    """The load's figures; raises LoadFailed unless every event that was answered is in the database."""
    done = await load(f"{address}/stripe/webhook", requests, connections=CONNECTIONS, seconds=scale.seconds)
    async with AsyncExitStack() as stack:
        database = Database(url)
        stack.push_async_callback(database.close)
        session = await stack.enter_async_context(database.read())
        stored = (await session.execute(select(func.count()).select_from(rows.table(StripeEvent)))).scalar_one()

    if done.errors or stored < min(done.requests, scale.requests):
        raise LoadFailed(f"{done.requests} answered ({done.errors} badly), {stored} stored")
    return done
