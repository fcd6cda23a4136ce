"""`paylink doctor`: what it sees when all is well, and the cure it names for each thing that isn't."""

import copy
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.doctor import Finding, examine
from bot.outside import outside
from bot.sandbox.sandbox import Sandbox
from tests.harness import MANIFEST
from tests.running.command import command

pytestmark = pytest.mark.one_database


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(MANIFEST) as opened:
        yield opened


@pytest.fixture
def settings(sandbox: Sandbox, database_url: str) -> dict[str, Any]:
    return {**sandbox.settings, "database_url": database_url, "slack_app_token": sandbox.slack.app_token}


async def ills(settings: dict[str, Any], ahead: float = 0.0) -> dict[str, Finding]:
    """What the doctor finds that isn't well, by name, on a clock that is ahead by so many seconds."""
    async with outside(Settings.model_validate(settings), lambda: time.time() + ahead) as patient:
        return {finding.name: finding async for finding in examine(patient) if not finding.well}


async def the_ill(settings: dict[str, Any], ahead: float = 0.0) -> tuple[str, str, str]:
    """The only thing that isn't well: name, what was seen, cure."""
    ((name, finding),) = (await ills(settings, ahead)).items()
    return name, finding.seen, str(finding.cure)


async def test_all_is_well(sandbox: Sandbox, settings: dict[str, Any], tmp_path: Path) -> None:
    settings["paylink_default_channel"] = sandbox.slack.channel("payments").id
    ended = await command(settings, tmp_path, "doctor")
    assert ended.status == 0
    assert ended.out.splitlines() == [
        "✓ Slack bot token: Acme, as @paylink",
        "✓ Slack app-level token: Socket Mode works",
        "✓ Stripe key: test mode",
        "✓ Stripe webhook: http://127.0.0.1:1/stripe/webhook",
        "✓ Database: sqlite, tables up to date",
        "✓ Clock: agrees with Slack's",
        "✓ Default channel: #payments",
    ]


async def test_what_is_optional_is_said_to_be_off(settings: dict[str, Any], tmp_path: Path) -> None:
    del settings["slack_app_token"], settings["stripe_webhook_secret"]
    ended = await command(settings, tmp_path, "doctor")
    assert ended.status == 0
    for line in (
        "✓ Slack app-level token: not set: Slack reaches Paylink over HTTP",
        "✓ Stripe webhook: no secret: events are polled every 5 s",
        "✓ Default channel: not set: payments through links made elsewhere are not announced",
    ):
        assert line in ended.out.splitlines()


async def test_wrong_secrets_are_told_with_their_cures_and_never_repeated(
    settings: dict[str, Any], tmp_path: Path
) -> None:
    wrong = {
        "slack_bot_token": "xoxb-000000000001-000000000002-wrong",
        "slack_app_token": "xapp-1-A1-1-wrong",
        "stripe_secret_key": "sk_test_51wrongwrongwrongwrong",
        "stripe_webhook_secret": "whsec_wrong",
        "paylink_default_channel": "C000000001",
    }
    ended = await command({**settings, **wrong}, tmp_path, "doctor")
    assert ended.status == 1
    assert ended.out.splitlines() == [
        "✗ Slack bot token: Slack answers invalid_auth",
        "  → Copy the Bot User OAuth Token into SLACK_BOT_TOKEN.",
        "✗ Slack app-level token: Slack answers invalid_auth",
        "  → Make an app-level token with the scope connections:write, switch Socket Mode on, set SLACK_APP_TOKEN.",
        "✗ Stripe key: Stripe doesn't accept it",
        "  → Copy the secret key from Stripe's Dashboard (Developers → API keys) into STRIPE_SECRET_KEY.",
        "✗ Stripe webhook: Stripe doesn't accept the app's API key. Ask whoever runs Paylink to check it.",
        "  → Mend the Stripe key first, then run this again.",
        "✓ Database: sqlite, tables up to date",
        "✓ Clock: agrees with Slack's",
        "✗ Default channel: Slack refused: invalid_auth.",
        "  → Mend the Slack bot token first, then run this again.",
    ]
    printed = ended.out + ended.err
    assert not [value for value in (*settings.values(), *wrong.values()) if "wrong" in value and value in printed]


