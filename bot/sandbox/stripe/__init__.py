"""Stripe on this machine, spoken to over HTTP by the official SDK."""

from bot.sandbox.stripe.api import LoggedRequest
from bot.sandbox.stripe.checkout.errors import Declined, LinkInactive, PaymentRefused
from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.stripe.state import Account
from bot.sandbox.stripe.webhooks import Attempt

__all__ = [
    "Account",
    "Attempt",
    "Declined",
    "LinkInactive",
    "LoggedRequest",
    "PaymentRefused",
    "StripeSandbox",
]
