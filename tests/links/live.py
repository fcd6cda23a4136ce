"""What Stripe makes of our parameters: a live link in Stripe's shape, as its API reference and fixtures show it."""

from collections.abc import Mapping
from typing import Any

from bot.links.draft import CatalogPrice, LineItem, LinkDraft
from bot.links.pricing import Package, Tier, Tiered

Json = dict[str, Any]


def create(params: Mapping[str, Any], draft: LinkDraft) -> Json:
    """The link that Stripe answers with. `draft` knows the catalog prices that the parameters only name."""
    link: Json = {**_untouched(draft), "line_items": {"object": "list", "has_more": False, "data": []}}
    pairs = zip(params["line_items"], draft.line_items, strict=True)
    link["line_items"]["data"] = [_line_item(at, sent, item) for at, (sent, item) in enumerate(pairs)]
    _apply(link, {name: value for name, value in params.items() if name != "line_items"})
    return link


def _untouched(draft: LinkDraft) -> Json:
    """A link that uses no option."""
    invoice: Json = {
        "description": None,
        "footer": None,
        "custom_fields": None,
        "account_tax_ids": None,
        "metadata": {},
    }
    return {
        "id": "plink_1",
        "object": "payment_link",
        "active": True,
        "after_completion": {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": None}},
        "allow_promotion_codes": False,
        "application_fee_amount": None,
        "application_fee_percent": None,
        "automatic_tax": {"enabled": False, "liability": None},
        "billing_address_collection": "auto",
        "consent_collection": None,
        "currency": draft.currency,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer_creation": "always" if draft.is_recurring else "if_required",
        "inactive_message": None,
        "invoice_creation": None
        if draft.is_recurring
        else {"enabled": False, "invoice_data": {**invoice, "issuer": None, "rendering_options": None}},
        "managed_payments": {"enabled": False},
        "metadata": {},
        "name_collection": None,
        "on_behalf_of": None,
        "optional_items": None,
        "payment_intent_data": None,
        "payment_method_collection": "always",
        "payment_method_options": None,
        "payment_method_types": None,
        "phone_number_collection": {"enabled": False},
        "restrictions": None,
        "shipping_address_collection": None,
        "shipping_options": [],
        "submit_type": "auto",
        "subscription_data": {
            "description": None,
            "invoice_settings": {**invoice, "issuer": {"type": "self"}},
            "metadata": {},
            "trial_period_days": None,
            "trial_settings": None,
        },
        "tax_id_collection": {"enabled": False, "required": "never"},
        "transfer_data": None,
    }


def update(link: Json, params: Mapping[str, Any]) -> Json:
    """The link after an update: objects are merged by key."""
    link = {**link, "line_items": {**link["line_items"], "data": [dict(i) for i in link["line_items"]["data"]]}}
    items = {item["id"]: item for item in link["line_items"]["data"]}
    for sent in params.get("line_items", ()):
        assert set(sent) <= {"id", "quantity", "adjustable_quantity"}
        items[sent["id"]].update(sent)
    _apply(link, {name: value for name, value in params.items() if name != "line_items"})
    return link


def _apply(link: Json, params: Mapping[str, Any]) -> None:
    for name, value in params.items():
        if name == "metadata":
            merged = {**link["metadata"], **value}
            link["metadata"] = {key: text for key, text in merged.items() if text != ""}
        elif name == "after_completion":
            link[name] = value
        elif name == "restrictions" and value:
            link[name] = {"completed_sessions": {"count": 0, **value["completed_sessions"]}}
        elif name == "custom_fields" and value:
            link[name] = [{"dropdown": None, "numeric": None, "text": None, **field} for field in value]
        else:
            link[name] = _merged(link[name], value)


def _merged(old: Any, new: Any, name: str = "") -> Any:
    """Objects are merged by key, save some, which replace what stood there; an empty text unsets."""
    if new == "":
        return None
    if not isinstance(new, dict) or name in ("metadata", "liability", "issuer"):
        return new
    before = old if isinstance(old, dict) else {}
    return before | {key: _merged(before.get(key), value, key) for key, value in new.items()}


def _line_item(at: int, sent: Mapping[str, Any], item: LineItem) -> Json:
    adjustable = sent.get("adjustable_quantity")
    return {
        "id": f"li_{at}",
        "object": "item",
        "description": item.name,
        "currency": item.price.currency,
        "quantity": sent["quantity"],
        "adjustable_quantity": {"minimum": None, "maximum": None, **adjustable} if adjustable else None,
        "price": _catalog(item.price) if isinstance(item.price, CatalogPrice) else _one_off(at, sent["price_data"]),
    }


def _one_off(at: int, data: Mapping[str, Any]) -> Json:
    amount, recurring = data["unit_amount"], data.get("recurring")
    product = data["product_data"]
    price = _price(f"price_{at}", data["currency"], amount, recurring, active=False, name=product["name"])
    price["tax_behavior"] = data.get("tax_behavior", "unspecified")
    price["product"] |= {"description": product.get("description"), "tax_code": product.get("tax_code")}
    return price


def _catalog(price: CatalogPrice) -> Json:
    recurring = price.recurring.model_dump() if price.recurring else None
    found = _price(price.price, price.currency, None, recurring, active=True, name=price.product_name)
    if price.unit_amount_decimal is not None:
        found["unit_amount_decimal"] = str(price.unit_amount_decimal)
    if isinstance(price.pricing, Package):
        found["transform_quantity"] = price.pricing.model_dump(include={"divide_by", "round"})
        found["product"]["unit_label"] = price.pricing.unit_label
    if isinstance(price.pricing, Tiered):
        found |= {"billing_scheme": "tiered", "tiers_mode": price.pricing.mode}
        found["tiers"] = [_tier(tier) for tier in price.pricing.tiers]
    return found


def _tier(tier: Tier) -> Json:
    amounts = {"unit_amount_decimal": tier.unit_amount, "flat_amount_decimal": tier.flat_amount}
    return {"up_to": tier.up_to} | {name: None if one is None else str(one) for name, one in amounts.items()}


def _price(
    identity: str, currency: str, amount: int | None, recurring: Json | None, *, active: bool, name: str
) -> Json:
    return {
        "id": identity,
        "object": "price",
        "active": active,
        "billing_scheme": "per_unit",
        "currency": currency,
        "custom_unit_amount": None,
        "nickname": None,
        "product": {"id": "prod_1", "object": "product", "active": active, "name": name},
        "recurring": recurring and {**recurring, "meter": None, "trial_period_days": None, "usage_type": "licensed"},
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": None if amount is None else str(amount),
    }
