"""What an app reads but doesn't make: sessions, events, the account."""

from fnmatch import fnmatchcase

from bot.sandbox.stripe.endpoints import (
    CREATED,
    Endpoint,
    created_within,
    item_list,
    list_schema,
    page_where,
    retrieve,
)
from bot.sandbox.stripe.errors import exclusive_parameters
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, ListOf, Text
from bot.sandbox.stripe.state import Account, Context
from bot.sandbox.stripe.tables import JSON

EVENTS_KEPT_S = 30 * 24 * 3600
_SESSION_FILTERS = ("customer", "customer_account", "payment_intent", "payment_link", "status", "subscription")


def _list_sessions(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {key: params[key] for key in _SESSION_FILTERS if key in params}
    email = params.get("customer_details", {}).get("email")

    def keep(session: JSON) -> bool:
        details = session["customer_details"] or {}
        return (
            all(session.get(key) == value for key, value in equal.items())
            and (email is None or str(details.get("email")).lower() == email.lower())
            and created_within(session, params.get("created"))
        )

    return page_where("/v1/checkout/sessions", ctx.table("checkout.session"), params, keep)


def _session_items(ctx: Context, params: JSON, session_id: str) -> JSON:
    ctx.find("checkout.session", session_id, "session")
    items = ctx.account.line_items[session_id]
    return item_list(f"/v1/checkout/sessions/{session_id}/line_items", items, params)


def _list_events(ctx: Context, params: JSON, _: str) -> JSON:
    """Events of the last 30 days; `*` at the end of a type stands for any rest."""
    if "type" in params and "types" in params:
        raise exclusive_parameters(["type", "types"])
    types = params.get("types") or ([params["type"]] if "type" in params else ["*"])
    oldest = ctx.now() - EVENTS_KEPT_S

    def keep(event: JSON) -> bool:
        return (
            event["created"] >= oldest
            and any(fnmatchcase(event["type"], pattern) for pattern in types)
            and params.get("delivery_success") in (None, event["pending_webhooks"] == 0)
            and created_within(event, params.get("created"))
            and not ctx.world.unlisted(event)
        )

    return page_where("/v1/events", ctx.table("event"), params, keep)


def account_object(account: Account) -> JSON:
    """The account as it sees itself."""
    address = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
    return {
        "id": account.id,
        "object": "account",
        "business_profile": {
            "mcc": None,
            "name": account.name,
            "product_description": None,
            "support_address": address,
            "support_email": account.email,
            "support_phone": None,
            "support_url": None,
            "url": None,
        },
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": account.country,
        "created": account.created,
        "default_currency": account.default_currency,
        "details_submitted": True,
        "email": account.email,
        "metadata": {},
        "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": account.name, "timezone": "Etc/UTC"}},
        "type": "standard",
    }


def _account(ctx: Context, params: JSON, _: str) -> JSON:
    return account_object(ctx.account)


_SESSION_LIST = list_schema(
    **dict.fromkeys(_SESSION_FILTERS, Text()) | {"status": Choice(("complete", "expired", "open"))},
    created=CREATED,
    customer_details=Hash({"email": Text()}, ("email",)),
)
_EVENT_LIST = list_schema(created=CREATED, delivery_success=Boolean(), type=Text(), types=ListOf(Text(), maximum=20))

ENDPOINTS = (
    Endpoint("GET", "/v1/checkout/sessions", _SESSION_LIST, _list_sessions),
    Endpoint("GET", "/v1/checkout/sessions/{id}", Hash(), retrieve("checkout.session", "session")),
    Endpoint("GET", "/v1/checkout/sessions/{id}/line_items", list_schema(), _session_items),
    Endpoint("GET", "/v1/events", _EVENT_LIST, _list_events),
    Endpoint("GET", "/v1/events/{id}", Hash(), retrieve("event", "id")),
    Endpoint("GET", "/v1/account", Hash(), _account),
)
