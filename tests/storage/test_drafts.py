"""Drafts: found by their workspace alone, newest first, and submitted by one claimant at a time."""

import asyncio

from storage import drafts
from storage.database import Database
from storage.models import Draft
from tests.storage.rows import OTHER_TEAM, TEAM, draft


async def add(database: Database, *rows: Draft) -> None:
    async with database.begin() as session:
        for row in rows:
            await drafts.add(session, row)


async def test_a_draft_comes_back_as_it_was_written(database: Database) -> None:
    data = {"name": "Wörkshop €", "line_items": [{"row": "a", "unit_amount": 12_345}], "options": {}}
    await add(database, draft(data=data, base={"name": "before"}, link_id="plink_1", view_id="V1"))
    async with database.read() as session:
        found = await drafts.get(session, TEAM, "d1")
    assert found is not None
    assert found.model_dump() == {
        "id": "d1",
        "team_id": TEAM,
        "user_id": "U1",
        "channel_id": "C1",
        "link_id": "plink_1",
        "revision": 1,
        "state": "open",
        "data": data,
        "base": {"name": "before"},
        "theirs": None,
        "replaces": None,
        "joined": False,
        "view_id": "V1",
        "lease_until": 0.0,
        "created_at": 1.0,
        "updated_at": 1.0,
    }


async def test_a_draft_of_another_workspace_is_not_there(database: Database) -> None:
    await add(database, draft())
    async with database.read() as session:
        assert await drafts.get(session, OTHER_TEAM, "d1") is None
        assert await drafts.newest_new(session, OTHER_TEAM, "U1") == []


async def test_for_update_sees_what_was_committed_meanwhile(database: Database) -> None:
    await add(database, draft())
    async with database.begin() as session:
        first = await drafts.get(session, TEAM, "d1", for_update=True)
        assert first is not None
        first.revision = 2
        waiting = asyncio.create_task(_bump(database))
    await waiting
    async with database.read() as session:
        found = await drafts.get(session, TEAM, "d1")
    assert found is not None
    assert found.revision == 3


async def _bump(database: Database) -> None:
    async with database.begin() as session:
        row = await drafts.get(session, TEAM, "d1", for_update=True)
        assert row is not None
        row.revision += 1


async def test_the_newest_open_drafts_of_new_links(database: Database) -> None:
    await add(
        database,
        draft(id="old", updated_at=1.0),
        draft(id="new", updated_at=3.0),
        draft(id="mid", updated_at=2.0),
        draft(id="edit", updated_at=9.0, link_id="plink_1"),
        draft(id="done", updated_at=9.0, state="done"),
        draft(id="hers", updated_at=9.0, user_id="U2"),
    )
    async with database.read() as session:
        found = await drafts.newest_new(session, TEAM, "U1")
        assert [draft_id for draft_id, _ in found] == ["new", "mid", "old"]
        assert await drafts.newest_new(session, TEAM, "U1", limit=1) == [("new", draft().data)]


async def test_the_newest_open_edits_of_a_link(database: Database) -> None:
    await add(
        database,
        draft(id="old", updated_at=1.0, link_id="plink_1"),
        draft(id="new", updated_at=3.0, link_id="plink_1"),
        draft(id="other", updated_at=9.0, link_id="plink_2"),
        draft(id="first", updated_at=9.0),
        draft(id="done", updated_at=9.0, link_id="plink_1", state="done"),
        draft(id="hers", updated_at=9.0, link_id="plink_1", user_id="U2"),
    )
    async with database.read() as session:
        found = await drafts.newest_edits(session, TEAM, "U1", "plink_1")
        assert [row.id for row in found] == ["new", "old"]
        assert [row.id for row in await drafts.newest_edits(session, TEAM, "U1", "plink_1", limit=1)] == ["new"]


async def test_a_claim_takes_what_is_due_and_holds_it_until_the_lease_ends(database: Database) -> None:
    await add(
        database,
        draft(id="due", state="submitting", lease_until=10.0),
        draft(id="later", state="submitting", lease_until=11.0),
        draft(id="open", state="open"),
        draft(id="theirs", state="submitting", team_id=OTHER_TEAM),
    )
    assert await claim(database, now=10.0) == ["due"]
    assert await claim(database, now=11.0) == ["later"]
    assert await claim(database, now=69.0) == []
    assert await claim(database, now=70.0) == ["due"]


async def test_two_claims_at_once_never_share_a_draft(database: Database) -> None:
    await add(database, *(draft(id=f"d{number}", state="submitting") for number in range(20)))
    taken = await asyncio.gather(*(claim(database, now=1.0, limit=7) for _ in range(3)))
    ids = [draft_id for claimed in taken for draft_id in claimed]
    assert len(ids) == len(set(ids))
    rest = await claim(database, now=1.0, limit=20)
    assert sorted(ids + rest) == sorted(f"d{number}" for number in range(20))


async def claim(database: Database, now: float, limit: int = 5) -> list[str]:
    async with database.begin() as session:
        found = await drafts.claim_submitting(session, TEAM, now, now + 60.0, limit)
        return [row.id for row in found]
