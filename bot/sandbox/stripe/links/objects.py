"""The `payment_link` and its line items as Stripe shows them."""

from typing import Any

from bot.sandbox.stripe import pricing
from bot.sandbox.stripe.links.draft import Draft
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_INVOICE_DATA: JSON = {
    "account_tax_ids": None,
    "custom_fields": None,
    "description": None,
    "footer": None,
    "issuer": None,
    "metadata": {},
    "rendering_options": None,
}
_PAYMENT_INTENT_DATA: JSON = {
    "capture_method": None,
    "description": None,
    "metadata": {},
    "setup_future_usage": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "transfer_group": None,
}
_INVOICE_SETTINGS = {
    "account_tax_ids": None,
    "custom_fields": None,
    "description": None,
    "footer": None,
    "issuer": {"type": "self"},
}
_CUSTOM_TEXT = dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"))
_CONSENT = {"payment_method_reuse_agreement": None, "promotions": None, "terms_of_service": None}
_FREE_TEXT = {"default_value": None, "maximum_length": None, "minimum_length": None}


def line_item(
    ctx: Context, price: JSON, currency: str, quantity: int, adjustable: JSON | None, item_id: str | None = None
) -> JSON:
    """A line item of a link or session, undiscounted and untaxed."""
    amount = pricing.subtotal(ctx.account, price, currency, quantity)
    return {
        "id": item_id or ctx.new_id("li"),
        "object": "item",
        "adjustable_quantity": shown_adjustable(adjustable),
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": ctx.table("product")[price["product"]]["name"],
        "metadata": None,
        "price": price,
        "quantity": quantity,
    }


def shown_adjustable(adjustable: JSON | None) -> JSON | None:
    """`adjustable_quantity` with Stripe's defaults: from 0 to 99."""
    if adjustable is None:
        return None
    if not adjustable["enabled"]:
        return {"enabled": False, "maximum": None, "minimum": None}
    maximum, minimum = adjustable.get("maximum"), adjustable.get("minimum")
    return {"enabled": True, "maximum": 99 if maximum is None else maximum, "minimum": minimum or 0}


def link_fields(draft: Draft) -> JSON:
    """Every field of the link that follows from its parameters."""
    params = draft.params
    return {
        "after_completion": _after_completion(params.get("after_completion")),
        "allow_promotion_codes": params.get("allow_promotion_codes", False),
        "application": None,
        "application_fee_amount": params.get("application_fee_amount"),
        "application_fee_percent": _number(params.get("application_fee_percent")),
        "automatic_tax": _automatic_tax(params.get("automatic_tax", {})),
        "billing_address_collection": params.get("billing_address_collection", "auto"),
        "consent_collection": _filled(_CONSENT, params.get("consent_collection")),
        "currency": draft.currency,
        "custom_fields": [_custom_field(item) for item in params.get("custom_fields", [])],
        "custom_text": {**_CUSTOM_TEXT, **params.get("custom_text", {})},
        "customer_creation": params.get("customer_creation", "if_required" if draft.mode == "payment" else "always"),
        "inactive_message": params.get("inactive_message"),
        "managed_payments": {"enabled": False, **params.get("managed_payments", {})},
        "metadata": dict(params.get("metadata", {})),
        "name_collection": _name_collection(params.get("name_collection")),
        "on_behalf_of": params.get("on_behalf_of"),
        "optional_items": [_optional_item(item) for item in params.get("optional_items", [])] or None,
        "payment_method_collection": params.get("payment_method_collection", "always"),
        "payment_method_options": params.get("payment_method_options"),
        "payment_method_types": params.get("payment_method_types"),
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "restrictions": _restrictions(params.get("restrictions"), draft.completed),
        "submit_type": params.get("submit_type", "auto"),
        "tax_id_collection": {"enabled": False, "required": "never", **params.get("tax_id_collection", {})},
        "transfer_data": _filled({"amount": None, "destination": None}, params.get("transfer_data")),
        **_by_mode(draft),
        **_shipping(draft),
    }


def _by_mode(draft: Draft) -> JSON:
    params = draft.params
    invoice = params.get("invoice_creation", {})
    data = {**_INVOICE_DATA, **invoice.get("invoice_data", {})}
    subscription = params.get("subscription_data", {})
    return {
        "invoice_creation": {"enabled": invoice.get("enabled", False), "invoice_data": data}
        if draft.mode == "payment"
        else None,
        "payment_intent_data": _filled(_PAYMENT_INTENT_DATA, params.get("payment_intent_data")),
        "subscription_data": {
            "description": subscription.get("description"),
            "invoice_settings": {**_INVOICE_SETTINGS, **subscription.get("invoice_settings", {})},
            "metadata": subscription.get("metadata", {}),
            "trial_period_days": subscription.get("trial_period_days"),
            "trial_settings": subscription.get("trial_settings"),
        },
    }


def _shipping(draft: Draft) -> JSON:
    rates = draft.ctx.table("shipping_rate")
    return {
        "shipping_address_collection": draft.params.get("shipping_address_collection"),
        "shipping_options": [
            {
                "shipping_amount": rates[option["shipping_rate"]]["fixed_amount"]["amount"],
                "shipping_rate": option["shipping_rate"],
            }
            for option in draft.params.get("shipping_options", [])
        ],
    }


def _after_completion(given: JSON | None) -> JSON:
    if given is None or given["type"] == "hosted_confirmation":
        message = (given or {}).get("hosted_confirmation", {}).get("custom_message")
        return {"hosted_confirmation": {"custom_message": message}, "type": "hosted_confirmation"}
    return {"redirect": {"url": given["redirect"]["url"]}, "type": "redirect"}


def _custom_field(given: JSON) -> JSON:
    shown: JSON = {
        "dropdown": None,
        "key": given["key"],
        "label": given["label"],
        "numeric": None,
        "optional": given.get("optional", False),
        "text": None,
        "type": given["type"],
    }
    kind = given["type"]
    defaults = {"default_value": None} if kind == "dropdown" else _FREE_TEXT
    shown[kind] = {**defaults, **given.get(kind, {})}
    return shown


def _name_collection(given: JSON | None) -> JSON | None:
    if given is None:
        return None
    defaults = {"enabled": False, "optional": False}
    return {kind: {**defaults, **given[kind]} for kind in ("business", "individual") if kind in given}


def _optional_item(given: JSON) -> JSON:
    adjustable = shown_adjustable(given.get("adjustable_quantity"))
    return {"adjustable_quantity": adjustable, "price": given["price"], "quantity": given["quantity"]}


def _restrictions(given: JSON | None, completed: int) -> JSON | None:
    if given is None:
        return None
    return {"completed_sessions": {"count": completed, "limit": given["completed_sessions"]["limit"]}}


def _filled(defaults: JSON, given: JSON | None) -> JSON | None:
    return None if given is None else {**defaults, **given}


def _automatic_tax(given: JSON) -> JSON:
    """The account itself is liable when nobody else is."""
    enabled = given.get("enabled", False)
    return {"enabled": enabled, "liability": {"type": "self"} if enabled else None, **given}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
