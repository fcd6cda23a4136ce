"""What becomes of a subscription as time goes by: trials end, periods follow each other, payments fail and recover."""

from bot.sandbox.stripe import tax
from bot.sandbox.stripe.billing import collection
from bot.sandbox.stripe.billing.invoices import new_invoice
from bot.sandbox.stripe.billing.lines import Bill
from bot.sandbox.stripe.billing.periods import period_end
from bot.sandbox.stripe.billing.subscriptions import cancel, check_alive, current_period
from bot.sandbox.stripe.checkout.discounts import discounted, lasts
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.links.objects import line_item
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def renew(ctx: Context, subscription: JSON, *, fails: bool = False) -> JSON:
    """Let the subscription's period (or trial) end and the next one begin, paid for unless the payment `fails`.

    One that cancels at the end of its period is canceled instead. StripeError when it has ended.
    """
    check_alive(subscription)
    if subscription["cancel_at_period_end"]:
        return cancel(ctx, subscription)
    method = ctx.table("payment_method").get(subscription["default_payment_method"] or "")
    if subscription["status"] == "trialing" and method is None:
        behavior = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if behavior == "cancel":
            return cancel(ctx, subscription, reason="payment_failed")
        if behavior == "pause":
            return _pause(ctx, subscription)
    ended = current_period(subscription)
    invoice = _next_invoice(ctx, subscription, ended)
    collection.finalize(ctx, invoice)
    _collect(ctx, subscription, invoice, method, fails=fails)
    return subscription


def retry(ctx: Context, subscription: JSON, *, fails: bool = False) -> JSON:
    """Try again to have the oldest open invoice paid; after the last attempt the subscription is canceled.

    StripeError when nothing is owed, or a bank debit is on its way.
    """
    check_alive(subscription)
    owed = [invoice for invoice in invoices_of(ctx, subscription) if invoice["status"] == "open"]
    if not owed or collection.is_processing(ctx, owed[0]):
        raise StripeError("This subscription has no open invoice that isn't being paid.", param="subscription")
    method = ctx.table("payment_method").get(subscription["default_payment_method"] or "")
    _collect(ctx, subscription, owed[0], method, fails=fails)
    return subscription


def announce_trial_end(ctx: Context, subscription: JSON) -> JSON:
    """Three days to go: say so. StripeError unless the subscription is in its trial."""
    check_trial(subscription)
    ctx.emit("customer.subscription.trial_will_end", subscription)
    return subscription


def check_trial(subscription: JSON) -> None:
    """StripeError unless the subscription is in its trial."""
    if subscription["status"] != "trialing":
        raise StripeError("This subscription isn't in a trial.", param="subscription")


def invoices_of(ctx: Context, subscription: JSON) -> list[JSON]:
    """The subscription's invoices, oldest first."""
    return ctx.account.invoices[subscription["id"]]


def _collect(ctx: Context, subscription: JSON, invoice: JSON, method: JSON | None, *, fails: bool) -> None:
    if not invoice["amount_due"]:
        collection.mark_paid(ctx, invoice)
    elif not collection.charge(ctx, invoice, method, fails=fails):
        if invoice["next_payment_attempt"] is None:
            cancel(ctx, subscription, reason="payment_failed")
        else:
            ctx.change("customer.subscription.updated", subscription, {"status": "past_due"})
        return
    if invoice["id"] == subscription["latest_invoice"]:
        ctx.change("customer.subscription.updated", subscription, {"status": "active"})


def _pause(ctx: Context, subscription: JSON) -> JSON:
    subscription["status"] = "paused"
    ctx.emit("customer.subscription.paused", subscription)
    return subscription


def _next_invoice(ctx: Context, subscription: JSON, ended: tuple[int, int]) -> JSON:
    """Move the subscription into its next period and draw up the invoice for it."""
    items = [_next_period(item) for item in subscription["items"]["data"]]
    changes: JSON = {"items": {**subscription["items"], "data": items}}
    if subscription["status"] == "trialing":
        changes["status"] = "active"
    moved = {**subscription, **changes}
    invoice = new_invoice(ctx, _bill(ctx, moved, ended))
    ctx.change("customer.subscription.updated", subscription, {**changes, "latest_invoice": invoice["id"]})
    return invoice


def _next_period(item: JSON) -> JSON:
    start = item["current_period_end"]
    return {**item, "current_period_start": start, "current_period_end": period_end(start, item["price"]["recurring"])}


def _bill(ctx: Context, subscription: JSON, ended: tuple[int, int]) -> Bill:
    currency, customer = subscription["currency"], ctx.table("customer")[subscription["customer"]]
    lines = [line_item(ctx, item["price"], currency, item["quantity"], None) for item in subscription["items"]["data"]]
    discounts = [ctx.table("discount")[discount_id] for discount_id in subscription["discounts"]]
    discount = next((one for one in discounts if lasts(ctx, one, ended[1])), None)
    if discount:
        discounted(ctx, lines, discount, currency)
    taxes = subscription["automatic_tax"]["enabled"]
    if taxes:
        tax.apply_tax(ctx, lines, currency, (customer["address"] or {}).get("country") or "")
    return Bill(
        customer=customer,
        currency=currency,
        lines=lines,
        reason="subscription_cycle",
        settings=subscription["invoice_settings"],
        subscription=subscription,
        discount=discount,
        taxes=taxes,
        period=ended,
    )
