"""Links: listed newest first, page by page, and found by what people remember of them."""

import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from storage import links
from storage.database import Database
from storage.models import Link
from tests.storage.rows import OTHER_TEAM, TEAM, link


async def add(database: Database, *rows: Link) -> None:
    async with database.begin() as session:
        session.add_all(rows)


async def listed(database: Database, **asked: object) -> list[str]:
    async with database.read() as session:
        return [row.id for row in await links.page(session, TEAM, **asked)]  # type: ignore[arg-type]


async def found(database: Database, text: str, limit: int = 20) -> list[str]:
    async with database.read() as session:
        return [row.id for row in await links.find(session, TEAM, text, limit)]


async def test_a_link_is_written_once(database: Database) -> None:
    await add(database, link())
    async with database.begin() as session:
        with pytest.raises(IntegrityError):
            await links.add(session, link())
        await session.rollback()


async def test_one_draft_makes_one_link(database: Database) -> None:
    async with database.begin() as session:
        await links.add(session, link(draft_id="d1"))
        await links.add(session, link(id="plink_2"))
        await links.add(session, link(id="plink_3"))
    async with database.read() as session:
        made = await links.by_draft(session, TEAM, "d1")
        assert made is not None
        assert made.id == "plink_1"
        assert await links.by_draft(session, TEAM, "d2") is None
        assert await links.by_draft(session, OTHER_TEAM, "d1") is None
    with pytest.raises(IntegrityError):
        await add(database, link(id="plink_4", draft_id="d1"))


async def test_two_who_find_no_link_do_not_both_create_it(database: Database) -> None:
    async def create(name: str) -> None:
        async with database.begin() as session:
            row = await links.get(session, TEAM, "plink_1", for_update=True)
            if row is None:
                await links.add(session, link(name=name))
            else:
                row.version += 1

    await asyncio.gather(*(create(name) for name in "abc"))
    async with database.read() as session:
        row = await links.get(session, TEAM, "plink_1")
    assert row is not None
    assert row.version == 3


async def test_the_links_there_are(database: Database) -> None:
    await add(database, link(), link(id="plink_2", name="Course"), link(id="plink_3", team_id=OTHER_TEAM))
    async with database.read() as session:
        found = await links.several(session, TEAM, ["plink_2", "plink_3", "plink_4"])
    assert {id: one.name for id, one in found.items()} == {"plink_2": "Course"}


async def test_pages_follow_each_other_through_links_of_one_second(database: Database) -> None:
    rows = [link(id=f"plink_{number}", created_at=float(number // 4)) for number in range(23)]
    await add(database, *rows, link(id="plink_theirs", team_id=OTHER_TEAM, created_at=3.0))
    expected = [row.id for row in sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)]
    read: list[str] = []
    before = None
    async with database.read() as session:
        while page := await links.page(session, TEAM, before=before, limit=5):
            read += [row.id for row in page]
            before = (page[-1].created_at, page[-1].id)
    assert read == expected


async def test_a_page_of_the_active_or_the_others(database: Database) -> None:
    await add(database, link(), link(id="plink_2", active=False, created_at=2.0))
    assert await listed(database) == ["plink_2", "plink_1"]
    assert await listed(database, active=True) == ["plink_1"]
    assert await listed(database, active=False) == ["plink_2"]
    assert await listed(database, active=False, before=(2.0, "plink_2")) == []


async def test_a_page_holding_a_text(database: Database) -> None:
    await add(
        database,
        link(id="plink_1", name="Yoga Class Berlin"),
        link(id="plink_2", name="Yoga Retreat", created_at=2.0),
        link(id="plink_3", name="Ügly % of 100_000", created_at=3.0),
    )
    assert await listed(database, text="YOGA") == ["plink_2", "plink_1"]
    assert await listed(database, text="yoga", before=(2.0, "plink_2")) == ["plink_1"]
    assert await listed(database, text=" ber  yoga ") == ["plink_1"]
    assert await listed(database, text="üGL") == ["plink_3"]
    assert await listed(database, text="%") == ["plink_3"]
    assert await listed(database, text="0_0") == ["plink_3"]
    assert await listed(database, text='"yoga"') == []
    assert await listed(database, text="yo") == ["plink_2", "plink_1"]


async def test_find_prefers_the_id_then_the_url_then_the_name(database: Database) -> None:
    await add(
        database,
        link(id="plink_1", name="Yoga", url="https://buy.stripe.com/aaa"),
        link(id="plink_2", name="Yoga for plink_1 at https://buy.stripe.com/aaa", created_at=2.0),
        link(id="plink_3", name="Yoga", created_at=3.0),
        link(id="plink_4", name="Yoga", created_at=4.0, team_id=OTHER_TEAM),
    )
    assert await found(database, " plink_1 ") == ["plink_1"]
    assert await found(database, "https://buy.stripe.com/aaa") == ["plink_1"]
    assert await found(database, "Yoga") == ["plink_3", "plink_1", "plink_2"]
    assert await found(database, "yoga") == ["plink_3", "plink_2", "plink_1"]
    assert await found(database, "Yoga", limit=1) == ["plink_3"]
    assert await found(database, "plink_4") == []
    assert await found(database, "  ") == []


async def test_a_renamed_link_is_found_by_its_new_name_alone(database: Database) -> None:
    await add(database, link(name="Yoga"))
    async with database.begin() as session:
        row = await links.get(session, TEAM, "plink_1", for_update=True)
        assert row is not None
        row.name, row.search = "Pilates", "pilates plink_1"
    assert await found(database, "yog") == []
    assert await found(database, "pila") == ["plink_1"]


async def test_a_deleted_link_is_not_found(database: Database) -> None:
    await add(database, link(name="Yoga"))
    async with database.begin() as session:
        row = await links.get(session, TEAM, "plink_1")
        await session.delete(row)
    assert await found(database, "yoga") == []


async def test_words_that_many_links_hold(database: Database) -> None:
    rows = [link(id=f"plink_{number:04}", name=f"Yoga {number}", created_at=float(number)) for number in range(1_200)]
    await add(database, *rows)
    assert await listed(database, text="yoga", limit=2) == ["plink_1199", "plink_1198"]
    assert await listed(database, text="yoga 77", limit=2) == ["plink_1177", "plink_1077"]


@pytest.mark.parametrize("text", ["z", "zq", "zq y", "q yoga", "ж", "本", "ς"])
async def test_a_short_word_that_few_of_many_links_hold(database: Database, text: str) -> None:
    """At the beginning, in the middle and at the very end of what is searched."""
    rows = [link(id=f"plink_{number:04}", name=f"Yoga {number}", created_at=float(number)) for number in range(1_200)]
    for number, search in ((7, "zq ж本ς yoga"), (700, "yoga zqж本ς y"), (900, "y yoga жς本zq"), (901, "yoga y zqж本ς")):
        rows[number].search = search
    rows.append(link(id="plink_theirs", team_id=OTHER_TEAM, search="zq ж本ς yoga"))
    await add(database, *rows)
    assert await listed(database, text=text) == ["plink_0901", "plink_0900", "plink_0700", "plink_0007"]


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "'; DROP TABLE link", "*", '"', "NEAR(", "a" * 5_000, "🧘"])
async def test_any_text_can_be_looked_for(database: Database, text: str) -> None:
    await add(database, link())
    assert await found(database, text) == []
