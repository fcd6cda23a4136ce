"""Payment methods: what a customer paid with, and can be charged again."""

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def new_method(ctx: Context, billing: JSON, details: JSON, number: str | None = None) -> JSON:
    """Keep a payment method.

    `billing` are the customer's details, `details` the `payment_method_details` of its charges. The `number` of a card
    decides how it behaves later.
    """
    kind = details["type"]
    method: JSON = {
        "id": ctx.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(billing),
        kind: {key: value for key, value in details[kind].items() if key != "network"},
        "created": ctx.now(),
        "customer": None,
        "customer_account": None,
        "livemode": ctx.account.livemode,
        "metadata": {},
        "type": kind,
    }
    ctx.add("payment_method", method)
    if number:
        ctx.account.card_numbers[method["id"]] = number
    return method


def method_details(method: JSON) -> JSON:
    """`payment_method_details` of a charge to this method."""
    kind = method["type"]
    network = {"network": method[kind]["brand"]} if kind == "card" else {}
    return {kind: {**method[kind], **network}, "type": kind}


def billing_details(customer: JSON) -> JSON:
    """`billing_details` from a customer, or from a session's `customer_details`."""
    return {
        "address": customer["address"],
        "email": customer["email"],
        "name": customer["name"],
        "phone": customer["phone"],
        "tax_id": None,
    }
