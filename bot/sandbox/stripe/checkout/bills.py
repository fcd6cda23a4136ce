"""What a checkout leaves behind to be billed: the subscription and its first invoice, or a payment's invoice."""

from bot.sandbox.stripe.billing import collection
from bot.sandbox.stripe.billing.invoices import new_invoice
from bot.sandbox.stripe.billing.lines import Bill
from bot.sandbox.stripe.billing.subscriptions import announce, new_subscription
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def subscribe(ctx: Context, session: JSON, link: JSON, method: JSON | None, intent: JSON | None) -> None:
    """Make the session's subscription with its first invoice, open."""
    cart: Cart = ctx.account.carts[session["id"]]
    subscription = new_subscription(ctx, session, link, method, cart.discount)
    if cart.discount:
        cart.discount.update(customer=session["customer"], subscription=subscription["id"])
    bill = _bill(ctx, session, "subscription_create", link["subscription_data"]["invoice_settings"], subscription)
    invoice = new_invoice(ctx, bill)
    subscription["latest_invoice"] = invoice["id"]
    session.update(subscription=subscription["id"], invoice=invoice["id"])
    announce(ctx, subscription)
    _finalize(ctx, invoice, intent)


def invoice_payment(ctx: Context, session: JSON, link: JSON, intent: JSON | None) -> None:
    """Make the invoice for a one-time payment, paid."""
    bill = _bill(ctx, session, "manual", link["invoice_creation"]["invoice_data"], None)
    invoice = new_invoice(ctx, bill)
    session["invoice"] = invoice["id"]
    _finalize(ctx, invoice, intent)
    collection.mark_paid(ctx, invoice)


def _bill(ctx: Context, session: JSON, reason: str, settings: JSON, subscription: JSON | None) -> Bill:
    cart: Cart = ctx.account.carts[session["id"]]
    shipping = session["shipping_cost"]
    taxes = ctx.account.extras.get(session["id"], {}).get("shipping_cost.taxes", [])
    collected = session["collected_information"] or {}
    return Bill(
        customer=ctx.table("customer")[session["customer"]],
        currency=session["currency"],
        lines=ctx.account.line_items[session["id"]],
        reason=reason,
        settings=settings,
        subscription=subscription,
        discount=cart.discount,
        shipping=shipping and {**shipping, "taxes": taxes},
        shipping_details=collected.get("shipping_details"),
        taxes=session["automatic_tax"]["enabled"],
    )


def _finalize(ctx: Context, invoice: JSON, intent: JSON | None) -> None:
    collection.finalize(ctx, invoice)
    if intent:
        invoice["attempt_count"] = 1
        collection.attach(ctx, invoice, intent)
