"""What we remember of workspaces, people and readers: the last word replaces the one before."""

from storage import cursors, members, workspaces
from storage.database import Database
from storage.models import Member, Workspace
from tests.storage.rows import OTHER_TEAM, TEAM


async def test_a_member(database: Database) -> None:
    for name, may_edit in (("Ann", True), ("Ann B.", False)):
        row = Member(team_id=TEAM, user_id="U1", name=name, locale="de-DE", may_edit=may_edit, checked_at=1.0)
        async with database.begin() as session:
            await members.put(session, row)
    async with database.read() as session:
        found = await members.get(session, TEAM, "U1")
        assert found is not None
        assert (found.name, found.locale, found.may_edit, found.checked_at) == ("Ann B.", "de-DE", False, 1.0)
        assert await members.get(session, OTHER_TEAM, "U1") is None


async def test_a_workspace(database: Database) -> None:
    for name in ("Acme", "Acme Inc."):
        row = Workspace(
            team_id=TEAM, name=name, bot_user_id="B1", stripe_account="acct_1", livemode=False, updated_at=1.0
        )
        async with database.begin() as session:
            await workspaces.put(session, row)
    async with database.read() as session:
        found = await workspaces.get(session, TEAM)
        assert found is not None
        assert found.name == "Acme Inc."
        assert await workspaces.get(session, OTHER_TEAM) is None


async def test_a_cursor(database: Database) -> None:
    async with database.read() as session:
        assert await cursors.get(session, TEAM, "events") is None
    for value in ("1", "2"):
        async with database.begin() as session:
            await cursors.put(session, TEAM, "events", value, 3.0)
    async with database.read() as session:
        assert await cursors.get(session, TEAM, "events") == "2"
        assert await cursors.get(session, OTHER_TEAM, "events") is None
