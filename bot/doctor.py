"""`paylink doctor`: is everything that Paylink needs there? Each failure names its cure."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from bot.config import ConfigurationError
from bot.errors import PaylinkError, SlackRefused, StripeKeyRefused, StripeRefused
from bot.outside import Outside, naming_database_trouble
from bot.payments.events import HANDLED
from bot.slack.ids import Scope
from storage.migrate import is_current

TIMEOUT = 10.0
"""Seconds in which Slack must tell the time."""

MAX_DRIFT = 60.0
"""Seconds. Slack and Stripe refuse signatures that are 5 minutes off; a clock that is a minute off will get there."""


_SESSION_PARTS = "Payment Intents, Charges, Invoices, Subscriptions, Coupons, Promotion Codes and Shipping Rates"
_NEW_KEY = "Copy the secret key from Stripe's Dashboard (Developers → API keys) into STRIPE_SECRET_KEY."
_UNREACHABLE = "Check the network and the service's status page, then run this again."
_CURES = {
    SlackRefused: "Mend the Slack bot token first, then run this again.",
    StripeRefused: "Mend the Stripe key first, then run this again.",
    StripeKeyRefused: "Mend the Stripe key first, then run this again.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result: what was looked at, what was seen, and the cure when it is not well."""

    name: str
    seen: str
    cure: str | None = None

    @property
    def well(self) -> bool:
        return self.cure is None


async def examine(patient: Outside) -> AsyncIterator[Finding]:
    """Runs every check; none stops the others."""
    checks: tuple[tuple[str, Callable[[Outside], Awaitable[Finding]]], ...] = (
        ("Slack bot token", _bot_token),
        ("Slack app-level token", _app_token),
        ("Stripe key", _stripe_key),
        ("Stripe webhook", _webhook),
        ("Database", _database),
        ("Clock", _clock),
        ("Default channel", _default_channel),
    )
    for name, check in checks:
        try:
            yield await check(patient)
        except PaylinkError as error:
            yield Finding(name, str(error), _CURES.get(type(error), _UNREACHABLE))


async def _bot_token(patient: Outside) -> Finding:
    name = "Slack bot token"
    try:
        identity = await patient.slack.auth()
    except SlackRefused as refused:
        return Finding(name, f"Slack answers {refused.code}", "Copy the Bot User OAuth Token into SLACK_BOT_TOKEN.")
    missing = _missing(Scope, identity["scopes"])
    if missing:
        cure = "Paste manifest.yml into the Slack app's settings (App Manifest) and reinstall the app."
        return Finding(name, f"scopes missing: {missing}", cure)
    return Finding(name, f"{identity['team']}, as @{identity['user']}")


async def _app_token(patient: Outside) -> Finding:
    name = "Slack app-level token"
    token = patient.settings.slack_app_token
    if token is None:
        return Finding(name, "not set: Slack reaches Paylink over HTTP")
    try:
        await patient.slack.connection_url(token.get_secret_value())
    except SlackRefused as refused:
        cure = "Make an app-level token with the scope connections:write, switch Socket Mode on, set SLACK_APP_TOKEN."
        return Finding(name, f"Slack answers {refused.code}", cure)
    return Finding(name, "Socket Mode works")


async def _stripe_key(patient: Outside) -> Finding:
    name = "Stripe key"
    stripe = patient.stripe
    mode = "live mode: real money" if patient.settings.livemode else "test mode"
    reads = {
        "Products": stripe.products(),
        "Prices": stripe.prices(),
        "Coupons": stripe.coupons(),
        "Promotion Codes": stripe.promotion_codes(),
        "Shipping Rates": stripe.shipping_rates(),
        "Payment Links": stripe.payment_links(),
        f"Checkout Sessions (with {_SESSION_PARTS})": stripe.checkout_sessions(),
        "Events": stripe.events(HANDLED, int(patient.clock())),
    }
    denied = []
    for resource, found in reads.items():
        try:
            async with aclosing(found):
                await anext(found, None)
        except StripeRefused as refused:
            if refused.code == "invalid_api_key":
                return Finding(name, "Stripe doesn't accept it", _NEW_KEY)
            denied.append(resource)
    if denied:
        cure = (
            "Let the restricted key read these, and write Payment Links, Products, Prices, Coupons, Promotion Codes "
            "and Shipping Rates (Stripe's Dashboard → Developers → API keys)."
        )
        return Finding(name, f"may not read: {', '.join(denied)}", cure)
    return Finding(name, mode)


async def _webhook(patient: Outside) -> Finding:
    name = "Stripe webhook"
    if patient.settings.stripe_webhook_secret is None:
        return Finding(name, f"no secret: events are polled every {patient.settings.poll_seconds:.0f} s")
    endpoints = [
        endpoint
        for endpoint in await patient.stripe.webhook_endpoints()
        if endpoint["url"].endswith("/stripe/webhook") and endpoint["status"] == "enabled"
    ]
    if not endpoints:
        cure = (
            "In Stripe's Dashboard add an endpoint https://<your host>/stripe/webhook, or unset STRIPE_WEBHOOK_SECRET."
        )
        return Finding(name, "no enabled endpoint ends in /stripe/webhook", cure)
    unheard = [_missing(HANDLED, endpoint["enabled_events"]) for endpoint in endpoints]
    if all(unheard):
        return Finding(
            name, f"events not sent: {unheard[0]}", "Select these events for the endpoint in Stripe's Dashboard."
        )
    return Finding(name, endpoints[0]["url"])


async def _database(patient: Outside) -> Finding:
    name = "Database"
    try:
        with naming_database_trouble():
            current = await is_current(patient.settings.database_url)
    except ConfigurationError as error:
        return Finding(name, str(error), "Check DATABASE_URL, and that the database server runs.")
    if not current:
        return Finding(name, f"{patient.db.dialect}: tables are not up to date", "Run `paylink migrate`.")
    return Finding(name, f"{patient.db.dialect}, tables up to date")


async def _clock(patient: Outside) -> Finding:
    name = "Clock"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session,
            session.get(patient.slack.client.base_url + "api.test") as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (aiohttp.ClientError, KeyError, ValueError, TimeoutError):
        return Finding(name, "Slack didn't tell the time", "Check that this machine reaches Slack.")
    drift = patient.clock() - theirs
    if abs(drift) > MAX_DRIFT:
        return Finding(name, f"{drift:+.0f} s against Slack's", "Switch time synchronisation (NTP) on.")
    return Finding(name, "agrees with Slack's")


async def _default_channel(patient: Outside) -> Finding:
    name = "Default channel"
    channel = patient.settings.paylink_default_channel
    if channel is None:
        return Finding(name, "not set: payments through links made elsewhere are not announced")
    try:
        info = await patient.slack.channel(channel)
    except SlackRefused as refused:
        if refused.code != "channel_not_found":
            raise
        cure = "Set PAYLINK_DEFAULT_CHANNEL to a channel's id (C…); type /invite @Paylink in it if it is private."
        return Finding(name, f"{channel} is unknown to Slack", cure)
    if not info.get("is_member"):
        return Finding(name, f"#{info['name']}: Paylink is not in it", f"Type /invite @Paylink in #{info['name']}.")
    return Finding(name, f"#{info['name']}")


def _missing(wanted: Iterable[str], present: Iterable[str]) -> str:
    have = set(present)
    return "" if "*" in have else ", ".join(sorted(set(wanted) - have))
