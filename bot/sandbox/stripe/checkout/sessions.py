"""Checkout Sessions of Payment Links: opened by a visit, ended by a payment or by time."""

from collections.abc import Mapping

from bot.sandbox.stripe.checkout.address import prefill
from bot.sandbox.stripe.checkout.cart import new_cart
from bot.sandbox.stripe.checkout.choices import choose
from bot.sandbox.stripe.checkout.errors import LinkInactive, PaymentRefused
from bot.sandbox.stripe.checkout.totals import reprice
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

LIFETIME_S = 24 * 3600
DEFAULT_INACTIVE = "This link is no longer active. Contact the business for a new one."
DELAYED_METHODS = {
    "usd": "us_bank_account",
    "eur": "sepa_debit",
    "gbp": "bacs_debit",
    "aud": "au_becs_debit",
    "cad": "acss_debit",
    "jpy": "konbini",
    "brl": "boleto",
    "mxn": "oxxo",
}
"""The method that settles later, by currency."""
_COPIED = (
    "automatic_tax allow_promotion_codes billing_address_collection consent_collection currency custom_text "
    "invoice_creation managed_payments name_collection optional_items payment_method_collection "
    "phone_number_collection shipping_address_collection shipping_options submit_type tax_id_collection"
)
_UNSET = (
    "after_expiration client_reference_id client_secret collected_information consent currency_conversion "
    "customer customer_account customer_details customer_email integration_identifier invoice origin_context "
    "payment_intent payment_method_configuration_details permissions recovered_from "
    "saved_payment_method_options setup_intent shipping_cost subscription wallet_options"
)
"""Fields of a session that are empty at first."""


def check_open_for_business(ctx: Context, link: JSON) -> None:
    """LinkInactive when the link is off or has had all the payments it takes."""
    limit = (link["restrictions"] or {}).get("completed_sessions", {}).get("limit")
    if not link["active"] or (limit is not None and ctx.account.completed[link["id"]] >= limit):
        raise LinkInactive(link["inactive_message"] or DEFAULT_INACTIVE)


def open_session(ctx: Context, link: JSON, query: Mapping[str, str]) -> JSON:
    """A new session for a visit with these URL parameters (docs.stripe.com/payment-links/url-parameters)."""
    check_open_for_business(ctx, link)
    session = _session(ctx, link)
    prefill(ctx, session, query)
    cart = ctx.account.carts[session["id"]] = new_cart(ctx, link)
    reprice(ctx, session, cart, link)
    ctx.add("checkout.session", session)
    if (code := query.get("prefilled_promo_code")) and session["allow_promotion_codes"]:
        try:
            choose(ctx, session, link, {"promotion_code": code})
        except PaymentRefused:
            return session
    return session


def expire_session(ctx: Context, session: JSON) -> JSON:
    """End an open session without a payment; PaymentRefused when it isn't open."""
    if session["status"] != "open":
        raise PaymentRefused(f"The session is {session['status']}, not open.")
    session.update(status="expired", url=None)
    ctx.emit("checkout.session.expired", session)
    return session


def method_types(link: JSON) -> list[str]:
    """The methods offered: those of the link, or cards and what settles later in its currency."""
    if link["payment_method_types"]:
        return list(link["payment_method_types"])
    delayed = DELAYED_METHODS.get(link["currency"])
    return ["card", delayed] if delayed else ["card"]


def _session(ctx: Context, link: JSON) -> JSON:
    prefix = "cs_live" if link["livemode"] else "cs_test"
    session_id = ctx.new_id(prefix)
    mode = "subscription" if any(
        item["price"]["recurring"] for item in ctx.account.line_items[link["id"]]
    ) else "payment"  # fmt: skip
    return {
        "id": session_id,
        "object": "checkout.session",
        **dict.fromkeys(_UNSET.split()),
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": 0,
        "amount_total": 0,
        **{name: link[name] for name in _COPIED.split()},
        "automatic_tax": {
            **link["automatic_tax"],
            "provider": "stripe" if link["automatic_tax"]["enabled"] else None,
            "status": None,
        },
        "cancel_url": "https://stripe.com",
        "created": ctx.now(),
        "custom_fields": [_custom_field(field) for field in link["custom_fields"]],
        "customer_creation": link["customer_creation"] if mode == "payment" else None,
        "discounts": [],
        "expires_at": ctx.now() + LIFETIME_S,
        "livemode": link["livemode"],
        "locale": "auto",
        "metadata": dict(link["metadata"]),
        "mode": mode,
        "payment_link": link["id"],
        "payment_method_options": link["payment_method_options"] or {},
        "payment_method_types": method_types(link),
        "payment_status": "unpaid",
        "status": "open",
        "success_url": "https://stripe.com",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{link['url']}?session={session_id}",
    }


def _custom_field(field: JSON) -> JSON:
    """The link's field with a place for the answer."""
    kind = field["type"]
    return {**field, kind: {**field[kind], "value": None}}
