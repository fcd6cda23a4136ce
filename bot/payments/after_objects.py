"""Stripe's refunds, disputes, invoices and subscriptions, read as parts of a payment. Pure: no I/O."""

from collections.abc import Mapping
from typing import Any

from bot.payments.after import Dispute, Refund, Renewal, Subscription
from bot.payments.stripe_json import id_of

Json = Mapping[str, Any]


def refund_of(refund: Json, at: int) -> Refund:
    """A refund as it was at `at`. One without a status has been given back (Stripe's older payment methods)."""
    return Refund(
        id=refund["id"],
        amount=refund["amount"],
        status=refund.get("status") or "succeeded",
        payment_intent=id_of(refund.get("payment_intent")),
        reason=refund.get("reason"),
        failure_reason=refund.get("failure_reason"),
        at=at,
    )


def dispute_of(dispute: Json, at: int, *, withdrawn: bool = False, reinstated: bool = False) -> Dispute:
    """A dispute as it was at `at`."""
    return Dispute(
        id=dispute["id"],
        amount=dispute["amount"],
        currency=dispute["currency"],
        status=dispute["status"],
        reason=dispute["reason"],
        due_by=(dispute.get("evidence_details") or {}).get("due_by"),
        withdrawn=withdrawn,
        reinstated=reinstated,
        at=at,
    )


def renewal_of(invoice: Json, *, paid: bool) -> Renewal:
    """A later invoice of a subscription, paid or failed to be."""
    periods = [line["period"] for line in (invoice.get("lines") or {}).get("data") or () if _is_period(line)]
    return Renewal(
        id=invoice["id"],
        status="paid" if paid else "failed",
        amount=invoice["amount_paid"] if paid else invoice["amount_due"],
        currency=invoice["currency"],
        is_cycle=invoice.get("billing_reason") == "subscription_cycle",
        attempt=invoice.get("attempt_count") or 0,
        next_attempt=None if paid else invoice.get("next_payment_attempt"),
        number=invoice.get("number"),
        url=invoice.get("hosted_invoice_url"),
        pdf=invoice.get("invoice_pdf"),
        start=min((period["start"] for period in periods), default=None),
        end=max((period["end"] for period in periods), default=None),
        created=invoice["created"],
    )


def subscription_of(subscription: Json, at: int) -> Subscription:
    """A subscription as it was at `at`. Periods belong to its items; the next to end counts."""
    items = (subscription.get("items") or {}).get("data") or ()
    ends = [item["current_period_end"] for item in items if item.get("current_period_end")]
    end = min(ends, default=None)
    details = subscription.get("cancellation_details") or {}
    at_end = end if subscription.get("cancel_at_period_end") else None
    return Subscription(
        id=subscription["id"],
        status=subscription["status"],
        trial_end=subscription.get("trial_end"),
        period_end=end,
        cancel_at=subscription.get("cancel_at") or at_end,
        ended_at=subscription.get("ended_at"),
        why=details.get("reason"),
        feedback=details.get("feedback"),
        comment=details.get("comment"),
        at=at,
    )


def subscription_id_of(invoice: Json) -> str | None:
    """The subscription an invoice belongs to; None for an invoice of its own."""
    details = (invoice.get("parent") or {}).get("subscription_details") or {}
    return id_of(details.get("subscription"))


def _is_period(line: Json) -> bool:
    """Whether a line is for a subscription's period, rather than something added to the invoice."""
    return (line.get("parent") or {}).get("type") == "subscription_item_details"
