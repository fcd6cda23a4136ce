"""The objects that a payment leaves behind: customer, payment intent, charge."""

from typing import Any

from bot.sandbox.stripe.payments.balance import charge_fee, move
from bot.sandbox.stripe.payments.methods import method_details
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_UNSET_INTENT = (
    "application application_fee_amount automatic_payment_methods canceled_at cancellation_reason customer_account "
    "description excluded_payment_method_types hooks last_payment_error latest_charge managed_payments next_action "
    "on_behalf_of payment_method_configuration_details payment_record processing review setup_future_usage shipping "
    "source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
)
"""Fields of a payment intent that are empty unless given."""
_UNSET_CHARGE = (
    "application application_fee authorization_code balance_transaction failure_balance_transaction failure_code "
    "failure_message outcome receipt_number receipt_url review source source_transfer"
)
"""Fields of a charge that are empty at first."""


def new_customer(ctx: Context, details: JSON, shipping: JSON | None) -> JSON:
    """A customer from what the page asked."""
    customer: JSON = {
        "id": ctx.new_id("cus"),
        "object": "customer",
        "address": details["address"],
        "balance": 0,
        "business_name": details.get("business_name"),
        "created": ctx.now(),
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": details["email"],
        "individual_name": details.get("individual_name"),
        "invoice_prefix": ctx.world.ids.letters(7).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": ctx.account.livemode,
        "metadata": {},
        "name": details["name"],
        "next_invoice_sequence": 1,
        "phone": details["phone"],
        "preferred_locales": [],
        "shipping": shipping,
        "tax_exempt": "none",
        "test_clock": None,
    }
    ctx.add("customer", customer)
    ctx.emit("customer.created", customer)
    return customer


def new_intent(ctx: Context, *, amount: int, currency: str, method: JSON, **given: Any) -> JSON:
    """A payment intent before any attempt to charge; `given` are further fields of it (`customer`, `metadata`, …)."""
    intent_id = ctx.new_id("pi")
    intent: JSON = {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_UNSET_INTENT.split()),
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{ctx.world.ids.letters(25)}",
        "confirmation_method": "automatic",
        "created": ctx.now(),
        "currency": currency,
        "customer": None,
        "livemode": ctx.account.livemode,
        "metadata": {},
        "payment_method": method["id"],
        "payment_method_options": {},
        "payment_method_types": [method["type"]],
        "receipt_email": method["billing_details"]["email"],
        "status": "requires_payment_method",
        **given,
    }
    ctx.add("payment_intent", intent)
    ctx.emit("payment_intent.created", intent)
    return intent


def new_charge(ctx: Context, intent: JSON) -> JSON:
    """An attempt to charge the intent's payment method, pending until it is decided."""
    method = ctx.table("payment_method")[intent["payment_method"]]
    charge: JSON = {
        "id": ctx.new_id("ch"),
        "object": "charge",
        **dict.fromkeys(_UNSET_CHARGE.split()),
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application_fee_amount": intent["application_fee_amount"],
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": ctx.account.name.upper()[:22],
        "captured": False,
        "created": ctx.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": intent["livemode"],
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": intent["on_behalf_of"],
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": method_details(method),
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": intent["transfer_data"],
        "transfer_group": intent["transfer_group"],
    }
    ctx.add("charge", charge)
    intent["latest_charge"] = charge["id"]
    return charge


def succeed(ctx: Context, intent: JSON) -> None:
    """The money is there (or authorized, when the intent is captured by hand)."""
    charge = ctx.table("charge")[intent["latest_charge"]]
    manual = intent["capture_method"] == "manual"
    charge.update(
        status="succeeded",
        paid=True,
        outcome=_outcome("approved_by_network", None, "authorized"),
        receipt_url=f"{ctx.world.url}/receipts/{charge['id']}",
    )
    if not manual:
        _take(ctx, charge)
    ctx.emit("charge.succeeded", charge)
    if manual:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        ctx.emit("payment_intent.amount_capturable_updated", intent)
        return
    intent.update(status="succeeded", amount_received=intent["amount"], processing=None)
    ctx.emit("payment_intent.succeeded", intent)


def _take(ctx: Context, charge: JSON) -> None:
    amount = charge["amount"]
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    transaction = move(ctx, charge, kind, amount, charge_fee(amount))
    charge.update(captured=True, amount_captured=amount, balance_transaction=transaction)


def fail(ctx: Context, intent: JSON, code: str, message: str, decline_code: str | None = None) -> None:
    """The bank said no."""
    charge = ctx.table("charge")[intent["latest_charge"]]
    outcome = _outcome("declined_by_network", decline_code, "issuer_declined")
    charge.update(status="failed", failure_code=code, failure_message=message, outcome=outcome)
    error = {"code": code, "message": message, "type": "card_error", "charge": charge["id"]}
    if decline_code:
        error["decline_code"] = decline_code
    intent.update(status="requires_payment_method", last_payment_error=error, processing=None)
    ctx.emit("charge.failed", charge)
    ctx.emit("payment_intent.payment_failed", intent)


def _outcome(network_status: str, reason: str | None, kind: str) -> JSON:
    approved = kind == "authorized"
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network_status,
        "reason": reason,
        "seller_message": "Payment complete." if approved else "The bank did not return any further details.",
        "type": kind,
    }
