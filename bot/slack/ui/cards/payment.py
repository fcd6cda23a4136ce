"""The card of a payment: how much, from whom, for what. The same message changes as the payment settles."""

from collections.abc import Iterator

from bot.gateways.slack import Message
from bot.money import Money
from bot.payments.payment import Payment, Status
from bot.services.notices import PaymentCard
from bot.slack.ids import Action
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import invite_hint, invite_text
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.text import escape, line, said

_TITLES: dict[Status, str] = {
    "open": "Checkout started",
    "expired": "Checkout abandoned",
    "processing": "Payment processing",
    "failed": "Payment failed",
    "paid": "Paid",
}
_MARKS: dict[Status, str] = {"open": "🛒", "expired": "🛒", "processing": "⏳", "failed": "❌", "paid": "✅"}
_MEANINGS: dict[Status, str] = {
    "open": "",
    "expired": "",
    "processing": "The customer's bank is still settling this. The message changes when the money arrives, or doesn't.",
    "failed": "No money was received. The customer can pay again with the same link.",
    "paid": "",
}
_MAX_ITEMS = 20
_MAX_ANSWERS = 10
_DASHBOARD = "https://dashboard.stripe.com"


def payment_message(card: PaymentCard, locale: str) -> Message:
    """The card as a message. It mentions the person who made the link, and nobody else."""
    return Message(_text(card, locale), tuple(_blocks(card, locale)))


def _title(payment: Payment, locale: str) -> str:
    return f"{_TITLES[payment.status]}: {Money(payment.amount_total, payment.currency).format(locale)}"


def _customer(payment: Payment) -> str:
    known = (payment.customer.name, payment.customer.email, payment.customer.phone)
    return ", ".join(line(one, 150) for one in known if one)


def _items(payment: Payment, locale: str) -> Iterator[str]:
    for item in payment.items[:_MAX_ITEMS]:
        amount = Money(item.amount_total, payment.currency).format(locale)
        yield f"{item.quantity:,} × {line(item.description, 120)}: {amount}"
    if len(payment.items) > _MAX_ITEMS:
        yield f"and {len(payment.items) - _MAX_ITEMS:,} more"


def _text(card: PaymentCard, locale: str) -> str:
    payment = card.payment
    customer = _customer(payment)
    answers = "; ".join(f"{line(a.label, 80)}: {line(a.value, 200)}" for a in payment.custom_fields[:_MAX_ANSWERS])
    items = "; ".join(_items(payment, locale))
    return said(
        (
            "" if card.livemode else TEST_MODE,
            f"{_title(payment, locale)}.",
            f"From {escape(customer)}." if customer else "",
            f"Link: {escape(line(card.link_name, 150))}.",
            f"Items: {escape(line(items, 1000))}." if items else "",
            f"{escape(line(answers, 1000))}." if answers else "",
            f"Reference: {escape(line(payment.reference, 200))}." if payment.reference else "",
            f"Link by <@{card.created_by}>." if card.created_by else "",
            _MEANINGS[payment.status],
            invite_text(card.hint_channel),
        )
    )


def _blocks(card: PaymentCard, locale: str) -> Iterator[Json]:
    payment = card.payment
    yield blocks.header(f"{_MARKS[payment.status]} {_title(payment, locale)}")
    if not card.livemode:
        yield blocks.context(TEST_MODE)
    yield rich_text.block(*_parts(card, locale))
    if _MEANINGS[payment.status]:
        yield blocks.context(_MEANINGS[payment.status])
    if card.hint_channel:
        yield invite_hint(card.hint_channel)
    yield blocks.actions(_buttons(card))


def _parts(card: PaymentCard, locale: str) -> Iterator[Json]:
    """From whom, for what, and by which link."""
    if customer := _customer(card.payment):
        yield rich_text.paragraph([rich_text.labelled("Customer", customer, 500)])
    if card.payment.items:
        yield rich_text.bullets([rich_text.text(item)] for item in _items(card.payment, locale))
    yield rich_text.paragraph(_facts(card))


def _facts(card: PaymentCard) -> Iterator[rich_text.Line]:
    payment = card.payment
    yield rich_text.labelled("Link", card.link_name, 150)
    if card.created_by:
        yield [rich_text.text("Link by: ", bold=True), rich_text.user(card.created_by)]
    for answer in payment.custom_fields[:_MAX_ANSWERS]:
        yield rich_text.labelled(line(answer.label, 80), answer.value)
    if payment.reference:
        yield rich_text.labelled("Reference", payment.reference, 200)


def _buttons(card: PaymentCard) -> list[Json]:
    buttons = [blocks.button("Open link", Action.OPEN_LINK, url=card.link_url)]
    if card.payment.payment_intent:
        mode = "" if card.livemode else "/test"
        url = f"{_DASHBOARD}{mode}/payments/{card.payment.payment_intent}"
        buttons.append(blocks.button("View in Stripe", Action.VIEW_IN_STRIPE, url=url))
    return buttons
