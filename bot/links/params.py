"""A draft as Stripe's parameters, and a live link as a draft again."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.links.draft import LinkDraft
from bot.links.line_item import AdjustableQuantity, CatalogPrice, LineItem, OneOffPrice
from bot.links.options import GROUPS
from bot.links.options.metadata import PROTECTED, Metadata
from bot.links.prices import line_item_price

NAME = "paylink_name"
CHANNEL = "paylink_channel"
DRAFT = "paylink_draft"
REPLACES = "paylink_replaces"
REPLACED_BY = "paylink_replaced_by"

_SUBJECT_OF_ITEM = {
    "price_data[unit_amount]": "unit_amount",
    "price_data[unit_amount_decimal]": "unit_amount",
    "price_data[currency]": "currency",
    "price_data[product_data][name]": "name",
    "price_data[product_data][description]": "description",
    "price_data[product_data][tax_code]": "tax_code",
    "price_data[tax_behavior]": "tax_behavior",
    "price_data[recurring]": "recurring",
    "price": "price",
    "quantity": "quantity",
    "adjustable_quantity[minimum]": "adjustable_quantity.minimum",
    "adjustable_quantity[maximum]": "adjustable_quantity.maximum",
    "adjustable_quantity": "adjustable_quantity",
}


def create_params(draft: LinkDraft, metadata: Mapping[str, str]) -> dict[str, Any]:
    """Stripe's parameters for creating the link; the same draft and metadata always give the same parameters.

    The link's name and channel join `metadata` on the link; they may change later, so what is bought doesn't have them.
    """
    names = {NAME: draft.title, CHANNEL: draft.notify_channel}
    params: dict[str, Any] = {"line_items": [line_item_params(item) for item in draft.line_items]}
    if any(isinstance(item.price, CatalogPrice) and item.price.is_further for item in draft.line_items):
        params["currency"] = draft.currency
    for group in draft.options.values():
        params.update(group.to_stripe())
    own = {**metadata, **{key: value for key, value in names.items() if value}}
    params["metadata"] = {**params.get("metadata", {}), **own}
    others = {key: value for key, value in draft.payment_metadata.items() if not key.startswith(PROTECTED)}
    if bought := {**others, **keys_of(draft), **metadata}:
        mode = bought_by(draft)
        params[mode] = {**params.get(mode, {}), "metadata": bought}
    return params


def bought_by(draft: LinkDraft) -> str:
    """The parameter that says what a payment or a subscription of the link is like. Stripe copies a link's metadata
    to Checkout Sessions alone, so what is bought has its own there, which an update sets as a whole."""
    return "subscription_data" if draft.is_recurring else "payment_intent_data"


def keys_of(draft: LinkDraft) -> dict[str, str]:
    """The keys and values that a rep gave the link."""
    group = draft.options.get(Metadata.key)
    return dict(group.metadata) if isinstance(group, Metadata) else {}


def line_item_params(item: LineItem) -> dict[str, Any]:
    """One entry of `line_items` for creating a link."""
    params: dict[str, Any] = {"quantity": item.quantity}
    if isinstance(item.price, CatalogPrice):
        params["price"] = item.price.price
    else:
        params["price_data"] = _price_data(item.price)
    if item.adjustable_quantity is not None:
        limits = item.adjustable_quantity.model_dump(exclude_none=True)
        params["adjustable_quantity"] = {"enabled": True, **limits}
    return params


def draft_from_stripe(link: Mapping[str, Any]) -> LinkDraft:
    """The live link as a draft. `line_items.data` must be all of its items, with `price.product` expanded.

    A row is named by its item's id (`li_…`), so reading twice gives the same draft.
    """
    metadata = link.get("metadata") or {}
    found = {key: group_type.from_stripe(link) for key, group_type in GROUPS.items()}
    draft = LinkDraft(
        name=metadata.get(NAME, ""),
        line_items=tuple(_line_item(item, link["currency"]) for item in link["line_items"]["data"]),
        options={key: group for key, group in found.items() if group is not None},
        notify_channel=metadata.get(CHANNEL) or None,
    )
    bought = (link.get(bought_by(draft)) or {}).get("metadata") or {}
    others = {key: value for key, value in bought.items() if key not in keys_of(draft)}
    return draft.with_name(draft.title).with_payment_metadata(others)


def locate(param: str | None, draft: LinkDraft, sent: Mapping[str, Any] | None = None) -> str:
    """Where in the draft a parameter path of Stripe's points, as in `Problem.where`.

    `line_items[0][price_data][unit_amount]` is `line_items.<row of the first item>.unit_amount`. `sent` are the
    parameters of an update, whose items are found by their ids. Empty when it is about the whole link.
    """
    if not param:
        return ""
    root, *path = re.findall(r"[^\[\].]+", param) or [""]
    if root == "line_items":
        return _locate_item(path, draft, (sent or {}).get("line_items", ()))
    if path == [NAME]:
        return "name"
    if path[:1] == ["metadata"] and root == bought_by(draft) and keys_of(draft):
        return ".".join(("options", Metadata.key, *path))
    for group in draft.options.values():
        if root in type(group).model_fields:
            return ".".join(("options", group.key, root, *path))
    return ""


def _price_data(price: OneOffPrice) -> dict[str, Any]:
    product = {"name": price.name, "description": price.description, "tax_code": price.tax_code}
    data: dict[str, Any] = {
        "currency": price.currency,
        "unit_amount": price.unit_amount,
        "product_data": {name: value for name, value in product.items() if value},
    }
    if price.tax_behavior is not None:
        data["tax_behavior"] = price.tax_behavior
    if price.recurring is not None:
        data["recurring"] = price.recurring.model_dump()
    return data


def _line_item(item: Mapping[str, Any], currency: str) -> LineItem:
    adjustable = item.get("adjustable_quantity") or {}
    return LineItem(
        row=item["id"],
        stripe_id=item["id"],
        price=line_item_price(item["price"], currency),
        quantity=item.get("quantity") or 1,
        adjustable_quantity=AdjustableQuantity.model_validate(adjustable) if adjustable.get("enabled") else None,
    )


def _locate_item(path: Sequence[str], draft: LinkDraft, sent: Sequence[Mapping[str, Any]]) -> str:
    if not path or not path[0].isdecimal():
        return "line_items"
    at, inner = int(path[0]), path[1:]
    if sent:
        wanted = sent[at].get("id") if at < len(sent) else None
        items = [item for item in draft.line_items if item.stripe_id == wanted]
    else:
        items = list(draft.line_items[at : at + 1])
    if not items:
        return "line_items"
    asked = "".join(inner[:1]) + "".join(f"[{name}]" for name in inner[1:])
    subject = next((to for start, to in _SUBJECT_OF_ITEM.items() if asked.startswith(start)), "")
    return f"line_items.{items[0].row}.{subject}".rstrip(".")
