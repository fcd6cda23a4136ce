"""Refunds (docs.stripe.com/refunds): in full or in part, at once, later, or failing later."""

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.checkout.cards import REFUND_FAILS_LATER, REFUND_SETTLES_LATER
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.payments.balance import move
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def refund(
    ctx: Context, charge: JSON, amount: int | None = None, *, pending: bool | None = None, **given: object
) -> JSON:
    """Give back `amount` minor units of a charge, or all that is left; StripeError where Stripe refuses.

    Cards get their money at once, bank accounts when it arrives; `pending` says otherwise. `given` are further fields
    (`reason`, `metadata`).
    """
    left = charge["amount"] - charge["amount_refunded"]
    _check(ctx, charge, left, amount)
    amount = left if amount is None else amount
    number = ctx.account.card_numbers.get(charge["payment_method"])
    is_card = charge["payment_method_details"]["type"] == "card"
    waits = pending if pending is not None else not is_card or number == REFUND_SETTLES_LATER
    made = _new_refund(ctx, charge, amount, "pending" if waits else "succeeded", given)
    refunded = charge["amount_refunded"] + amount
    ctx.change("charge.refunded", charge, {"amount_refunded": refunded, "refunded": refunded == charge["amount"]})
    ctx.emit("refund.created", made)
    if number == REFUND_FAILS_LATER:
        fail_refund(ctx, made)
    elif not waits and is_card:
        card = {**made["destination_details"]["card"], "reference": "7270", "reference_status": "available"}
        _update(ctx, made, {"destination_details": {**made["destination_details"], "card": card}})
    return made


def settle_refund(ctx: Context, made: JSON) -> JSON:
    """The money has arrived; StripeError unless the refund is pending."""
    if made["status"] != "pending":
        raise StripeError(f"This refund is {made['status']}, not pending.", param="refund")
    return _update(ctx, made, {"status": "succeeded", "pending_reason": None})


def fail_refund(ctx: Context, made: JSON, reason: str = "expired_or_canceled_card") -> JSON:
    """The bank sends the money back: it returns to the balance and the charge counts it as not refunded.

    StripeError when the refund has failed before.
    """
    if made["status"] == "failed":
        raise StripeError("This refund has already failed.", param="refund")
    charge = ctx.table("charge")[made["charge"]]
    changes = {
        "failure_balance_transaction": move(ctx, made, "refund_failure", made["amount"]),
        "failure_reason": reason,
        "pending_reason": None,
        "status": "failed",
    }
    charge.update(amount_refunded=charge["amount_refunded"] - made["amount"], refunded=False)
    _update(ctx, made, changes)
    ctx.emit("refund.failed", made)
    return made


def _update(ctx: Context, made: JSON, changes: JSON) -> JSON:
    ctx.change("refund.updated", made, changes)
    ctx.emit("charge.refund.updated", made)
    return made


def _check(ctx: Context, charge: JSON, left: int, amount: int | None) -> None:
    charge_id = charge["id"]
    disputed = ctx.account.disputes.get(charge_id)
    if disputed and not disputed["is_charge_refundable"]:
        message = f"Charge {charge_id} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed", param="charge")
    if charge["status"] != "succeeded" or not charge["captured"]:
        message = f"Charge {charge_id} was not paid; cannot issue a refund."
        raise StripeError(message, code="charge_not_refundable", param="charge")
    if not left:
        message = f"Charge {charge_id} has already been refunded."
        raise StripeError(message, code="charge_already_refunded", param="charge")
    if amount is None:
        return
    if amount > left:
        words = [currencies.words(value, charge["currency"]) for value in (amount, left)]
        message = f"Refund amount ({words[0]}) is greater than unrefunded amount on charge ({words[1]})"
        raise StripeError(message, param="amount")
    currencies.check_amount(amount, charge["currency"], "amount")


def _new_refund(ctx: Context, charge: JSON, amount: int, status: str, given: dict[str, object]) -> JSON:
    kind = charge["payment_method_details"]["type"]
    card = {"reference": None, "reference_status": "pending", "reference_type": "acquirer_reference_number"}
    made: JSON = {
        "id": ctx.new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": ctx.now(),
        "currency": charge["currency"],
        "destination_details": {**({"card": {**card, "type": "refund"}} if kind == "card" else {}), "type": kind},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if status == "pending" else None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
        **given,
    }
    made["balance_transaction"] = move(ctx, made, "refund" if kind == "card" else "payment_refund", -amount)
    return ctx.add("refund", made)
