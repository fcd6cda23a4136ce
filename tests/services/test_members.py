from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.gateways.slack import SlackGateway
from bot.services.actors import Actor, require_editor
from bot.services.members import TTL_SECONDS, MemberService
from storage.database import Database
from tests.conftest import Clock
from tests.gateways.edge import Edge, listening
from tests.services.desk import TEAM

ADA = {
    "id": "UADA",
    "team_id": TEAM,
    "name": "ada",
    "locale": "de-DE",
    "profile": {"display_name": "Ada", "real_name": "Ada Lovelace"},
}


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with listening() as edge:
        yield edge


@pytest.fixture
async def members(database: Database, edge: Edge, clock: Clock) -> AsyncIterator[MemberService]:
    slack = SlackGateway("xoxb-1", base_url=f"{edge.url}/api/", timeout=2)
    yield MemberService(database, slack, TEAM, clock)
    await slack.close()


async def test_slack_is_asked_once_in_a_while(members: MemberService, edge: Edge, clock: Clock) -> None:
    edge.answer({"ok": True, "user": ADA})
    edge.answer({"ok": True, "user": ADA | {"is_restricted": True}})
    ada = Actor(TEAM, "UADA", "Ada", "de_DE", may_edit=True)
    assert await members.actor("UADA") == ada
    clock.advance(TTL_SECONDS - 1)
    assert await members.actor("UADA") == ada
    assert len(edge.asked) == 1
    clock.advance(1)
    assert (await members.actor("UADA")).may_edit is False
    assert len(edge.asked) == 2


async def test_what_another_process_asked_counts(
    members: MemberService, database: Database, edge: Edge, clock: Clock
) -> None:
    edge.answer({"ok": True, "user": ADA})
    edge.answer({"ok": True, "user": ADA | {"is_restricted": True}})
    other = SlackGateway("xoxb-1", base_url=f"{edge.url}/api/", timeout=2)
    await members.actor("UADA")
    clock.advance(TTL_SECONDS)
    assert (await MemberService(database, other, TEAM, clock).actor("UADA")).may_edit is False
    assert (await members.actor("UADA")).may_edit is False
    assert len(edge.asked) == 2
    await other.close()


@pytest.mark.one_database
async def test_a_crowd_is_remembered_in_the_database(
    members: MemberService, edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.members.REMEMBERED", 2)
    everybody = [f"U{number}" for number in range(4)]
    for user_id in everybody:
        edge.answer({"ok": True, "user": ADA | {"id": user_id}})
    assert [(await members.actor(user_id)).user_id for user_id in everybody * 2] == everybody * 2
    assert len(edge.asked) == 4


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "may_edit"),
    [
        ({}, True),
        ({"is_restricted": True}, False),
        ({"is_restricted": True, "is_ultra_restricted": True}, False),
        ({"is_stranger": True}, False),
        ({"is_bot": True}, False),
        ({"deleted": True}, False),
        ({"id": "USLACKBOT"}, False),
        ({"team_id": "TOTHER"}, False),
        ({"team_id": "TOTHER", "enterprise_user": {"teams": ["TOTHER", TEAM]}}, True),
    ],
)
async def test_full_members_of_this_workspace_may_edit(
    members: MemberService, edge: Edge, changes: dict[str, Any], may_edit: bool
) -> None:
    edge.answer({"ok": True, "user": ADA | changes})
    assert (await members.actor("UADA")).may_edit is may_edit


@pytest.mark.one_database
async def test_a_name_is_found_somewhere(members: MemberService, edge: Edge) -> None:
    edge.answer({"ok": True, "user": {"id": "U9", "team_id": TEAM, "profile": {"display_name": ""}}})
    assert await members.actor("U9") == Actor(TEAM, "U9", "U9", "en_US", may_edit=True)


@pytest.mark.one_database
async def test_a_silent_slack_leaves_people_as_they_were(members: MemberService, edge: Edge, clock: Clock) -> None:
    edge.answer({"ok": True, "user": ADA})
    edge.answer("<html>Bad gateway</html>", 502)
    known = await members.actor("UADA")
    clock.advance(TTL_SECONDS)
    assert await members.actor("UADA") == known
    assert await members.actor("UNEW") == Actor(TEAM, "UNEW", "UNEW", "en_US", may_edit=False)


@pytest.mark.one_database
async def test_whoever_slack_does_not_know_may_not_edit_any_more(
    members: MemberService, edge: Edge, clock: Clock
) -> None:
    edge.answer({"ok": True, "user": ADA})
    edge.answer({"ok": False, "error": "user_not_found"})
    await members.actor("UADA")
    clock.advance(TTL_SECONDS)
    assert (await members.actor("UADA")).may_edit is False


def test_only_editors_pass() -> None:
    require_editor(Actor(TEAM, "U1", "Ada", "en_US", may_edit=True))
    with pytest.raises(NotAllowed, match="Ask a colleague"):
        require_editor(Actor(TEAM, "U2", "Guest", "en_US", may_edit=False))
