"""From any id that stands for a payment to its charge, and back."""

from bot.sandbox.stripe.errors import no_such
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def charge_of(ctx: Context, payment_id: str) -> JSON:
    """The charge of a session, payment intent, invoice or charge; StripeError 404 when there is none."""
    if payment_id.startswith("ch_"):
        return ctx.find("charge", payment_id, "charge")
    intent_id = payment_id
    if payment_id.startswith("cs_"):
        intent_id = ctx.account.intents.get(payment_id, "")
    elif payment_id.startswith("in_"):
        intent_id = ctx.account.intents.get(ctx.find("invoice", payment_id, "invoice")["id"], "")
    intent = ctx.table("payment_intent").get(intent_id)
    if intent is None or not intent["latest_charge"]:
        raise no_such("charge", payment_id, "charge")
    return ctx.table("charge")[intent["latest_charge"]]
