"""Starting when Stripe says little or nothing about who we are."""

import pytest

from bot.app import build
from bot.config import Settings
from bot.errors import GatewayError
from storage import workspaces
from tests.running.town import Town

pytestmark = pytest.mark.one_database


async def account(town: Town) -> tuple[str, str]:
    """The workspace's name and Stripe account, as the app writes them down on start."""
    async with build(Settings.model_validate(town.settings)) as app, app.db.read() as session:
        row = await workspaces.get(session, town.sandbox.slack.team.id)
    assert row is not None
    return row.name, row.stripe_account


async def test_slack_may_be_away_once_it_was_asked(town: Town) -> None:
    await account(town)
    away = town.sandbox.slack.faults.add("POST /api/auth.test", "status", status=503, times=None)
    assert await account(town) == ("Acme", town.sandbox.stripe.account.id)
    assert away.struck == 1


async def test_slack_has_to_be_asked_once(town: Town) -> None:
    town.sandbox.slack.faults.add("POST /api/auth.test", "drop_before", times=None)
    with pytest.raises(GatewayError):
        await account(town)


async def test_another_token_has_to_be_asked_about(town: Town) -> None:
    await account(town)
    town.sandbox.slack.reinstall()
    town.sandbox.slack.faults.add("POST /api/auth.test", "status", status=503, times=None)
    with pytest.raises(GatewayError):
        await account(town)


async def test_it_writes_down_whose_it_is(town: Town) -> None:
    assert await account(town) == ("Acme", town.sandbox.stripe.account.id)


async def test_a_restricted_key_may_hide_the_account(town: Town) -> None:
    refusal = {"error": {"type": "invalid_request_error", "message": "The provided key lacks permissions."}}
    town.sandbox.stripe.faults.add("GET /v1/account", "status", status=403, body=refusal)
    assert await account(town) == ("Acme", "")


async def test_stripe_may_be_away(town: Town) -> None:
    town.sandbox.stripe.faults.add("GET /v1/account", "status", status=503, times=None)
    assert await account(town) == ("Acme", "")
