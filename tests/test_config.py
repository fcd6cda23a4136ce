from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot import config
from bot.config import ConfigurationError, Settings, from_environment

GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "shh",
    "STRIPE_SECRET_KEY": "sk_test_1",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def put(environment: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def test_the_least_one_has_to_set(environment: pytest.MonkeyPatch) -> None:
    put(environment, **GOOD)
    settings = from_environment()
    assert settings.database_url == "sqlite:///paylink.db"
    assert settings.paylink_currency == "usd"
    assert not settings.livemode


def test_all_mistakes_are_named_at_once_and_no_value_is_repeated(environment: pytest.MonkeyPatch) -> None:
    put(
        environment,
        SLACK_BOT_TOKEN="xoxp-a-secret",
        STRIPE_WEBHOOK_SECRET="not-a-secret-of-theirs",
        PAYLINK_CURRENCY="dollars",
        PAYLINK_LOCALE="klingon",
        PORT="eighty",
        DATABASE_URL="mysql://user:a-secret@host/name",
    )
    with pytest.raises(ConfigurationError) as caught:
        from_environment()
    message = str(caught.value)
    for said in (
        "SLACK_BOT_TOKEN must start with xoxb-",
        "STRIPE_SECRET_KEY is missing (Stripe Dashboard",
        "STRIPE_WEBHOOK_SECRET must start with whsec_",
        "PAYLINK_CURRENCY is not a currency",
        "PAYLINK_LOCALE is not a locale",
        "PORT Input should be a valid integer",
        "DATABASE_URL The database must be SQLite or PostgreSQL, not mysql",
    ):
        assert said in message
    assert "a-secret" not in message
    assert "not-a-secret" not in message


def test_slack_needs_a_way_in(environment: pytest.MonkeyPatch) -> None:
    put(environment, **{**GOOD, "SLACK_SIGNING_SECRET": ""})
    with pytest.raises(ConfigurationError, match=r"SLACK_SIGNING_SECRET .* or SLACK_APP_TOKEN"):
        from_environment()


def test_dotenv_is_read_and_the_environment_wins(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "\n".join(f"{name}={value}" for name, value in GOOD.items()) + "\nPORT=1234\nLOG_LEVEL=debug\n"
    )
    put(environment, PORT="4321")
    settings = from_environment()
    assert settings.port == 4321
    assert settings.log_level == "debug"


def test_without_a_webhook_the_event_list_is_read_every_five_seconds() -> None:
    assert settings().poll_seconds == 5
    assert settings(stripe_webhook_secret="whsec_1").poll_seconds == 300


def test_live_keys_are_told_from_test_keys() -> None:
    assert settings(stripe_secret_key="rk_live_1").livemode
    assert not settings(stripe_secret_key="rk_test_1").livemode


@pytest.mark.parametrize(("given", "kept"), [("de-DE", "de_DE"), ("ja", "ja")])
def test_locales_are_kept_in_one_form(given: str, kept: str) -> None:
    assert settings(paylink_locale=given).paylink_locale == kept


def test_secrets_do_not_show_when_printed() -> None:
    assert "xoxb-1" not in repr(settings())


def test_settings_do_not_read_the_environment_by_themselves(environment: pytest.MonkeyPatch) -> None:
    put(environment, **GOOD)
    with pytest.raises(ValidationError):
        Settings.model_validate({})


def test_env_example_lists_every_setting_and_its_default() -> None:
    lines = (Path(config.__file__).parents[1] / ".env.example").read_text().splitlines()
    listed = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(listed) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if not field.is_required() and listed[name.upper()]:
            default = str(field.default)
            assert listed[name.upper()] == (default.lower() if isinstance(field.default, bool) else default), name


def settings(**changes: Any) -> Settings:
    return Settings.model_validate({name.lower(): value for name, value in GOOD.items()} | changes)
