"""What is found among links: exactly what reading them all finds, whichever way the database takes."""

from random import Random

import pytest

from storage import links, search
from storage.database import Database
from storage.models import Link
from tests.storage.rows import OTHER_TEAM, TEAM, link

WORDS = ("autumn", "winter", "invoice", "in", "voice", "o_0", "ς", "本", "q", "12", "0123", "1230123", "''", "%")
PARTS = (
    *WORDS,
    "aut",
    "umn",
    "tum",
    "win",
    "ter",
    "int",
    "oic",
    "123",
    "012",
    "301",
    "u",
    "n w",
    "nothing",
    "本ж",
    "Σ",
)
LINKS = 400


def some_link(number: int, chance: Random) -> Link:
    words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 4)))
    return link(
        id=f"plink_{number}",
        team_id=TEAM if chance.random() < 0.8 else OTHER_TEAM,
        active=chance.random() < 0.7,
        created_at=float(chance.choice((chance.randrange(8), chance.randrange(1_000_000) / 4))),
        search=search.fold(words if chance.random() < 0.9 else "autumn winter"),
    )


def expected(held: list[Link], active: bool | None, text: str, before: links.Place | None, limit: int) -> list[str]:
    asked = search.words(text)
    fitting = [
        row
        for row in held
        if row.team_id == TEAM
        and (active is None or row.active == active)
        and (before is None or (row.created_at, row.id) < before)
        and all(word in row.search for word in asked)
    ]
    return [row.id for row in sorted(fitting, key=lambda row: (row.created_at, row.id), reverse=True)[:limit]]


async def check(database: Database, held: list[Link], chance: Random, queries: int) -> None:
    async with database.read() as session:
        for _ in range(queries):
            text = " ".join(chance.choice(PARTS) for _ in range(chance.randint(1, 3)))
            active, limit = chance.choice((None, None, True, False)), chance.choice((1, 3, 11, 500))
            near = chance.choice(held)
            before = chance.choice((None, (near.created_at, near.id)))
            found = await links.page(session, TEAM, active, text, before, limit)
            asked = (active, text, before, limit)
            assert [row.id for row in found] == expected(held, *asked), asked


@pytest.mark.parametrize("few", [4, 60, search.FEW])
async def test_every_query_finds_what_reading_all_links_finds(
    database: Database, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    chance = Random(few)
    held = [some_link(number, chance) for number in range(LINKS)]
    async with database.begin() as session:
        session.add_all(held)
    await check(database, held, chance, 120)
    async with database.begin() as session:
        for row in chance.sample(held, 120):
            known = await links.get(session, row.team_id, row.id)
            assert known is not None
            known.search = row.search = chance.choice((row.search, search.fold(chance.choice(WORDS))))
            known.created_at = row.created_at = chance.choice((row.created_at, float(chance.randrange(8)), 1e9))
        for _ in range(30):
            gone = held.pop(chance.randrange(len(held)))
            await session.delete(await links.get(session, gone.team_id, gone.id))
    await check(database, held, chance, 120)
