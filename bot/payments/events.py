"""Stripe's events as facts. Pure: no I/O. Anything we don't act on is Ignored, with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.errors import Malformed
from bot.payments.after import DISPUTE_STATUSES, REFUND_STATUSES, After
from bot.payments.after_objects import dispute_of, refund_of, renewal_of, subscription_id_of, subscription_of
from bot.payments.payment import Status
from bot.payments.sessions import Ignored, SessionFact, session_fact
from bot.payments.stripe_json import id_of, named, team_of

Json = Mapping[str, Any]

_SESSION_STATUS: dict[str, Status | None] = {
    "checkout.session.completed": None,
    "checkout.session.async_payment_succeeded": "paid",
    "checkout.session.async_payment_failed": "failed",
    "checkout.session.expired": "expired",
}
"""The status an event type proves; None: the session's own fields say it."""

_LINK_TYPES = frozenset({"payment_link.created", "payment_link.updated"})
_CATALOG_TYPES = frozenset(
    f"{noun}.{verb}" for noun in ("product", "price") for verb in ("created", "updated", "deleted")
)
_OBJECT_TYPES = frozenset(
    ("coupon.created", "coupon.updated", "coupon.deleted", "promotion_code.created", "promotion_code.updated")
)
_SUBSCRIPTION_CHANGES = frozenset({"cancel_at", "cancel_at_period_end", "ended_at", "items", "status", "trial_end"})
"""What of a subscription a card shows; Stripe names what an update changed in `previous_attributes`."""


@dataclass(frozen=True, slots=True)
class LinkFact:
    """A link was created or changed at `at` (seconds). `link` is Stripe's object, without its line items."""

    link_id: str
    link: Json
    at: int
    team_id: str | None


@dataclass(frozen=True, slots=True)
class CatalogFact:
    """A product or a price was created, changed or deleted at `at` (seconds). `data` is Stripe's object."""

    kind: Literal["product", "price"]
    id: str
    data: Json
    at: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """A coupon or a promotion code was created, changed or deleted."""

    kind: Literal["coupon", "promotion_code"]
    id: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class AfterFact:
    """Something happened to a payment: `after` is that alone. The payment is named by its intent, its subscription, or
    the invoice that Stripe has made for it with the customer it is for, whichever Stripe says."""

    after: After
    payment_intent: str | None = None
    subscription: str | None = None
    invoice: str | None = None
    customer: str | None = None


Fact = SessionFact | AfterFact | LinkFact | CatalogFact | ObjectFact | Ignored


def facts(event: Json) -> Fact:
    """What a Stripe event tells us. Raises Malformed when it isn't shaped as Stripe documents it."""
    try:
        return _facts(event)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        # Reading is all that was done so far: each of these says that something is missing or of another kind.
        raise Malformed("This event isn't shaped as Stripe documents it.") from error


def _facts(event: Json) -> Fact:
    kind, data = event["type"], event["data"]["object"]
    if kind in _SESSION_STATUS:
        return session_fact(data, _SESSION_STATUS[kind])
    if kind in _AFTER:
        return _AFTER[kind](event, data)
    if kind in _LINK_TYPES:
        return LinkFact(named(data["id"]), data, event["created"], team_of(data))
    if kind in _CATALOG_TYPES:
        noun, _, verb = kind.partition(".")
        return CatalogFact(
            "product" if noun == "product" else "price", named(data["id"]), data, event["created"], verb == "deleted"
        )
    if kind in _OBJECT_TYPES:
        noun, _, verb = kind.partition(".")
        return ObjectFact("coupon" if noun == "coupon" else "promotion_code", named(data["id"]), verb == "deleted")
    return Ignored(f"not an event we handle: {kind}")


def _refund(event: Json, refund: Json) -> AfterFact | Ignored:
    intent = id_of(refund.get("payment_intent"))
    if intent is None:
        return Ignored("a refund without a payment intent")
    if refund.get("status") not in (None, *REFUND_STATUSES):
        return Ignored(f"a refund's status we don't know: {refund['status']}")
    return AfterFact(After(refunds=(refund_of(refund, event["created"]),)), payment_intent=intent)


def _dispute(event: Json, dispute: Json) -> AfterFact | Ignored:
    intent = id_of(dispute.get("payment_intent"))
    if intent is None:
        return Ignored("a dispute without a payment intent")
    if dispute["status"] not in DISPUTE_STATUSES:
        return Ignored(f"a dispute's status we don't know: {dispute['status']}")
    found = dispute_of(
        dispute,
        event["created"],
        withdrawn=event["type"] == "charge.dispute.funds_withdrawn",
        reinstated=event["type"] == "charge.dispute.funds_reinstated",
    )
    return AfterFact(After(disputes=(found,)), payment_intent=intent)


def _renewal(event: Json, invoice: Json) -> AfterFact | Ignored:
    subscription = subscription_id_of(invoice)
    if subscription is None:
        return _paper(event, invoice)
    if invoice.get("billing_reason") == "subscription_create":
        return Ignored("a subscription's first invoice: the checkout tells of it")
    renewal = renewal_of(invoice, paid=event["type"] == "invoice.paid")
    return AfterFact(After(renewals=(renewal,)), subscription=subscription)


def _paper(event: Json, invoice: Json) -> AfterFact | Ignored:
    """Stripe makes the invoice of a one-time payment once that is paid, which can be after it tells of the checkout."""
    customer = id_of(invoice.get("customer"))
    if event["type"] != "invoice.paid" or customer is None:
        return Ignored("an invoice without a subscription")
    return AfterFact(After(), invoice=named(invoice["id"]), customer=customer)


def _subscription(event: Json, subscription: Json) -> AfterFact | Ignored:
    before = event["data"].get("previous_attributes")
    if event["type"] == "customer.subscription.updated" and before is not None:
        if before.get("status") == "incomplete":
            return Ignored("a subscription's start: the checkout tells of it")
        if not _SUBSCRIPTION_CHANGES & before.keys():
            return Ignored("nothing of the subscription that a card shows")
    warned = event["type"] == "customer.subscription.trial_will_end"
    after = After(
        subscription=subscription_of(subscription, event["created"]),
        trial_warned=subscription.get("trial_end") or 0 if warned else 0,
    )
    return AfterFact(after, subscription=named(subscription["id"]))


_AFTER: dict[str, Callable[[Json, Json], AfterFact | Ignored]] = {
    **dict.fromkeys(("refund.created", "refund.updated", "refund.failed"), _refund),
    **{
        f"charge.dispute.{verb}": _dispute
        for verb in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
    },
    **dict.fromkeys(("invoice.paid", "invoice.payment_failed"), _renewal),
    **{f"customer.subscription.{verb}": _subscription for verb in ("updated", "deleted", "trial_will_end")},
}
"""What comes after a payment. `refund.*` tell of every refund, whatever paid, and hold it whole; `charge.refunded` and
`charge.refund.updated` tell the same once more (Stripe, changelog 2024-10-28, "refund webhook update")."""

HANDLED: frozenset[str] = frozenset(_SESSION_STATUS) | frozenset(_AFTER) | _LINK_TYPES | _CATALOG_TYPES | _OBJECT_TYPES
"""The event types we ask Stripe for and act on."""
