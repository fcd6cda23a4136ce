"""The list of links and the search in it, at ten thousand links and at a million."""

import time
from random import Random
from typing import Any

from sqlalchemy import insert

from bot.services.actors import Actor
from bot.services.links import LinkService
from storage import rows
from storage.database import Database
from storage.models import Link
from storage.search import fold
from tests.bench import databases
from tests.bench.figures import Figure, Row, percentile
from tests.bench.scale import Scale

TEAM = "T1"
ADA = Actor(TEAM, "U1", "Ada", "en_US", may_edit=True)
FIRST = ("Autumn", "Globex", "Initech", "Nordwind", "October", "Spring", "Summer", "Umbrella", "Wayne", "Winter")
SECOND = ("campaign", "conference", "consulting", "deposit", "invoice", "licence", "renewal", "retainer", "support")
_BATCH = 5_000
_EACH = 30


async def measure(scale: Scale) -> list[Row]:
    """Two rows for each database: listing and searching, as multiples of the time they take with few links."""
    return [row for kind in scale.kinds for row in await _on(kind, scale)]


async def _on(kind: str, scale: Scale) -> list[Row]:
    few, many = scale.links
    async with databases.migrated(kind, scale.folder) as url:
        database = Database(url)
        await _fill(database, 0, few)
        at_first = [await _times(database, few, seed) for seed in range(scale.rounds)]
        await _fill(database, few, many)
        at_last = [await _times(database, many, seed) for seed in range(scale.rounds)]
        await database.close()
    found = []
    for number, what in enumerate(("list", "search")):
        first, last = (Figure(tuple(one[number] for one in them), "ms") for them in (at_first, at_last))
        how = f"{last} with {many:,} links, {first} with {few:,}; medians of {_EACH} in the service"
        found.append(Row(f"/paylink {what}, {kind}", last.over(first), at_most=2, note=how))
    return found


async def _fill(database: Database, start: int, end: int) -> None:
    for begin in range(start, end, _BATCH):
        numbers = range(begin, min(begin + _BATCH, end))
        async with database.begin() as session:
            await session.execute(insert(rows.table(Link)), [_row(number) for number in numbers])


def _row(number: int) -> dict[str, Any]:
    name = f"{FIRST[number % 10]} {SECOND[number // 10 % 9]} {number:07d}"
    row: dict[str, Any] = {
        "team_id": TEAM,
        "id": f"plink_{number:08d}",
        "url": f"https://buy.stripe.com/{number:08d}",
        "name": name,
    }
    row |= {"search": fold(name), "active": number % 7 > 0, "livemode": False, "foreign": False, "data": {"name": name}}
    row |= {"draft_id": None, "created_by": "U1", "channel_id": "C1", "version": 1, "stripe_event_at": 0.0}
    return row | {"created_at": float(number // 3), "updated_at": float(number)}


async def _times(database: Database, count: int, seed: int) -> tuple[float, float]:
    """Median milliseconds of a page of the list, and of searches rare and common."""
    service, chance = LinkService(database, None, TEAM, time.time, lambda: None, None), Random(seed)  # type: ignore[arg-type]
    listed, searched = [], []
    for turn in range(_EACH):
        number = chance.randrange(count)
        started = time.perf_counter()
        await service.page(ADA, active=True)
        listed.append(time.perf_counter() - started)
        words = (f"{number:07d}", chance.choice(SECOND), f"{FIRST[number % 10]} {number % 1000:03d}")[turn % 3]
        started = time.perf_counter()
        await service.page(ADA, text=words.lower())
        searched.append(time.perf_counter() - started)
    return percentile(listed, 0.5) * 1000, percentile(searched, 0.5) * 1000
