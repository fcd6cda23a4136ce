"""The card of a payment: how much, from whom, for what, and what became of it. The same message changes with it."""

from collections.abc import Iterator

from bot.gateways.slack import Message
from bot.money import Money
from bot.payments.payment import Payment, Status
from bot.services.notices import PaymentCard
from bot.slack.ids import Action
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.cards.after import after_facts, title_of
from bot.slack.ui.cards.collected import collected_facts, customer_words, item_words
from bot.slack.ui.cards.facts import Fact, fact, line_of, sentence_of
from bot.slack.ui.hints import invite_hint, invite_text
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.text import escape, line, said

_TITLES: dict[Status, tuple[str, str]] = {
    "open": ("🛒", "Checkout started"),
    "expired": ("🛒", "Checkout abandoned"),
    "processing": ("⏳", "Payment processing"),
    "failed": ("❌", "Payment failed"),
    "paid": ("✅", "Paid"),
}
_MEANINGS: dict[Status, str] = {
    "open": "",
    "expired": "",
    "processing": "The customer's bank is still settling this. The message changes when the money arrives, or doesn't.",
    "failed": "No money was received. The customer can pay again with the same link.",
    "paid": "",
}
_DASHBOARD = "https://dashboard.stripe.com"


def payment_message(card: PaymentCard, locale: str) -> Message:
    """The card as a message. It mentions the person who made the link, and nobody else."""
    return Message(_text(card, locale), tuple(_blocks(card, locale)))


def stripe_url(card: PaymentCard) -> str | None:
    """Stripe's page about the payment, or about its subscription."""
    payment = card.payment
    mode = "" if card.livemode else "/test"
    if payment.intent:
        return f"{_DASHBOARD}{mode}/payments/{payment.intent}"
    return f"{_DASHBOARD}{mode}/subscriptions/{payment.subscription}" if payment.subscription else None


def _title(payment: Payment, locale: str) -> tuple[str, str]:
    """The mark and the words."""
    became = title_of(payment, locale) if payment.status == "paid" else None
    if became:
        return became
    mark, title = _TITLES[payment.status]
    return mark, f"{title}: {Money(payment.amount_total, payment.currency).format(locale)}"


def _facts(card: PaymentCard, locale: str) -> Iterator[Fact]:
    yield from collected_facts(card.payment, locale)
    if card.payment.reference:
        yield fact("Reference", line(card.payment.reference, 200))
    yield from after_facts(card.payment, locale)


def _text(card: PaymentCard, locale: str) -> str:
    payment = card.payment
    customer = customer_words(payment.customer)
    items = "; ".join(item_words(payment, locale))
    return said(
        (
            "" if card.livemode else TEST_MODE,
            f"{_title(payment, locale)[1]}.",
            f"From {escape(customer)}." if customer else "",
            f"Link: {escape(line(card.link_name, 150))}.",
            f"Items: {escape(line(items, 1000))}." if items else "",
            *(sentence_of(one) for one in _facts(card, locale)),
            f"Link by <@{card.created_by}>." if card.created_by else "",
            _MEANINGS[payment.status],
            invite_text(card.hint_channel),
        )
    )


def _blocks(card: PaymentCard, locale: str) -> Iterator[Json]:
    payment = card.payment
    yield blocks.header(" ".join(_title(payment, locale)))
    if not card.livemode:
        yield blocks.context(TEST_MODE)
    yield rich_text.block(*_parts(card, locale))
    if _MEANINGS[payment.status]:
        yield blocks.context(_MEANINGS[payment.status])
    if card.hint_channel:
        yield invite_hint(card.hint_channel)
    yield blocks.actions(_buttons(card))


def _parts(card: PaymentCard, locale: str) -> Iterator[Json]:
    """From whom, for what, by which link, and all that is known besides."""
    if customer := customer_words(card.payment.customer):
        yield rich_text.paragraph([rich_text.labelled("Customer", customer, 500)])
    if card.payment.items:
        yield rich_text.bullets([rich_text.text(item)] for item in item_words(card.payment, locale))
    yield rich_text.paragraph(_lines(card, locale))


def _lines(card: PaymentCard, locale: str) -> Iterator[rich_text.Line]:
    yield rich_text.labelled("Link", card.link_name, 150)
    if card.created_by:
        yield [rich_text.text("Link by: ", bold=True), rich_text.user(card.created_by)]
    for one in _facts(card, locale):
        yield line_of(one)


def _buttons(card: PaymentCard) -> list[Json]:
    records = card.payment.records
    addresses = (
        ("Open link", Action.OPEN_LINK, card.link_url),
        ("View in Stripe", Action.VIEW_IN_STRIPE, stripe_url(card)),
        ("Receipt", Action.RECEIPT, records.receipt_url),
        ("Invoice", Action.INVOICE, records.invoice.url if records.invoice else None),
        ("Invoice PDF", Action.INVOICE_PDF, records.invoice.pdf if records.invoice else None),
    )
    shown = [blocks.button(text, action, url=url) for text, action, url in addresses if url]
    return [*shown, blocks.button("Notices", Action.NOTICES, card.hint_channel or "")]
