"""What an invoice charges for, and its lines (docs.stripe.com/api/invoice-line-item)."""

from dataclasses import dataclass, field

from bot.sandbox.stripe import pricing, tax
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


@dataclass(frozen=True)
class Bill:
    """What an invoice charges for: priced line items, to whom, and why.

    `settings` is the link's `invoice_data` or the subscription's `invoice_settings`; `period` the one that has ended.
    """

    customer: JSON
    currency: str
    lines: list[JSON]
    reason: str
    settings: JSON = field(default_factory=dict)
    subscription: JSON | None = None
    discount: JSON | None = None
    shipping: JSON | None = None
    shipping_details: JSON | None = None
    taxes: bool = False
    period: tuple[int, int] | None = None


def invoice_line(ctx: Context, bill: Bill, line: JSON, invoice_id: str) -> JSON:
    """The line of an invoice for a priced line item of its bill."""
    price, amount = line["price"], line["amount_subtotal"]
    full = pricing.subtotal(ctx.account, price, line["currency"], line["quantity"])
    trial = bool(price["recurring"] and full and not amount)
    item = _subscription_item(bill, price)
    period = (item["current_period_start"], item["current_period_end"]) if item else (ctx.now(), ctx.now())
    discounts = [{"amount": line["amount_discount"], "discount": bill.discount["id"]}] if bill.discount else []
    return {
        "id": ctx.new_id("il"),
        "object": "line_item",
        "amount": amount,
        "currency": line["currency"],
        "description": f"{'Trial period for ' if trial else ''}{line['description']}",
        "discount_amounts": discounts,
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": ctx.account.livemode,
        "metadata": dict(bill.subscription["metadata"]) if bill.subscription and item else {},
        "parent": _line_parent(ctx, bill, item),
        "period": {"end": period[1], "start": period[0]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": line["quantity"],
        "quantity_decimal": str(line["quantity"]),
        "subtotal": amount,
        "taxes": [shown_tax(one) for one in tax.taxes_of(ctx, line)],
    }


def _subscription_item(bill: Bill, price: JSON) -> JSON | None:
    items = bill.subscription["items"]["data"] if bill.subscription else []
    return next((item for item in items if item["price"]["id"] == price["id"]), None)


def _line_parent(ctx: Context, bill: Bill, item: JSON | None) -> JSON:
    common = {"proration": False, "proration_details": {"credited_items": None}}
    if item:
        details = {
            **common,
            "invoice_item": None,
            "subscription": item["subscription"],
            "subscription_item": item["id"],
        }
        return {"invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details"}
    owner = bill.subscription and bill.subscription["id"]
    details = {**common, "invoice_item": ctx.new_id("ii"), "subscription": owner}
    return {"invoice_item_details": details, "subscription_item_details": None, "type": "invoice_item_details"}


def shown_tax(one: JSON) -> JSON:
    """A tax as invoices and their lines show it."""
    return {
        "amount": one["amount"],
        "tax_behavior": "inclusive" if one["rate"]["inclusive"] else "exclusive",
        "tax_rate_details": {"tax_rate": one["rate"]["id"]},
        "taxability_reason": one["taxability_reason"],
        "taxable_amount": one["taxable_amount"],
        "type": "tax_rate_details",
    }
