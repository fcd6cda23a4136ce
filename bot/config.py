"""Settings. `cli.py` reads them from the environment and `.env`, once; everything else is handed a `Settings`."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from babel import Locale, UnknownLocaleError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import PaylinkError
from bot.money import is_currency
from storage.database import async_url


class ConfigurationError(PaylinkError):
    """The settings can't be used; its text names every mistake at once and repeats no value."""


def _prefixed(*prefixes: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(prefixes):
            raise ValueError(f"must start with {' or '.join(prefixes)}")
        return value

    return AfterValidator(check)


def _currency(value: str) -> str:
    if not is_currency(value.lower()):
        raise ValueError("is not a currency Stripe charges in, such as usd")
    return value.lower()


def _locale(value: str) -> str:
    try:
        return str(Locale.parse(value.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        raise ValueError("is not a locale, such as en_US") from None


def _database_url(value: str) -> str:
    async_url(value)
    return value


class Settings(BaseModel):
    """Everything a deployment can set. Field names in capitals are the names of the environment variables."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    slack_bot_token: Annotated[SecretStr, _prefixed("xoxb-")] = Field(
        description="Slack app → OAuth & Permissions → Bot User OAuth Token"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="Slack app → Basic Information → Signing Secret; not needed with Socket Mode"
    )
    slack_app_token: Annotated[SecretStr, _prefixed("xapp-")] | None = Field(
        None, description="Slack app → Basic Information → App-Level Tokens; turns Socket Mode on"
    )
    stripe_secret_key: Annotated[SecretStr, _prefixed("sk_", "rk_")] = Field(
        description="Stripe Dashboard → Developers → API keys; a restricted key will do"
    )
    stripe_webhook_secret: Annotated[SecretStr, _prefixed("whsec_")] | None = Field(
        None,
        description="Stripe Dashboard → Webhooks → Signing secret; without it Stripe's event list is polled",
    )
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        "sqlite:///paylink.db", description="sqlite:///file or postgresql://…"
    )
    host: str = Field("0.0.0.0", description="Address to listen on")  # noqa: S104
    port: int = Field(3000, ge=0, le=65535, description="Port to listen on")
    paylink_currency: Annotated[str, AfterValidator(_currency)] = Field(
        "usd", description="Currency of an amount typed without one"
    )
    paylink_locale: Annotated[str, AfterValidator(_locale)] = Field(
        "en_US", description="Locale for messages in channels"
    )
    paylink_default_channel: str | None = Field(
        None,
        description="Channel id for payments through links made elsewhere; empty: these are not announced",
    )
    paylink_connect: bool = Field(
        False, description="Offer Stripe Connect's options: fees, transfers, connected accounts"
    )
    paylink_poll_seconds: float = Field(
        300,
        ge=5,
        description="How often Stripe's event list is read for missed events; 5 when there is no webhook",
    )
    paylink_ready_backlog_seconds: float = Field(
        900, ge=0, description="`/readyz` fails when something has waited longer than this; 0: it never does"
    )
    paylink_worker_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Port where `paylink worker` answers /healthz, /readyz and /metrics; empty: it listens nowhere",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged")
    log_format: Literal["json", "console"] = Field("json", description="json for machines, console for people")
    slack_api_url: str | None = Field(None, description="Another base address for Slack's API, for proxies and tests")
    stripe_api_url: str | None = Field(None, description="Another base address for Stripe's API, for proxies and tests")

    @model_validator(mode="after")
    def _a_way_in_for_slack(self) -> Self:
        if self.slack_signing_secret is None and self.slack_app_token is None:
            raise ValueError("SLACK_SIGNING_SECRET (for HTTP) or SLACK_APP_TOKEN (for Socket Mode) must be set")
        return self

    @property
    def livemode(self) -> bool:
        """Whether the Stripe key moves real money."""
        return "_live_" in self.stripe_secret_key.get_secret_value()

    @property
    def poll_seconds(self) -> float:
        """Seconds between two readings of Stripe's event list; short when it stands in for the webhook."""
        return self.paylink_poll_seconds if self.stripe_webhook_secret else min(self.paylink_poll_seconds, 5.0)


class _Environment(BaseSettings, Settings):
    model_config = SettingsConfigDict(
        frozen=True, str_strip_whitespace=True, env_file=".env", env_ignore_empty=True, extra="ignore"
    )


def from_environment() -> Settings:
    """The settings of this process; raises `ConfigurationError`. For `cli.py` alone."""
    try:
        return _Environment()
    except ValidationError as error:
        raise ConfigurationError(
            "Paylink can't start; these settings need attention:\n" + "\n".join(_mistakes(error))
        ) from None


def _mistakes(error: ValidationError) -> Iterator[str]:
    for mistake in error.errors(include_input=False, include_url=False):
        name = ".".join(str(part) for part in mistake["loc"]).upper()
        if mistake["type"] == "missing":
            description = Settings.model_fields[name.lower()].description
            yield f"  {name} is missing ({description})"
        else:
            message = mistake["msg"].removeprefix("Value error, ")
            yield f"  {name} {message}" if name else f"  {message}"
