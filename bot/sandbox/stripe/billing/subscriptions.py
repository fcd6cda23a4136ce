"""Subscriptions: made at checkout, canceled by the merchant or the customer (docs.stripe.com/api/subscriptions)."""

from bot.sandbox.stripe.billing.periods import period_end
from bot.sandbox.stripe.checkout.discounts import lasts
from bot.sandbox.stripe.errors import StripeError, no_such
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

ENDED = frozenset(("canceled", "incomplete_expired"))
TRIAL_NOTICE_DAYS = 3
"""How long before its end Stripe tells of a trial's end; of a shorter trial it tells at once."""

_UNSET = (
    "application billing_cycle_anchor_config billing_thresholds cancel_at canceled_at customer_account days_until_due "
    "default_payment_method default_source ended_at latest_invoice next_pending_invoice_item_invoice pause_collection "
    "pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock"
)
"""Fields of a subscription that the sandbox leaves empty at first."""


def new_subscription(ctx: Context, session: JSON, link: JSON, method: JSON | None, discount: JSON | None) -> JSON:
    """The subscription to the session's recurring items, paid for by a method, not announced yet."""
    data = link["subscription_data"]
    now = ctx.now()
    trial = data["trial_period_days"]
    trial_end = now + trial * 86_400 if trial else None
    lines = [line for line in ctx.account.line_items[session["id"]] if line["price"]["recurring"]]
    end = trial_end or period_end(now, lines[0]["price"]["recurring"])
    subscription_id = ctx.new_id("sub")
    items = [_item(ctx, line, subscription_id, end) for line in lines]
    url = f"/v1/subscription_items?subscription={subscription_id}"
    subscription: JSON = {
        "id": subscription_id,
        "object": "subscription",
        **dict.fromkeys(_UNSET.split()),
        **_from_link(link),
        "billing_cycle_anchor": end if trial else now,
        "created": now,
        "currency": session["currency"],
        "customer": session["customer"],
        "default_payment_method": method and method["id"],
        "discounts": [discount["id"]] if discount and lasts(ctx, discount) else [],
        "items": {"object": "list", "data": items, "has_more": False, "url": url},
        "livemode": ctx.account.livemode,
        "start_date": now,
        "status": "trialing" if trial else "active",
        "trial_end": trial_end,
        "trial_start": now if trial else None,
    }
    return ctx.add("subscription", subscription)


def _from_link(link: JSON) -> JSON:
    """What the link says of its subscriptions, and what is the same for all."""
    data, transfer = link["subscription_data"], link["transfer_data"]
    payment = {"payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"}
    return {
        "application_fee_percent": link["application_fee_percent"],
        "automatic_tax": {"disabled_reason": None, **link["automatic_tax"]},
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "default_tax_rates": [],
        "description": data["description"],
        "invoice_settings": data["invoice_settings"],
        "managed_payments": link["managed_payments"],
        "metadata": dict(data["metadata"]),
        "on_behalf_of": link["on_behalf_of"],
        "payment_settings": payment,
        "transfer_data": transfer and {"amount_percent": None, "destination": transfer["destination"]},
        "trial_settings": data["trial_settings"] or {"end_behavior": {"missing_payment_method": "create_invoice"}},
    }


def announce(ctx: Context, subscription: JSON) -> None:
    """Tell of a new subscription, and of the end of a trial that is near."""
    ctx.emit("customer.subscription.created", subscription)
    if subscription["trial_end"] and subscription["trial_end"] - ctx.now() <= TRIAL_NOTICE_DAYS * 86_400:
        ctx.emit("customer.subscription.trial_will_end", subscription)


def current_period(subscription: JSON) -> tuple[int, int]:
    """The start and end of the period that ends first."""
    item = min(subscription["items"]["data"], key=lambda item: int(item["current_period_end"]))
    return item["current_period_start"], item["current_period_end"]


def cancel(ctx: Context, subscription: JSON, *, at_period_end: bool = False, reason: str | None = None) -> JSON:
    """End a subscription now, or when its period ends; StripeError when it has ended."""
    check_alive(subscription)
    why = {**subscription["cancellation_details"], "reason": reason or "cancellation_requested"}
    changes: JSON = {"canceled_at": ctx.now(), "cancellation_details": why}
    if at_period_end:
        changes |= {"cancel_at": current_period(subscription)[1], "cancel_at_period_end": True}
        return ctx.change("customer.subscription.updated", subscription, changes)
    subscription.update(changes, ended_at=ctx.now(), status="canceled")
    ctx.emit("customer.subscription.deleted", subscription)
    return subscription


def resume(ctx: Context, subscription: JSON) -> JSON:
    """Take back a cancellation at the period's end; StripeError when there is none."""
    check_alive(subscription)
    if not subscription["cancel_at_period_end"]:
        raise StripeError("This subscription isn't set to cancel at the end of its period.", param="subscription")
    why = {**subscription["cancellation_details"], "reason": None}
    changes = {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None, "cancellation_details": why}
    return ctx.change("customer.subscription.updated", subscription, changes)


def check_alive(subscription: JSON) -> None:
    """StripeError when the subscription has ended."""
    if subscription["status"] in ENDED:
        raise no_such("subscription", subscription["id"], "id")


def _item(ctx: Context, line: JSON, subscription_id: str, end: int) -> JSON:
    return {
        "id": ctx.new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": ctx.now(),
        "current_period_end": end,
        "current_period_start": ctx.now(),
        "discounts": [],
        "metadata": {},
        "plan": _plan(line["price"]),
        "price": line["price"],
        "quantity": line["quantity"],
        "subscription": subscription_id,
        "tax_rates": [],
    }


def _plan(price: JSON) -> JSON:
    """The price as the plan it would have been in older versions of the API; Stripe still sends it along."""
    same = "id active billing_scheme created currency livemode metadata nickname product tiers_mode"
    recurring = "interval interval_count meter trial_period_days usage_type"
    return {
        "object": "plan",
        **{name: price[name] for name in same.split()},
        **{name: price["recurring"][name] for name in recurring.split()},
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "transform_usage": price["transform_quantity"],
    }
