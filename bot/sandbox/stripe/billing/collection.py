"""Getting an invoice paid: finalized, charged, paid or failed and tried again."""

from bot.sandbox.stripe.checkout.cards import authorize
from bot.sandbox.stripe.checkout.errors import Declined
from bot.sandbox.stripe.payments import records
from bot.sandbox.stripe.payments.disputes import dispute_by_card
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

RETRY_DAYS = (3, 5, 7)
"""When a failed payment is tried again, in days after the attempt before; after the last one Stripe gives up."""


def finalize(ctx: Context, invoice: JSON) -> None:
    """Give a draft its number and its pages, and say so; what costs nothing is paid by that."""
    customer = ctx.table("customer")[invoice["customer"]]
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    hosted = f"{ctx.world.url}/invoices/{invoice['id']}"
    invoice.update(
        effective_at=ctx.now(),
        ending_balance=0,
        hosted_invoice_url=hosted,
        invoice_pdf=f"{hosted}/pdf",
        number=f"{customer['invoice_prefix']}-{sequence:04d}",
        status="open",
    )
    invoice["status_transitions"]["finalized_at"] = ctx.now()
    ctx.emit("invoice.finalized", invoice)


def attach(ctx: Context, invoice: JSON, intent: JSON) -> JSON:
    """Let a payment intent pay the invoice; the invoice payment, open."""
    payment: JSON = {
        "id": ctx.new_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": invoice["amount_due"],
        "created": ctx.now(),
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": invoice["livemode"],
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
    ctx.account.intents[invoice["id"]] = intent["id"]
    ctx.account.invoice_payments[invoice["id"]].append(payment)
    return ctx.add("invoice_payment", payment)


def mark_paid(ctx: Context, invoice: JSON) -> None:
    """The invoice is paid: say so in Stripe's several ways."""
    transitions = {**invoice["status_transitions"], "paid_at": ctx.now()}
    changes = {
        "amount_paid": invoice["amount_due"],
        "amount_remaining": 0,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": transitions,
    }
    ctx.change("invoice.updated", invoice, changes)
    ctx.emit("invoice.paid", invoice)
    ctx.emit("invoice.payment_succeeded", invoice)
    for payment in payments_of(ctx, invoice):
        payment.update(amount_paid=invoice["amount_due"], status="paid")
        payment["status_transitions"]["paid_at"] = ctx.now()
        ctx.emit("invoice_payment.paid", payment)


def charge(ctx: Context, invoice: JSON, method: JSON | None, *, fails: bool) -> bool:
    """One attempt to charge a method for an open invoice; whether it is paid. `fails` makes the bank say no."""
    invoice["attempt_count"] += 1
    if method is not None and _charge(ctx, invoice, method, fails=fails):
        mark_paid(ctx, invoice)
        intent = ctx.table("payment_intent")[ctx.account.intents[invoice["id"]]]
        dispute_by_card(ctx, ctx.table("charge")[intent["latest_charge"]])
        return True
    mark_failed(ctx, invoice)
    return False


def mark_failed(ctx: Context, invoice: JSON) -> None:
    """An attempt to pay the invoice failed: say so, and when it will be tried again."""
    attempts = invoice["attempt_count"]
    pause = RETRY_DAYS[attempts - 1] if attempts <= len(RETRY_DAYS) else None
    again = {"auto_advance": pause is not None, "next_payment_attempt": pause and ctx.now() + pause * 86_400}
    ctx.change("invoice.updated", invoice, {"attempted": True, **again})
    ctx.emit("invoice.payment_failed", invoice)


def is_processing(ctx: Context, invoice: JSON) -> bool:
    """Whether a payment of the invoice is on its way."""
    intent = ctx.table("payment_intent").get(ctx.account.intents.get(invoice["id"], ""))
    return intent is not None and intent["status"] == "processing"


def payments_of(ctx: Context, invoice: JSON) -> list[JSON]:
    """The invoice's payments, oldest first."""
    return ctx.account.invoice_payments[invoice["id"]]


def _charge(ctx: Context, invoice: JSON, method: JSON, *, fails: bool) -> bool:
    intent = _intent(ctx, invoice, method)
    records.new_charge(ctx, intent)
    try:
        if fails:
            raise Declined("Your card has insufficient funds.", "card_declined", "insufficient_funds")
        if method["type"] == "card":
            authorize(ctx.account.card_numbers[method["id"]])
    except Declined as error:
        records.fail(ctx, intent, error.code, error.message, error.decline_code)
        return False
    records.succeed(ctx, intent)
    return True


def _intent(ctx: Context, invoice: JSON, method: JSON) -> JSON:
    known = ctx.account.intents.get(invoice["id"])
    if known:
        return ctx.table("payment_intent")[known]
    intent = records.new_intent(
        ctx,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        method=method,
        customer=invoice["customer"],
        description="Subscription update",
    )
    attach(ctx, invoice, intent)
    return intent