async def test_a_scope_is_missing(database_url: str) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read")
    async with Sandbox(manifest) as sandbox:
        name, seen, cure = await the_ill({**sandbox.settings, "database_url": database_url})
    assert (name, seen) == ("Slack bot token", "scopes missing: users:read")
    assert "reinstall the app" in cure


async def test_a_restricted_key_may_read_too_little(sandbox: Sandbox, settings: dict[str, Any]) -> None:
    refusal = {"error": {"type": "invalid_request_error", "message": "The provided key lacks permissions."}}
    for path in ("/v1/events", "/v1/webhook_endpoints"):
        sandbox.stripe.faults.add(f"GET {path}", "status", status=403, body=refusal)
    found = await ills(settings)
    assert set(found) == {"Stripe key", "Stripe webhook"}
    assert found["Stripe key"].seen == "may not read: Events"


async def test_no_webhook_endpoint_is_ours(sandbox: Sandbox, settings: dict[str, Any]) -> None:
    (endpoint,) = sandbox.stripe.account.tables["webhook_endpoint"].values()
    endpoint["url"] = "https://elsewhere.example/hook"
    name, seen, cure = await the_ill(settings)
    assert (name, seen) == ("Stripe webhook", "no enabled endpoint ends in /stripe/webhook")
    assert "https://<your host>/stripe/webhook" in cure


async def test_the_webhook_endpoint_misses_events(sandbox: Sandbox, settings: dict[str, Any]) -> None:
    (endpoint,) = sandbox.stripe.account.tables["webhook_endpoint"].values()
    endpoint["enabled_events"] = ["checkout.session.completed", "payment_link.created"]
    name, seen, cure = await the_ill(settings)
    assert name == "Stripe webhook"
    assert "checkout.session.async_payment_failed" in seen
    assert "checkout.session.completed" not in seen
    assert cure == "Select these events for the endpoint in Stripe's Dashboard."


async def test_the_database_is_not_migrated(settings: dict[str, Any], empty_database_url: str) -> None:
    ill = await the_ill({**settings, "database_url": empty_database_url})
    assert ill == ("Database", "sqlite: tables are not up to date", "Run `paylink migrate`.")


async def test_the_database_does_not_answer(settings: dict[str, Any]) -> None:
    url = "postgresql://somebody:a-password@127.0.0.1:1/paylink"
    name, seen, cure = await the_ill({**settings, "database_url": url})
    assert name == "Database"
    assert seen.startswith("DATABASE_URL can't be used: ")
    assert "a-password" not in seen
    assert "that the database server runs" in cure


@pytest.mark.parametrize("ahead", [-90.0, 90.0])
async def test_the_clock_is_off(settings: dict[str, Any], ahead: float) -> None:
    name, seen, cure = await the_ill(settings, ahead)
    assert name == "Clock"
    assert (seen[0], seen.partition(" ")[2]) == ("+" if ahead > 0 else "-", "s against Slack's")
    assert "NTP" in cure


async def test_the_default_channel_is_without_the_app(sandbox: Sandbox, settings: dict[str, Any]) -> None:
    settings["paylink_default_channel"] = sandbox.slack.channel("random").id
    ill = await the_ill(settings)
    assert ill == ("Default channel", "#random: Paylink is not in it", "Type /invite @Paylink in #random.")


async def test_the_default_channel_does_not_exist(settings: dict[str, Any]) -> None:
    settings["paylink_default_channel"] = "C999999999"
    name, seen, cure = await the_ill(settings)
    assert (name, seen) == ("Default channel", "C999999999 is unknown to Slack")
    assert "a channel's id (C…)" in cure


async def test_nobody_answers(settings: dict[str, Any]) -> None:
    nowhere = {"slack_api_url": "http://127.0.0.1:1/api/", "stripe_api_url": "http://127.0.0.1:1"}
    found = await ills({**settings, **nowhere, "paylink_default_channel": "C1"})
    assert set(found) == {
        "Slack bot token",
        "Slack app-level token",
        "Stripe key",
        "Stripe webhook",
        "Clock",
        "Default channel",
    }
    network = {finding.cure for name, finding in found.items() if name != "Clock"}
    assert network == {"Check the network and the service's status page, then run this again."}
