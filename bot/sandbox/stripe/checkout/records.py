"""The objects that a payment leaves behind: customer, payment intent, charge."""

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_UNSET_INTENT = (
    "application automatic_payment_methods canceled_at cancellation_reason customer_account "
    "excluded_payment_method_types last_payment_error latest_charge next_action "
    "payment_method_configuration_details processing review shipping source"
)
"""Fields of a payment intent that the sandbox leaves empty."""
_UNSET_CHARGE = (
    "application application_fee balance_transaction failure_balance_transaction failure_code failure_message "
    "outcome receipt_number receipt_url review shipping source source_transfer"
)
"""Fields of a charge that are empty at first."""


def new_customer(ctx: Context, details: JSON, shipping: JSON | None) -> JSON:
    """A customer from what the page asked."""
    customer: JSON = {
        "id": ctx.new_id("cus"),
        "object": "customer",
        "address": details["address"],
        "balance": 0,
        "created": ctx.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": details["email"],
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


def new_intent(ctx: Context, session: JSON, link: JSON, method: str, email: str) -> JSON:
    """The payment intent of a session, before any attempt to charge."""
    data: JSON = (link["payment_intent_data"] or {}) if session["mode"] == "payment" else {}
    intent_id = ctx.new_id("pi")
    intent: JSON = {
        "id": intent_id,
        "object": "payment_intent",
        **dict.fromkeys(_UNSET_INTENT.split()),
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application_fee_amount": link["application_fee_amount"],
        "capture_method": data.get("capture_method") or "automatic_async",
        "client_secret": f"{intent_id}_secret_{ctx.world.ids.letters(25)}",
        "confirmation_method": "automatic",
        "created": ctx.now(),
        "currency": session["currency"],
        "customer": session["customer"],
        "description": data.get("description"),
        "livemode": ctx.account.livemode,
        "managed_payments": link["managed_payments"],
        "metadata": dict(data.get("metadata") or {}),
        "on_behalf_of": link["on_behalf_of"],
        "payment_method": ctx.new_id("pm"),
        "payment_method_options": {},
        "payment_method_types": [method],
        "receipt_email": email,
        "setup_future_usage": data.get("setup_future_usage"),
        "statement_descriptor": data.get("statement_descriptor"),
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": link["transfer_data"],
        "transfer_group": data.get("transfer_group"),
    }
    ctx.add("payment_intent", intent)
    ctx.emit("payment_intent.created", intent)
    return intent


def new_charge(ctx: Context, intent: JSON, billing: JSON, method: JSON) -> JSON:
    """An attempt to charge the intent, pending until it is decided."""
    charge: JSON = {
        "id": ctx.new_id("ch"),
        "object": "charge",
        **dict.fromkeys(_UNSET_CHARGE.split()),
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application_fee_amount": intent["application_fee_amount"],
        "billing_details": {
            "address": billing["address"],
            "email": billing["email"],
            "name": billing["name"],
            "phone": billing["phone"],
            "tax_id": None,
        },
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
        "payment_method": intent["payment_method"],
        "payment_method_details": method,
        "receipt_email": intent["receipt_email"],
        "refunded": False,
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
    """The money is there (or authorized, when the link captures manually)."""
    charge = ctx.table("charge")[intent["latest_charge"]]
    manual = intent["capture_method"] == "manual"
    charge.update(
        status="succeeded",
        paid=True,
        captured=not manual,
        amount_captured=0 if manual else intent["amount"],
        balance_transaction=None if manual else ctx.new_id("txn"),
        outcome={"network_status": "approved_by_network", "reason": None, "type": "authorized"},
        receipt_url=f"{ctx.world.url}/receipts/{charge['id']}",
    )
    ctx.emit("charge.succeeded", charge)
    if manual:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        ctx.emit("payment_intent.amount_capturable_updated", intent)
        return
    intent.update(status="succeeded", amount_received=intent["amount"], processing=None)
    ctx.emit("payment_intent.succeeded", intent)


def fail(ctx: Context, intent: JSON, code: str, message: str, decline_code: str | None = None) -> None:
    """The bank said no."""
    charge = ctx.table("charge")[intent["latest_charge"]]
    outcome = {"network_status": "declined_by_network", "reason": decline_code, "type": "issuer_declined"}
    charge.update(status="failed", failure_code=code, failure_message=message, outcome=outcome)
    error = {"code": code, "message": message, "type": "card_error", "charge": charge["id"]}
    if decline_code:
        error["decline_code"] = decline_code
    intent.update(status="requires_payment_method", last_payment_error=error, processing=None)
    ctx.emit("charge.failed", charge)
    ctx.emit("payment_intent.payment_failed", intent)
