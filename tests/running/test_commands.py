"""Settings, migrations and refusals to start: one clear message, exit status 1, no traceback."""

from pathlib import Path

import pytest

from bot.app import build
from bot.config import ConfigurationError, Settings
from storage import migrate
from tests.running.command import command
from tests.running.process import paylink
from tests.running.town import Town


async def test_mistakes_in_the_settings_are_one_message(tmp_path: Path) -> None:
    async with paylink({"SLACK_BOT_TOKEN": "xoxp-secret", "PORT": "eighty"}, tmp_path, "serve") as app:
        assert await app.ended() == 1
    assert [line["text"].rstrip("\n") for line in app.log] == [
        "Paylink can't start; these settings need attention:",
        "  SLACK_BOT_TOKEN must start with xoxb-",
        "  STRIPE_SECRET_KEY is missing (Stripe Dashboard → Developers → API keys; a restricted key will do)",
        "  PORT Input should be a valid integer, unable to parse string as an integer",
    ]


async def test_migrate_twice(town: Town, empty_database_url: str, tmp_path: Path) -> None:
    settings = {**town.settings, "database_url": empty_database_url}
    for _ in range(2):
        ended = await command(settings, tmp_path, "migrate")
        assert (ended.status, ended.out) == (0, "The database is up to date.\n")
    assert await migrate.is_current(empty_database_url)


async def test_a_database_without_tables(town: Town, empty_database_url: str, tmp_path: Path) -> None:
    """SQLite gets its tables by itself; PostgreSQL, which others may be using, only when told."""
    settings = {**town.settings, "database_url": empty_database_url}
    ended = await command(settings, tmp_path, "backfill")
    if empty_database_url.startswith("sqlite"):
        assert ended.status == 0
        assert await migrate.is_current(empty_database_url)
    else:
        assert ended.status == 1
        assert ended.err == "The database's tables are not up to date. Run `paylink migrate` first.\n"
        assert not await migrate.is_current(empty_database_url)


@pytest.mark.one_database
@pytest.mark.parametrize("subcommand", ["migrate", "backfill", "doctor"])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///not-a-database", "file is not a database"),
        ("postgresql://a:pass-word@127.0.0.1:1/c", ""),
    ],
)
async def test_a_database_that_can_t_be_used(
    town: Town, tmp_path: Path, url: str, reason: str, subcommand: str
) -> None:
    (tmp_path / "not-a-database").write_text("This is a text. " * 100)
    ended = await command({**town.settings, "database_url": url}, tmp_path, subcommand)
    printed = ended.out + ended.err
    assert ended.status == 1
    assert f"DATABASE_URL can't be used: {reason}" in printed
    assert "Traceback" not in printed
    assert "pass-word" not in printed


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("slack_bot_token", "xoxb-1-wrong", "Slack doesn't accept SLACK_BOT_TOKEN (invalid_auth).\n"),
        ("stripe_secret_key", "sk_test_wrong", "Stripe doesn't accept STRIPE_SECRET_KEY.\n"),
        ("slack_api_url", "http://127.0.0.1:1/api/", "Slack can't be reached.\n"),
    ],
)
async def test_what_the_outside_refuses(town: Town, tmp_path: Path, setting: str, value: str, said: str) -> None:
    ended = await command({**town.settings, setting: value}, tmp_path, "backfill")
    assert (ended.status, ended.out, ended.err) == (1, "", said)


@pytest.mark.one_database
async def test_an_app_level_token_that_slack_refuses(town: Town) -> None:
    settings = Settings.model_validate({**town.settings, "slack_app_token": "xapp-1-wrong"})
    async with build(settings) as app:
        with pytest.raises(ConfigurationError, match=r"Slack doesn't accept SLACK_APP_TOKEN \(invalid_auth\)\."):
            async with app.receiving("127.0.0.1", 0):
                pass
