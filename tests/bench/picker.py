"""The catalog's picker: options for three letters typed, out of many prices."""

import time
from random import Random

from storage import catalog
from storage.database import Database
from tests.bench import databases
from tests.bench.figures import Figure, Row, percentile
from tests.bench.place import Place, place
from tests.bench.processes import program
from tests.bench.scale import Scale
from tests.running.process import PATIENCE
from tests.storage.rows import price
from tests.storage.rows import product as product_row

WORDS = ("annual", "basic", "consulting", "custom", "enterprise", "licence", "monthly", "onboarding", "support", "team")
RARE = "quixotic"
_RARE_EVERY = 25_000
_BATCH = 2_000


async def measure(scale: Scale) -> list[Row]:
    """One row for each database: p99."""
    return [row for kind in scale.kinds for row in await _on(kind, scale)]


async def _on(kind: str, scale: Scale) -> list[Row]:
    async with place() as here, databases.migrated(kind, scale.folder) as url:
        await fill(url, here.team_id, scale.prices)
        await databases.settle(url)
        async with program("bot", "web", settings=here.settings(url)) as app:
            here.sandbox.connect(await app.url())
            rounds = [await _search(here, scale, seed) for seed in range(scale.rounds)]
    p99 = Figure(tuple(percentile(one, 0.99) for one in rounds), "ms")
    p50 = Figure(tuple(percentile(one, 0.5) for one in rounds), "ms")
    how = (
        f"{scale.prices:,} prices, {scale.searches} searches a round, seen from Slack (the sandbox): in turn letters of"
        f" a common word, digits, letters of a rare word, letters that nothing holds; p50 {p50}"
    )
    return [Row(f"picker's answer to three characters, {kind}: p99", p99, at_most=30, note=how)]


async def fill(url: str, team_id: str, count: int) -> None:
    """Mirrors so many prices, each of a product of its own with a number and three words for a name; very few of these
    words are RARE."""
    database, chance = Database(url), Random(1)
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        names = [_name(number, chance) for number in numbers]
        products = [
            product_row(team_id=team_id, id=f"prod_{number}", name=name, data={"id": f"prod_{number}", "name": name})
            for number, name in zip(numbers, names, strict=True)
        ]
        data = {"currency": "eur", "unit_amount": 1500, "type": "one_time", "active": True}
        prices = [
            price(team_id=team_id, id=id, product_id=product.id, data={**data, "id": id})
            for id, product in zip((f"price_{number}" for number in numbers), products, strict=True)
        ]
        async with database.begin() as session:
            await catalog.upsert_products(session, team_id, products)
            await catalog.upsert_prices(session, team_id, prices)
    await database.close()


def _name(number: int, chance: Random) -> str:
    words = chance.choices(WORDS, k=3) if number % _RARE_EVERY else [*chance.choices(WORDS, k=2), RARE]
    return f"{' '.join(words)} {number}".title()


async def _search(here: Place, scale: Scale, seed: int) -> list[float]:
    """Milliseconds until the options were there, for three characters each, in turn of each kind."""
    ada, chance, taken = here.sandbox.slack.person("ada"), Random(seed), []
    await ada.command("/paylink", "sales")
    await here.sandbox.slack.until(lambda: ada.modal, PATIENCE)
    await ada.press("Add item")
    await here.sandbox.slack.until(lambda: len(ada.stack) > 1, PATIENCE)
    await ada.pick("What is it?", "From the catalog")
    await here.sandbox.slack.until(lambda: "Price" in str(ada.modal), PATIENCE)
    for turn in range(scale.searches):
        typed, is_there = _typed(turn % 4, scale.prices, chance)
        started = time.perf_counter()
        found = await ada.search("Price", typed)
        taken.append((time.perf_counter() - started) * 1000)
        assert bool(found) == is_there
    await ada.close(clear=True)
    return taken


def _typed(kind: int, prices: int, chance: Random) -> tuple[str, bool]:
    """Three characters, and whether some price has them: of a common word, of a number, of a rare word, of none."""
    if kind == 1:
        return str(chance.randrange(100, prices))[:3], True
    if kind == 3:
        return "".join(chance.choices("jqvwxz", k=3)), False
    word = RARE if kind == 2 else chance.choice(WORDS)
    place = chance.randrange(len(word) - 2)
    return word[place : place + 3], True
