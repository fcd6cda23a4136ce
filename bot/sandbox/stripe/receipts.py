"""Receipts and invoices as a person reads them."""

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.state import Account, World
from bot.sandbox.stripe.tables import JSON


def receipt(world: World, object_id: str) -> JSON | None:
    """What the receipt of a charge or the page of an invoice shows; None when there is no such thing."""
    for account in world.accounts.values():
        if object_id in account.tables["charge"]:
            return _charge(account, account.tables["charge"][object_id])
        if object_id in account.tables["invoice"]:
            return _invoice(account, account.tables["invoice"][object_id])
    return None


def _charge(account: Account, charge: JSON) -> JSON:
    sessions = [key for key, value in account.intents.items() if value == charge["payment_intent"]]
    items = account.line_items[sessions[0]] if sessions else []
    lines = [(item["description"], item["quantity"], item["amount_total"]) for item in items]
    return {
        **_common(account, charge, lines),
        "title": "Receipt",
        "status": charge["status"],
        "total": charge["amount"],
        "email": charge["billing_details"]["email"],
    }


def _invoice(account: Account, invoice: JSON) -> JSON:
    lines = [(line["description"], line["quantity"], line["amount"]) for line in invoice["lines"]["data"]]
    return {
        **_common(account, invoice, lines),
        "title": f"Invoice {invoice['number']}",
        "status": invoice["status"],
        "total": invoice["total"],
        "email": invoice["customer_email"],
    }


def _common(account: Account, item: JSON, lines: list[tuple[str, int, int]]) -> JSON:
    return {
        "merchant": account.name,
        "livemode": account.livemode,
        "id": item["id"],
        "created": item["created"],
        "currency": item["currency"],
        "decimals": currencies.decimals(item["currency"]),
        "lines": [{"name": name, "quantity": quantity, "amount": amount} for name, quantity, amount in lines],
    }
