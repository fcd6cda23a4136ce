"""Disputes and inquiries (docs.stripe.com/disputes): opened by a bank, answered by the merchant, won or lost."""

from datetime import UTC, datetime, timedelta

from bot.sandbox.stripe.checkout.cards import DISPUTED, INQUIRY
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.payments.balance import DISPUTE_FEE, move
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

REASONS = frozenset(
    (
        "bank_cannot_process", "check_returned", "credit_not_processed", "customer_initiated", "debit_not_authorized",
        "duplicate", "fraudulent", "general", "incorrect_account_details", "insufficient_funds", "product_not_received",
        "product_unacceptable", "subscription_canceled", "unrecognized",
    )
)  # fmt: skip
DAYS_TO_RESPOND = 14
_NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "duplicate": "12.6", "unrecognized": "10.4"}
_EVIDENCE = (
    "access_activity_log appeal billing_address cancellation_policy cancellation_policy_disclosure "
    "cancellation_rebuttal customer_communication customer_email_address customer_name customer_purchase_ip "
    "customer_signature duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id "
    "product_description receipt refund_policy refund_policy_disclosure refund_refusal_explanation service_date "
    "service_documentation shipping_address shipping_carrier shipping_date shipping_documentation "
    "shipping_tracking_number uncategorized_file uncategorized_text"
)


def dispute(
    ctx: Context, charge: JSON, amount: int | None = None, *, reason: str = "fraudulent", inquiry: bool = False
) -> JSON:
    """A customer's bank takes a payment back, or `amount` minor units of it; an inquiry only asks.

    StripeError when the charge isn't paid, is disputed already, or has been refunded.
    """
    left = charge["amount"] - charge["amount_refunded"]
    _check(ctx, charge, left, amount, reason)
    if inquiry and charge["payment_method_details"]["type"] != "card":
        raise StripeError("Only payments by card are inquired about.", param="charge")
    made = _new_dispute(ctx, charge, left if amount is None else amount, reason, inquiry=inquiry)
    charge["disputed"] = True
    if not inquiry:
        _move(ctx, made, -made["amount"], DISPUTE_FEE)
    ctx.account.disputes[charge["id"]] = made
    ctx.add("dispute", made)
    ctx.emit("charge.dispute.created", made)
    if not inquiry:
        ctx.emit("charge.dispute.funds_withdrawn", made)
    return made


def dispute_by_card(ctx: Context, charge: JSON) -> None:
    """What follows from paying with one of Stripe's test cards for disputes; nothing for other cards."""
    number = ctx.account.card_numbers.get(charge["payment_method"])
    if number in DISPUTED:
        dispute(ctx, charge, reason=DISPUTED[number])
    elif number == INQUIRY:
        dispute(ctx, charge, inquiry=True)


def submit_evidence(ctx: Context, made: JSON) -> JSON:
    """The merchant answers: the bank reviews. StripeError when the dispute doesn't wait for an answer."""
    if not made["status"].endswith("needs_response"):
        raise StripeError(f"This dispute is {made['status']}; it takes no more evidence.", param="dispute")
    details = {**made["evidence_details"], "has_evidence": True, "submission_count": 1, "submission_method": "manual"}
    changes = {"evidence_details": details, "status": made["status"].replace("needs_response", "under_review")}
    return ctx.change("charge.dispute.updated", made, changes)


def escalate(ctx: Context, made: JSON) -> JSON:
    """An inquiry becomes a dispute and the money is taken; StripeError when it isn't an open inquiry."""
    if not made["status"].startswith("warning_") or made["status"] == "warning_closed":
        raise StripeError("This isn't an open inquiry.", param="dispute")
    _move(ctx, made, -made["amount"], DISPUTE_FEE)
    card = {**made["payment_method_details"]["card"], "case_type": "chargeback"}
    changes: JSON = {"is_charge_refundable": False, "payment_method_details": {"card": card, "type": "card"}}
    ctx.change("charge.dispute.updated", made, {**changes, "status": "needs_response"})
    ctx.emit("charge.dispute.funds_withdrawn", made)
    return made


def close(ctx: Context, made: JSON, *, won: bool) -> JSON:
    """The bank decides: money won comes back, an inquiry is just closed. StripeError when it was closed before."""
    if made["status"] in ("won", "lost", "warning_closed"):
        raise StripeError(f"This dispute is closed: {made['status']}.", param="dispute")
    inquiry = made["status"].startswith("warning_")
    made["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    if won and not inquiry:
        _move(ctx, made, made["amount"], 0)
    ctx.emit("charge.dispute.closed", made)
    if won and not inquiry:
        ctx.emit("charge.dispute.funds_reinstated", made)
    return made


def _check(ctx: Context, charge: JSON, left: int, amount: int | None, reason: str) -> None:
    if charge["status"] != "succeeded" or not charge["captured"]:
        raise StripeError(f"Charge {charge['id']} was not paid; it can't be disputed.", param="charge")
    if charge["id"] in ctx.account.disputes:
        raise StripeError(f"Charge {charge['id']} is already disputed.", code="charge_disputed", param="charge")
    if not left:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", param="charge")
    if amount is not None and not 0 < amount <= left:
        raise StripeError("The disputed amount must be no more than what was paid and not refunded.", param="amount")
    if reason not in REASONS:
        raise StripeError(f"Invalid reason: must be one of {', '.join(sorted(REASONS))}", param="reason")


def _move(ctx: Context, made: JSON, amount: int, fee: int) -> None:
    transaction = move(ctx, made, "adjustment", amount, fee)
    made["balance_transactions"] = [*made["balance_transactions"], ctx.table("balance_transaction")[transaction]]


def _new_dispute(ctx: Context, charge: JSON, amount: int, reason: str, *, inquiry: bool) -> JSON:
    due = datetime.fromtimestamp(ctx.now(), UTC) + timedelta(days=DAYS_TO_RESPOND)
    return {
        "id": ctx.new_id("du"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": ctx.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE.split()), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": int(due.replace(hour=23, minute=59, second=59, microsecond=0).timestamp()),
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": inquiry,
        "livemode": charge["livemode"],
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": _card_details(charge, reason, inquiry=inquiry),
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _card_details(charge: JSON, reason: str, *, inquiry: bool) -> JSON | None:
    details = charge["payment_method_details"]
    if details["type"] != "card":
        return None
    brand = details["card"]["brand"]
    card = {
        "brand": brand,
        "case_type": "inquiry" if inquiry else "chargeback",
        "network": brand,
        "network_reason_code": _NETWORK_CODES.get(reason, "13.3"),
    }
    return {"card": card, "type": "card"}
