"""Receipts and invoices as a person reads them, for the page and the PDF to draw. Amounts are minor units."""

from collections.abc import Sequence

from bot.sandbox.stripe import currencies, tax
from bot.sandbox.stripe.checkout.breakdown import session_taxes
from bot.sandbox.stripe.state import Account, Context, World
from bot.sandbox.stripe.tables import JSON


def paper(world: World, object_id: str) -> JSON | None:
    """What the receipt of a charge or the page of an invoice shows; None when there is no such thing."""
    for account in world.accounts.values():
        ctx = Context(world, account)
        if charge := account.tables["charge"].get(object_id):
            return _receipt(ctx, charge) if charge["receipt_url"] else None
        if invoice := account.tables["invoice"].get(object_id):
            return _invoice(ctx, invoice) if invoice["hosted_invoice_url"] else None
    return None


def _receipt(ctx: Context, charge: JSON) -> JSON:
    owners = [owner for owner, intent in ctx.account.intents.items() if intent == charge["payment_intent"]]
    invoices = [ctx.table("invoice")[owner] for owner in owners if owner.startswith("in_")]
    sessions = [ctx.table("checkout.session")[owner] for owner in owners if owner.startswith("cs_")]
    bought = _of_invoice(invoices[0]) if invoices else _of_session(ctx, sessions[0])
    returned = charge["amount_refunded"]
    back = [{"label": "Refunded", "amount": -returned}] if returned else []
    return {
        **_common(ctx.account, charge),
        "title": "Receipt",
        "number": charge["receipt_number"] or charge["id"],
        "status": "refunded" if charge["refunded"] else charge["status"],
        "total": charge["amount"],
        **bought,
        "after": [*bought["after"], *back],
        "customer": _customer(charge["billing_details"]),
        "method": _method(charge),
        "notes": [],
        "links": [{"label": "View invoice", "url": invoices[0]["hosted_invoice_url"]}] if invoices else [],
    }


def _invoice(ctx: Context, invoice: JSON) -> JSON:
    charge = _charge(ctx, invoice)
    links = [{"label": "Download invoice", "url": invoice["invoice_pdf"]}]
    if charge and charge["receipt_url"]:
        links.append({"label": "View receipt", "url": charge["receipt_url"]})
    details = {name: invoice[f"customer_{name}"] for name in ("name", "email", "address")}
    bought = _of_invoice(invoice)
    due = [{"label": "Amount paid", "amount": -invoice["amount_paid"]}] if invoice["amount_paid"] else []
    due.append({"label": "Amount due", "amount": invoice["amount_remaining"]})
    fields = [f"{field['name']}: {field['value']}" for field in invoice["custom_fields"] or []]
    return {
        **_common(ctx.account, invoice),
        "title": "Invoice",
        "number": invoice["number"],
        "status": invoice["status"],
        "total": invoice["total"],
        **bought,
        "after": [*bought["after"], *due],
        "customer": _customer(details),
        "method": _method(charge) if charge else None,
        "notes": [note for note in (invoice["description"], *fields, invoice["footer"]) if note],
        "links": links,
    }


def _charge(ctx: Context, invoice: JSON) -> JSON | None:
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(invoice["id"], ""))
    return ctx.table("charge").get(intent["latest_charge"] or "") if intent else None


def _of_session(ctx: Context, session: JSON) -> JSON:
    lines = ctx.account.line_items[session["id"]]
    totals, added = session["total_details"], tax.added(session_taxes(ctx, session))
    sums = (session["amount_subtotal"], totals["amount_discount"], totals["amount_shipping"], added)
    shown = [(line["description"], line["quantity"], line["amount_subtotal"], None) for line in lines]
    return _bought(shown, sums, totals["amount_tax"] - added)


def _of_invoice(invoice: JSON) -> JSON:
    taxes = {"exclusive": 0, "inclusive": 0}
    for one in invoice["total_taxes"]:
        taxes[one["tax_behavior"]] += one["amount"]
    discount = sum(one["amount"] for one in invoice["total_discount_amounts"])
    sums = (invoice["subtotal"], discount, invoice["amount_shipping"], taxes["exclusive"])
    periods = invoice["parent"] is not None
    shown = [
        (line["description"], line["quantity"], line["amount"], line["period"] if periods else None)
        for line in invoice["lines"]["data"]
    ]
    return _bought(shown, sums, taxes["inclusive"])


def _bought(lines: Sequence[tuple[str, int, int, JSON | None]], sums: tuple[int, int, int, int], included: int) -> JSON:
    subtotal, discount, shipping, added = sums
    extra = [("Discount", -discount), ("Shipping", shipping), ("Tax", added)]
    rows = [{"label": label, "amount": amount} for label, amount in extra if amount]
    return {
        "lines": [
            {"name": name, "quantity": quantity, "amount": amount, "period": period}
            for name, quantity, amount, period in lines
        ],
        "sums": [{"label": "Subtotal", "amount": subtotal}, *rows] if rows else [],
        "after": [{"label": "Tax included", "amount": included}] if included else [],
    }


def _customer(details: JSON) -> JSON:
    address = details["address"] or {}
    city = " ".join(address[name] for name in ("postal_code", "city") if address.get(name))
    parts = [address.get("line1"), address.get("line2"), city, address.get("state"), address.get("country")]
    return {"name": details["name"], "email": details["email"], "address": [part for part in parts if part]}


def _method(charge: JSON) -> str:
    details = charge["payment_method_details"]
    kind = details["type"]
    name = details["card"]["brand"].capitalize() if kind == "card" else kind.replace("_", " ").capitalize()
    return f"{name} •••• {details[kind]['last4']}"


def _common(account: Account, item: JSON) -> JSON:
    return {
        "merchant": account.name,
        "merchant_email": account.email,
        "livemode": account.livemode,
        "id": item["id"],
        "created": item["created"],
        "currency": item["currency"],
        "decimals": currencies.decimals(item["currency"]),
    }
