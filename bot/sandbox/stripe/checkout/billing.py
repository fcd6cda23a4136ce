"""Subscriptions and invoices that a payment leaves behind."""

import calendar
from datetime import UTC, datetime, timedelta

from bot.sandbox.stripe import pricing
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_UNSET_SUBSCRIPTION = (
    "application cancel_at canceled_at days_until_due default_payment_method ended_at latest_invoice "
    "pause_collection schedule test_clock"
)
"""Fields of a subscription that the sandbox leaves empty."""


def period_end(start: int, recurring: JSON) -> int:
    """When a billing period that starts then ends: the same day of a later month, or its last day."""
    count = recurring["interval_count"]
    if recurring["interval"] in ("day", "week"):
        days = count * (7 if recurring["interval"] == "week" else 1)
        return start + int(timedelta(days=days).total_seconds())
    months = count * (12 if recurring["interval"] == "year" else 1)
    at = datetime.fromtimestamp(start, UTC)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return int(at.replace(year=year, month=month + 1, day=day).timestamp())


def new_subscription(ctx: Context, session: JSON, link: JSON, *, status: str) -> JSON:
    """The subscription to the session's recurring items, not announced yet."""
    data = link["subscription_data"]
    now = ctx.now()
    trial = data["trial_period_days"]
    trial_end = now + trial * 86_400 if trial else None
    lines = [line for line in ctx.account.line_items[session["id"]] if line["price"]["recurring"]]
    end = trial_end or period_end(now, lines[0]["price"]["recurring"])
    subscription_id = ctx.new_id("sub")
    items = [_subscription_item(ctx, line, subscription_id, end) for line in lines]
    subscription: JSON = {
        "id": subscription_id,
        "object": "subscription",
        **dict.fromkeys(_UNSET_SUBSCRIPTION.split()),
        "application_fee_percent": link["application_fee_percent"],
        "automatic_tax": {"disabled_reason": None, **link["automatic_tax"]},
        "billing_cycle_anchor": end if trial else now,
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session["currency"],
        "customer": session["customer"],
        "description": data["description"],
        "discounts": [],
        "invoice_settings": data["invoice_settings"],
        "items": {
            "object": "list",
            "data": items,
            "has_more": False,
            "url": f"/v1/subscription_items?subscription={subscription_id}",
        },
        "livemode": ctx.account.livemode,
        "metadata": dict(data["metadata"]),
        "on_behalf_of": link["on_behalf_of"],
        "start_date": now,
        "status": status,
        "transfer_data": link["transfer_data"],
        "trial_end": trial_end,
        "trial_settings": data["trial_settings"],
        "trial_start": now if trial else None,
    }
    return ctx.add("subscription", subscription)


def _subscription_item(ctx: Context, line: JSON, subscription_id: str, end: int) -> JSON:
    return {
        "id": ctx.new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": ctx.now(),
        "current_period_end": end,
        "current_period_start": ctx.now(),
        "discounts": [],
        "metadata": {},
        "price": line["price"],
        "quantity": line["quantity"],
        "subscription": subscription_id,
        "tax_rates": [],
    }


def new_invoice(
    ctx: Context, session: JSON, subscription: JSON | None, details: JSON, *, reason: str, data: JSON
) -> JSON:
    """The invoice for what was bought, open until it is paid; `data` is the link's `invoice_data`, if any."""
    invoice_id = ctx.new_id("in")
    total = session["amount_total"]
    parent = None
    if subscription:
        inner = {"metadata": subscription["metadata"], "subscription": subscription["id"]}
        parent = {"quote_details": None, "subscription_details": inner, "type": "subscription_details"}
    hosted = f"{ctx.world.url}/invoices/{invoice_id}"
    invoice: JSON = {
        "id": invoice_id,
        "object": "invoice",
        "account_country": ctx.account.country,
        "account_name": ctx.account.name,
        "amount_due": total,
        "amount_paid": 0,
        "amount_remaining": total,
        "attempt_count": 0,
        "attempted": False,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": ctx.now(),
        "currency": session["currency"],
        "custom_fields": data.get("custom_fields"),
        "customer": session["customer"],
        "customer_address": details["address"],
        "customer_email": details["email"],
        "customer_name": details["name"],
        "customer_phone": details["phone"],
        "description": data.get("description"),
        "discounts": [],
        "footer": data.get("footer"),
        "hosted_invoice_url": hosted,
        "invoice_pdf": f"{hosted}/pdf",
        "lines": _lines(ctx, session, invoice_id),
        "livemode": ctx.account.livemode,
        "metadata": dict(data.get("metadata") or {}),
        "number": f"{ctx.world.ids.letters(8).upper()}-0001",
        "parent": parent,
        "period_end": ctx.now(),
        "period_start": ctx.now(),
        "status": "open",
        "status_transitions": {"finalized_at": ctx.now(), "paid_at": None},
        "subtotal": session["amount_subtotal"],
        "total": total,
    }
    return ctx.add("invoice", invoice)


def _lines(ctx: Context, session: JSON, invoice_id: str) -> JSON:
    data = []
    for line in ctx.account.line_items[session["id"]]:
        recurring = line["price"]["recurring"]
        end = period_end(ctx.now(), recurring) if recurring else ctx.now()
        amount = line["amount_subtotal"]
        full = pricing.subtotal(ctx.account, line["price"], line["currency"], line["quantity"])
        data.append(
            {
                "id": ctx.new_id("il"),
                "object": "line_item",
                "amount": amount,
                "currency": line["currency"],
                "description": f"{'Trial period for ' if full and not amount else ''}{line['description']}",
                "invoice": invoice_id,
                "livemode": ctx.account.livemode,
                "metadata": {},
                "period": {"end": end, "start": ctx.now()},
                "pricing": {
                    "price_details": {"price": line["price"]["id"], "product": line["price"]["product"]},
                    "type": "price_details",
                    "unit_amount_decimal": line["price"]["unit_amount_decimal"],
                },
                "quantity": line["quantity"],
                "subtotal": amount,
            }
        )
    return {"object": "list", "data": data, "has_more": False, "url": f"/v1/invoices/{invoice_id}/lines"}


def pay_invoice(ctx: Context, invoice: JSON) -> None:
    """Mark the invoice paid and say so."""
    invoice.update(amount_paid=invoice["amount_due"], amount_remaining=0, status="paid", attempted=True)
    invoice["status_transitions"]["paid_at"] = ctx.now()
    ctx.emit("invoice.paid", invoice)
    ctx.emit("invoice.payment_succeeded", invoice)
