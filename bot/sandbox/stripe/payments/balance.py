"""What moves on the account's balance: money in, Stripe's fee, money back."""

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_CATEGORIES = {"payment_refund": "refund", "adjustment": "dispute", "payment": "charge"}
FIXED_FEE = 30
DISPUTE_FEE = 1500


def move(ctx: Context, source: JSON, kind: str, amount: int, fee: int = 0) -> str:
    """Keep a balance transaction of `amount` minor units (negative: money out) for an object; its id."""
    fee_detail = {
        "amount": fee,
        "application": None,
        "currency": source["currency"],
        "description": "Dispute fee" if kind == "adjustment" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    transaction: JSON = {
        "id": ctx.new_id("txn"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": ctx.now() + 2 * 86_400,
        "balance_type": "payments",
        "created": ctx.now(),
        "currency": source["currency"],
        "description": source.get("description"),
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [fee_detail] if fee else [],
        "net": amount - fee,
        "reporting_category": _CATEGORIES.get(kind, kind),
        "source": source["id"],
        "status": "pending",
        "type": kind,
    }
    ctx.add("balance_transaction", transaction)
    return str(transaction["id"])


def charge_fee(amount: int) -> int:
    """Stripe's fee on a charge: 2.9 % and a fixed part, never more than the charge."""
    return min(amount, amount * 29 // 1000 + FIXED_FEE)
