"""Whether the app can speak somewhere."""

import pytest

from bot.slack.listeners.telling import app_is_in, conversation
from tests.slack.office import Office

pytestmark = pytest.mark.one_database


async def test_where_the_app_can_speak(office: Office) -> None:
    slack, gateway = office.slack, office.paylink.slack
    assert await app_is_in(gateway, slack.channel("sales").id)
    assert await app_is_in(gateway, slack.team.dm(office.ada.id).id)
    assert await app_is_in(gateway, await conversation(gateway, office.ada.id))
    assert not await app_is_in(gateway, slack.channel("random").id)
    assert not await app_is_in(gateway, slack.channel("deals").id)


@pytest.mark.parametrize(("status", "headers"), [(429, {"Retry-After": "1"}), (503, {})])
async def test_it_is_taken_for_granted_while_slack_can_not_be_asked(
    office: Office, status: int, headers: dict[str, str]
) -> None:
    office.slack.faults.add("* /api/conversations.info", "status", status=status, headers=headers)
    assert await app_is_in(office.paylink.slack, office.slack.channel("random").id)
