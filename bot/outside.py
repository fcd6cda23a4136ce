"""What Paylink talks to: its database, Slack and Stripe."""

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from bot.config import ConfigurationError, Settings
from bot.gateways.slack import SlackGateway
from bot.gateways.stripe import StripeGateway
from bot.web.metrics import Metrics
from storage.database import Database

Clock = Callable[[], float]
"""Answers seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The ways out, none of them used yet."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    db: Database
    slack: SlackGateway
    stripe: StripeGateway


@asynccontextmanager
async def outside(settings: Settings, clock: Clock = time.time) -> AsyncIterator[Outside]:
    """Opens nothing yet, and closes whatever was opened. Raises ConfigurationError for an unusable DATABASE_URL."""
    with naming_database_trouble():
        db = Database(settings.database_url)
    metrics = Metrics()
    slack = SlackGateway(
        settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url, observe=metrics.slack_call
    )
    stripe = StripeGateway(
        settings.stripe_secret_key.get_secret_value(), api_base=settings.stripe_api_url, observe=metrics.stripe_call
    )
    try:
        yield Outside(settings, clock, metrics, db, slack, stripe)
    finally:
        await stripe.close()
        await slack.close()
        await db.close()


@contextmanager
def naming_database_trouble() -> Iterator[None]:
    """Turns a database that can't be used into a ConfigurationError that says why, without repeating the URL."""
    try:
        yield
    except (ValueError, OSError, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        raise ConfigurationError(f"DATABASE_URL can't be used: {reason}") from error
