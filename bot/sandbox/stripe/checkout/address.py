"""What a link's address passes along (docs.stripe.com/payment-links/url-parameters). A value that Stripe doesn't accept
is dropped without a word."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_LANGUAGES = (
    "bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru "
    "sk sl sv th tr vi zh zh-HK zh-TW"
)
_LOCALES = frozenset(_LANGUAGES.split())
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def prefill(ctx: Context, session: JSON, query: Mapping[str, str]) -> None:
    """Puts into a new session what the address says of it; the campaign is kept beside it."""
    reference = query.get("client_reference_id", "")
    if re.fullmatch(r"[A-Za-z0-9_-]{1,200}", reference):
        session["client_reference_id"] = reference
    locked = query.get("locked_prefilled_email", "")
    if _EMAIL.fullmatch(locked):
        session["customer_email"] = locked
    if query.get("locale") in _LOCALES:
        session["locale"] = query["locale"]
    ctx.account.campaigns[session["id"]] = {
        name: query[name] for name in _CAMPAIGN if re.fullmatch(r"[A-Za-z0-9_-]{1,150}", query.get(name, ""))
    }


def prefilled_email(query: Mapping[str, str]) -> str:
    """The email that stands in the form and can be changed; empty when there is none."""
    email = query.get("prefilled_email", "")
    return email if _EMAIL.fullmatch(email) else ""


def with_campaign(ctx: Context, session_id: str, url: str) -> str:
    """The merchant's address with the campaign that led to the payment."""
    campaign = ctx.account.campaigns.get(session_id)
    if not campaign:
        return url
    before, separator, fragment = url.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{urlencode(campaign)}{separator}{fragment}"
