"""The list of links and the search in it, at ten thousand links and at a million."""

import time
from random import Random

from sqlalchemy import text

from bot.services.actors import Actor
from bot.services.links import LinkService
from storage.database import Database
from tests.bench import databases
from tests.bench.figures import Figure, Row, percentile
from tests.bench.scale import Scale

TEAM = "T1"
ADA = Actor(TEAM, "U1", "Ada", "en_US", may_edit=True)
FIRST = ("Autumn", "Globex", "Initech", "Nordwind", "October", "Spring", "Summer", "Umbrella", "Wayne", "Winter")
SECOND = ("campaign", "conference", "consulting", "deposit", "invoice", "licence", "renewal", "retainer", "support")
KINDS = ("list", "search for one link", "search for a word of many", "search for a word and digits")
_BATCH = 50_000
_EACH = 30

_LINKS = f"""
WITH RECURSIVE
  numbers (n) AS (VALUES (CAST(:start AS integer)) UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :end),
  first (k, word) AS (VALUES {", ".join(map(str, enumerate(FIRST)))}),
  second (k, word) AS (VALUES {", ".join(map(str, enumerate(SECOND)))}),
  named (n, name) AS (
    SELECT n, first.word || ' ' || second.word || ' ' || substr(CAST(10000000 + n AS text), 2)
    FROM numbers JOIN first ON first.k = n % 10 JOIN second ON second.k = n / 10 % 9
  )
INSERT INTO link (
  team_id, id, name, search, url, active, livemode, "foreign", data, version, stripe_event_at, created_at, updated_at
)
SELECT '{TEAM}', 'plink_' || n, name, lower(name), 'https://buy.stripe.com/' || n, n % 7 > 0, false, false,
  '{{}}', 1, 0, n / 3, n
FROM named
"""
"""Makes links whose numbers run from `start` to before `end`, in the database itself: a million would take Python
minutes."""


async def measure(scale: Scale) -> list[Row]:
    """Four rows for each database: listing and each kind of search, as multiples of the time with few links."""
    return [row for kind in scale.kinds for row in await _on(kind, scale)]


async def _on(kind: str, scale: Scale) -> list[Row]:
    few, many = scale.links
    async with databases.migrated(kind, scale.folder) as url:
        database = Database(url)
        await _fill(database, 0, few)
        await databases.settle(url)
        at_first = [await _times(database, few, seed) for seed in range(scale.rounds)]
        await _fill(database, few, many)
        await databases.settle(url)
        at_last = [await _times(database, many, seed) for seed in range(scale.rounds)]
        await database.close()
    found = []
    for number, what in enumerate(KINDS):
        first, last = (Figure(tuple(one[number] for one in them), "ms") for them in (at_first, at_last))
        how = f"{last} with {many:,} links, {first} with {few:,}; medians of {_EACH} in the service"
        found.append(Row(f"/paylink {what}, {kind}", last.over(first), at_most=2, note=how))
    return found


async def _fill(database: Database, start: int, end: int) -> None:
    for begin in range(start, end, _BATCH):
        async with database.begin() as session:
            await session.execute(text(_LINKS), {"start": begin, "end": min(begin + _BATCH, end)})


async def _times(database: Database, count: int, seed: int) -> tuple[float, ...]:
    """Median milliseconds of a page of each of the KINDS."""
    service, chance = LinkService(database, None, TEAM, time.time, lambda: None, None), Random(seed)  # type: ignore[arg-type]
    taken: list[list[float]] = [[] for _ in KINDS]
    for _ in range(_EACH):
        number = chance.randrange(count)
        searches = (f"{number:07d}", chance.choice(SECOND), f"{FIRST[number % 10].lower()} {number % 1000:03d}")
        for kind, words in enumerate((None, *searches)):
            started = time.perf_counter()
            await service.page(ADA, active=True if words is None else None, text=words)
            taken[kind].append((time.perf_counter() - started) * 1000)
    return tuple(percentile(times, 0.5) for times in taken)
