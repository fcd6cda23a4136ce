"""A Checkout Session as Stripe answers it, read as a payment. Pure: no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.payments.after import After
from bot.payments.after_objects import subscription_of
from bot.payments.parts import Answer, Customer, Discount, InvoiceLinks, Item, Recipient, Records, Totals
from bot.payments.payment import Payment, Status
from bot.payments.stripe_json import id_of, team_of

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SessionFact:
    """A snapshot of a payment. `team_id` is the workspace named by the link's metadata, None for a foreign link."""

    payment: Payment
    team_id: str | None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do; `reason` is for the log and the inbox."""

    reason: str


def session_fact(session: Json, proven: Status | None = None) -> SessionFact | Ignored:
    """The payment in a Checkout Session, as an event carries it or as Stripe answers it.

    `proven` is the status an event's type proves: a session alone, its intent not expanded, can't tell a failed payment
    from a pending one. A session that comes with its line items was read whole.
    """
    link = id_of(session.get("payment_link"))
    if link is None:
        return Ignored("a checkout without a payment link")
    whole = "line_items" in session
    status = proven or _status(session)
    payment = Payment(
        id=session["id"],
        link_id=link,
        status=status,
        amount_total=session.get("amount_total") or 0,
        currency=session.get("currency") or "",
        livemode=session["livemode"],
        created_at=session["created"],
        mode=session.get("mode") or "payment",
        customer=_customer(session),
        recipient=_recipient(session),
        totals=_totals(session),
        items=_items(session),
        custom_fields=_answers(session),
        reference=session.get("client_reference_id"),
        payment_intent=id_of(session.get("payment_intent")),
        subscription=id_of(session.get("subscription")),
        records=_records(session),
        after=_after(session),
        read=status if whole else None,
    )
    return SessionFact(payment, team_of(session))


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


def _customer(session: Json) -> Customer:
    details = session.get("customer_details") or {}
    return Customer(
        name=details.get("name") or details.get("individual_name"),
        email=details.get("email"),
        phone=details.get("phone"),
        business_name=details.get("business_name"),
        tax_ids=tuple(tax_id["value"] for tax_id in details.get("tax_ids") or () if tax_id.get("value")),
    )


def _recipient(session: Json) -> Recipient:
    shipping = (session.get("collected_information") or {}).get("shipping_details") or {}
    address = shipping.get("address") or {}
    town = " ".join(filter(None, (address.get("postal_code"), address.get("city"))))
    lines = (address.get("line1"), address.get("line2"), town, address.get("state"))
    return Recipient(
        name=shipping.get("name"),
        address=tuple(line for line in lines if line),
        country=address.get("country"),
    )


def _totals(session: Json) -> Totals:
    details = session.get("total_details") or {}
    return Totals(
        discount=details.get("amount_discount") or 0,
        tax=details.get("amount_tax") or 0,
        shipping=(session.get("shipping_cost") or {}).get("amount_total") or details.get("amount_shipping") or 0,
    )


def _items(session: Json) -> tuple[Item, ...]:
    lines = (session.get("line_items") or {}).get("data") or ()
    optional = {id_of(item.get("price")) for item in session.get("optional_items") or ()}
    return tuple(
        Item(
            description=line.get("description") or "",
            quantity=line.get("quantity") or 1,
            amount_total=line["amount_total"],
            optional=id_of(line.get("price")) in optional,
        )
        for line in lines
    )


def _records(session: Json) -> Records:
    rate = (session.get("shipping_cost") or {}).get("shipping_rate")
    intent = session.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    return Records(
        discounts=tuple(found for one in session.get("discounts") or () if (found := _discount(one))),
        shipping_rate=rate.get("display_name") if isinstance(rate, Mapping) else None,
        invoice=_invoice(session.get("invoice")),
        receipt_url=charge.get("receipt_url") if isinstance(charge, Mapping) else None,
    )


def _discount(discount: Json) -> Discount | None:
    code, coupon = discount.get("promotion_code"), discount.get("coupon")
    if isinstance(code, Mapping) and not isinstance(coupon, Mapping):
        coupon = (code.get("promotion") or {}).get("coupon")
    found = Discount(
        code=code.get("code") if isinstance(code, Mapping) else None,
        coupon=coupon.get("name") if isinstance(coupon, Mapping) else None,
    )
    return found if found != Discount() else None


def _invoice(invoice: Any) -> InvoiceLinks | None:
    if not isinstance(invoice, Mapping):
        return None
    payments = (invoice.get("payments") or {}).get("data") or ()
    intents = (id_of((one.get("payment") or {}).get("payment_intent")) for one in payments)
    return InvoiceLinks(
        id=invoice["id"],
        number=invoice.get("number"),
        url=invoice.get("hosted_invoice_url"),
        pdf=invoice.get("invoice_pdf"),
        payment_intent=next(filter(None, intents), None),
    )


def _after(session: Json) -> After:
    """The subscription as it was when the session was read; whatever an event says of it is later."""
    subscription = session.get("subscription")
    if not isinstance(subscription, Mapping):
        return After()
    return After(subscription=subscription_of(subscription, at=0))


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
