"""Expanding responses (docs.stripe.com/api/expanding_objects)."""

import copy
from collections.abc import Callable
from typing import Any

from bot.sandbox.stripe.checkout.breakdown import breakdown
from bot.sandbox.stripe.endpoints import item_list, page_where
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

MAX_DEPTH = 4

REFERENCES = {
    ("price", "product"): "product",
    ("product", "default_price"): "price",
    ("checkout.session", "payment_link"): "payment_link",
    ("checkout.session", "payment_intent"): "payment_intent",
    ("checkout.session", "subscription"): "subscription",
    ("checkout.session", "customer"): "customer",
    ("checkout.session", "invoice"): "invoice",
    ("payment_intent", "latest_charge"): "charge",
    ("payment_intent", "customer"): "customer",
    ("payment_intent", "payment_method"): "payment_method",
    ("payment_method", "customer"): "customer",
    ("charge", "payment_intent"): "payment_intent",
    ("charge", "customer"): "customer",
    ("charge", "balance_transaction"): "balance_transaction",
    ("refund", "balance_transaction"): "balance_transaction",
    ("refund", "failure_balance_transaction"): "balance_transaction",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("refund", "payment_method"): "payment_method",
    ("subscription", "customer"): "customer",
    ("subscription", "latest_invoice"): "invoice",
    ("subscription", "default_payment_method"): "payment_method",
    ("subscription", "discounts"): "discount",
    ("invoice", "customer"): "customer",
    ("invoice", "discounts"): "discount",
    ("invoice_payment", "invoice"): "invoice",
    ("discount", "promotion_code"): "promotion_code",
    (None, "shipping_rate"): "shipping_rate",
    (None, "promotion_code"): "promotion_code",
    (None, "coupon"): "coupon",
    (None, "discount"): "discount",
    (None, "subscription"): "subscription",
    (None, "payment_intent"): "payment_intent",
}


def _line_items(ctx: Context, item: JSON) -> JSON:
    section = "payment_links" if item["object"] == "payment_link" else "checkout/sessions"
    return item_list(f"/v1/{section}/{item['id']}/line_items", ctx.account.line_items[item["id"]])


def _price_extra(name: str) -> Callable[[Context, JSON], Any]:
    return lambda ctx, price: ctx.account.price_extras.get(price["id"], {}).get(name)


def _extra(path: str) -> Callable[[Context, JSON], Any]:
    return lambda ctx, owner: ctx.account.extras.get(owner["id"], {}).get(path)


def _applied(name: str) -> Callable[[Context, JSON], Any]:
    return lambda ctx, item: ctx.account.extras.get(item["id"], {}).get(name, [])


def _refunds(ctx: Context, charge: JSON) -> JSON:
    url = f"/v1/charges/{charge['id']}/refunds"
    return page_where(url, ctx.table("refund"), {}, lambda refund: refund["charge"] == charge["id"])


def _invoice_payments(ctx: Context, invoice: JSON) -> JSON:
    return item_list(f"/v1/invoices/{invoice['id']}/payments", ctx.account.invoice_payments[invoice["id"]])


_HIDDEN: dict[tuple[str | None, str], Callable[[Context, JSON], Any]] = {
    ("payment_link", "line_items"): _line_items,
    ("checkout.session", "line_items"): _line_items,
    ("checkout.session", "shipping_cost.taxes"): _applied("shipping_cost.taxes"),
    ("checkout.session", "total_details.breakdown"): breakdown,
    ("item", "discounts"): _applied("discounts"),
    ("item", "taxes"): _applied("taxes"),
    ("charge", "refunds"): _refunds,
    ("invoice", "payments"): _invoice_payments,
    ("price", "tiers"): _price_extra("tiers"),
    ("price", "currency_options"): _price_extra("currency_options"),
    ("coupon", "applies_to"): _extra("applies_to"),
    ("coupon", "currency_options"): _extra("currency_options"),
    ("promotion_code", "restrictions.currency_options"): _extra("restrictions.currency_options"),
    ("shipping_rate", "fixed_amount.currency_options"): _extra("fixed_amount.currency_options"),
}
"""What is left out unless it is expanded: the object that has it, and the path in it."""


def expand(ctx: Context, answer: JSON, paths: list[str]) -> JSON:
    """A copy of the answer with these paths expanded; StripeError for what can't be."""
    if not paths:
        return answer
    result = copy.deepcopy(answer)
    for path in paths:
        steps = path.split(".")
        if len(steps) > MAX_DEPTH:
            message = f"You cannot expand more than {MAX_DEPTH} levels of a property. Property: {path}"
            raise StripeError(message, param="expand")
        _expand(ctx, result, steps, path)
    return result


def _expand(
    ctx: Context, node: Any, steps: list[str], path: str, owner: JSON | None = None, inner: tuple[str, ...] = ()
) -> None:
    """`owner` is the object that the node is or lies in, `inner` the way from there."""
    if isinstance(node, list):
        for item in node:
            _expand(ctx, item, steps, path)
        return
    if not steps or node is None:
        return
    if not isinstance(node, dict):
        raise _not_expandable(path)
    if "object" in node or owner is None:
        owner, inner = node, ()
    inner = (*inner, steps[0])
    _fetch(ctx, node, owner, inner, path)
    value = node.get(steps[0])
    if len(steps) == 1 and not isinstance(value, dict | list | None):
        raise _not_expandable(path)
    _expand(ctx, value, steps[1:], path, owner, inner)


def _fetch(ctx: Context, node: JSON, owner: JSON, inner: tuple[str, ...], path: str) -> None:
    name = inner[-1]
    hidden = _HIDDEN.get((owner.get("object"), ".".join(inner)))
    if hidden:
        if name not in node and (value := hidden(ctx, owner)) is not None:
            node[name] = copy.deepcopy(value)
        return
    if name not in node:
        raise _not_expandable(path)
    kind = REFERENCES.get((node.get("object"), name))
    if kind and isinstance(node[name], str):
        node[name] = _object(ctx, kind, node[name])
    elif kind and isinstance(node[name], list):
        node[name] = [_object(ctx, kind, one) if isinstance(one, str) else one for one in node[name]]


def _object(ctx: Context, kind: str, object_id: str) -> JSON:
    """The object, or what is left of one that was deleted."""
    found = ctx.table(kind).get(object_id)
    return copy.deepcopy(found) if found else {"id": object_id, "object": kind, "deleted": True}


def _not_expandable(path: str) -> StripeError:
    return StripeError(f"This property cannot be expanded ({path}).", param="expand")
