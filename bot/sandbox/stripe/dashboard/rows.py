"""What the Dashboard shows of each thing."""

from bot.sandbox.stripe import currencies, pricing
from bot.sandbox.stripe.billing.subscriptions import current_period
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def payments(ctx: Context, limit: int) -> list[JSON]:
    """The newest checkouts, and the payments of renewals."""
    sessions = ctx.table("checkout.session").page(limit=limit)[0]
    renewals = ctx.table("invoice").page(limit=limit, keep=_is_tried_renewal)[0]
    found = [_session(ctx, item) for item in sessions] + [_renewal(ctx, item) for item in renewals]
    return sorted(found, key=lambda row: int(row["created"]), reverse=True)[:limit]


def subscription(ctx: Context, item: JSON) -> JSON:
    """Who is subscribed to what, until when."""
    customer = ctx.table("customer")[item["customer"]]
    lines = item["items"]["data"]
    amounts = [pricing.subtotal(ctx.account, line["price"], item["currency"], line["quantity"]) for line in lines]
    recurring = lines[0]["price"]["recurring"]
    owed = [one for one in ctx.account.invoices[item["id"]] if one["status"] == "open"]
    return {
        "id": item["id"],
        "name": ", ".join(ctx.table("product")[line["price"]["product"]]["name"] for line in lines),
        "email": customer["email"],
        "amount": sum(amounts),
        "recurring": {"interval": recurring["interval"], "interval_count": recurring["interval_count"]},
        "state": item["status"],
        "ends": item["cancel_at_period_end"],
        "until": item["ended_at"] or current_period(item)[1],
        "owed": bool(owed),
        **_currency(item),
    }


def dispute(ctx: Context, item: JSON) -> JSON:
    """What is disputed, why, and until when to answer."""
    billing = ctx.table("charge")[item["charge"]]["billing_details"]
    return {
        "id": item["id"],
        "email": billing["email"],
        "name": billing["name"],
        "amount": item["amount"],
        "reason": item["reason"],
        "state": item["status"],
        "due_by": item["evidence_details"]["due_by"],
        **_currency(item),
    }


def link(ctx: Context, item: JSON) -> JSON:
    """What a link sells, and how often it did."""
    items = ctx.account.line_items[item["id"]]
    recurring = [bool(line["price"]["recurring"]) for line in items]
    return {
        "id": item["id"],
        "name": ", ".join(line["description"] for line in items),
        "active": item["active"],
        "url": item["url"],
        "amount": sum(line["amount_total"] for line in items),
        "custom": bool(items[0]["price"]["custom_unit_amount"]),
        "recurring": items[0]["price"]["recurring"] if all(recurring) else None,
        "mixed": any(recurring) and not all(recurring),
        "completed": ctx.account.completed[item["id"]],
        **_currency(item),
    }


def _session(ctx: Context, session: JSON) -> JSON:
    details = session["customer_details"] or {}
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(session["id"], ""), {})
    return {
        "id": session["id"],
        "created": session["created"],
        "email": details.get("email"),
        "name": details.get("name"),
        "amount": session["amount_total"],
        "state": _session_state(session, intent),
        "note": None,
        **_money_back(ctx, intent),
        **_currency(session),
    }


def _renewal(ctx: Context, invoice: JSON) -> JSON:
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(invoice["id"], ""), {})
    return {
        "id": invoice["id"],
        "created": invoice["created"],
        "email": invoice["customer_email"],
        "name": invoice["customer_name"],
        "amount": invoice["total"],
        "state": "paid" if invoice["status"] == "paid" else "failed",
        "note": f"Renewal {invoice['number']}",
        **_money_back(ctx, intent),
        **_currency(invoice),
    }


def _is_tried_renewal(invoice: JSON) -> bool:
    return invoice["billing_reason"] == "subscription_cycle" and bool(invoice["attempted"])


def _money_back(ctx: Context, intent: JSON) -> JSON:
    """What came back of a payment: `left` can still be refunded, `refund` is on its way."""
    charge = ctx.table("charge").get(intent.get("latest_charge") or "")
    if charge is None or not charge["captured"]:
        return {"refunded": 0, "left": 0, "refund": None, "disputed": False, "by_card": False}
    waiting = [one for one in ctx.table("refund").values() if one["charge"] == charge["id"] and _waits(one)]
    found = ctx.account.disputes.get(charge["id"])
    return {
        "refunded": charge["amount_refunded"],
        "left": charge["amount"] - charge["amount_refunded"] if not found or found["is_charge_refundable"] else 0,
        "refund": waiting[0]["id"] if waiting else None,
        "disputed": found is not None,
        "by_card": charge["payment_method_details"]["type"] == "card",
    }


def _waits(refund: JSON) -> bool:
    return bool(refund["status"] == "pending")


def _session_state(session: JSON, intent: JSON) -> str:
    """In a word: open, expired, paid, free, processing, failed or authorized."""
    if session["status"] != "complete":
        return str(session["status"])
    if session["payment_status"] == "no_payment_required":
        return "free"
    if session["payment_status"] == "paid":
        return "paid"
    states = {"processing": "processing", "requires_capture": "authorized"}
    return states.get(str(intent.get("status")), "failed")


def _currency(item: JSON) -> JSON:
    return {"currency": item["currency"], "decimals": currencies.decimals(item["currency"])}
