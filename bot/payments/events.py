"""Stripe's events as facts. Pure: no I/O. Anything we don't act on is Ignored, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.payments.payment import Answer, Customer, Item, Payment, Status

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

HANDLED: frozenset[str] = frozenset(_SESSION_STATUS) | _LINK_TYPES | _CATALOG_TYPES | _OBJECT_TYPES
"""The event types we ask Stripe for and act on."""


@dataclass(frozen=True, slots=True)
class SessionFact:
    """A snapshot of a payment. `team_id` is the workspace named by the link's metadata, None for a foreign link."""

    payment: Payment
    team_id: str | None


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
class Ignored:
    """Nothing to do; `reason` is for the log and the inbox."""

    reason: str


Fact = SessionFact | LinkFact | CatalogFact | ObjectFact | Ignored


def facts(event: Json) -> Fact:
    """What a Stripe event tells us."""
    kind, data = event["type"], event["data"]["object"]
    if kind in _SESSION_STATUS:
        return session_fact(data, _SESSION_STATUS[kind])
    if kind in _LINK_TYPES:
        return LinkFact(data["id"], data, event["created"], team_of(data))
    if kind in _CATALOG_TYPES:
        noun, _, verb = kind.partition(".")
        return CatalogFact(
            "product" if noun == "product" else "price", data["id"], data, event["created"], verb == "deleted"
        )
    if kind in _OBJECT_TYPES:
        noun, _, verb = kind.partition(".")
        return ObjectFact("coupon" if noun == "coupon" else "promotion_code", data["id"], verb == "deleted")
    return Ignored(f"not an event we handle: {kind}")


def session_fact(session: Json, proven: Status | None = None) -> SessionFact | Ignored:
    """The payment in a Checkout Session, as an event carries it or as Stripe answers it.

    `proven` is the status an event's type proves: a session alone, its intent not expanded, can't tell a failed payment
    from a pending one.
    """
    link = id_of(session.get("payment_link"))
    if link is None:
        return Ignored("a checkout without a payment link")
    details = session.get("customer_details") or {}
    payment = Payment(
        id=session["id"],
        link_id=link,
        status=proven or _status(session),
        amount_total=session.get("amount_total") or 0,
        currency=session.get("currency") or "",
        livemode=session["livemode"],
        created_at=session["created"],
        mode=session.get("mode") or "payment",
        customer=Customer(name=details.get("name"), email=details.get("email"), phone=details.get("phone")),
        items=_items(session),
        custom_fields=_answers(session),
        reference=session.get("client_reference_id"),
        payment_intent=id_of(session.get("payment_intent")),
        subscription=id_of(session.get("subscription")),
    )
    return SessionFact(payment, team_of(session))


def id_of(value: Any) -> str | None:
    """The id of something Stripe answers as an id, or whole when expanded."""
    found: str | None = value["id"] if isinstance(value, Mapping) else value
    return found


def team_of(data: Json) -> str | None:
    """The workspace whose Paylink made the link (Stripe copies a link's metadata to its sessions)."""
    return (data.get("metadata") or {}).get("paylink_team") or None


def _status(session: Json) -> Status:
    """Stripe, "Fulfill orders": completed but `unpaid` settles later; `no_payment_required` has nothing to settle.

    A payment that will not settle any more sends its intent back to asking for a payment method.
    """
    status = session.get("status")
    if status == "expired":
        return "expired"
    if status == "open":
        return "open"
    if session.get("payment_status") != "unpaid":
        return "paid"
    intent = session.get("payment_intent")
    gone = isinstance(intent, Mapping) and intent["status"] in ("requires_payment_method", "canceled")
    return "failed" if gone else "processing"


def _items(session: Json) -> tuple[Item, ...]:
    lines = (session.get("line_items") or {}).get("data") or ()
    return tuple(
        Item(
            description=line.get("description") or "",
            quantity=line.get("quantity") or 1,
            amount_total=line["amount_total"],
        )
        for line in lines
    )


def _answers(session: Json) -> tuple[Answer, ...]:
    return tuple(
        Answer(label=_label(custom), value=value)
        for custom in session.get("custom_fields") or ()
        if (value := _answer(custom))
    )


def _label(custom: Json) -> str:
    return str((custom.get("label") or {}).get("custom") or custom["key"])


def _answer(custom: Json) -> str | None:
    """A dropdown answers its option's value; people know it by its label."""
    kind = custom["type"]
    given = custom.get(kind) or {}
    value = given.get("value")
    labels = {option["value"]: option["label"] for option in given.get("options") or ()}
    return labels.get(value, value)
