"""A reply in a payment's thread: what became of it, said once.

It may be shown in the channel too, or stand in the thread of a message for many payments, so it names the customer and
the link.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.gateways.slack import Message
from bot.money import Money
from bot.payments.after import DisputeStatus, RefundStatus
from bot.payments.news import CancellationNews, DisputeNews, FundsNews, RefundNews, RenewalNews, TrialNews
from bot.services.notices import PaymentCard, ReplyCard
from bot.slack.ids import Action
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.cards.after import period_words, words
from bot.slack.ui.cards.collected import customer_words
from bot.slack.ui.cards.facts import Day, elements, mrkdwn
from bot.slack.ui.cards.payment import stripe_url
from bot.slack.ui.hints import invite_hint, invite_text
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.text import escape, line, said

Words = tuple[str | Day, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said: a sign, a sentence, what follows from it; whether somebody has to act; addresses to open."""

    mark: str
    title: Words
    more: Words = ()
    urgent: bool = False
    addresses: tuple[tuple[str, Action, str | None], ...] = ()


def reply_message(reply: ReplyCard, locale: str) -> Message:
    """The reply as a message. It mentions the person who made the link only where somebody has to act."""
    told = _WORDS[type(reply.news)](reply.news, reply.card, locale)
    return Message(_text(told, reply.card), tuple(_blocks(told, reply.card)), broadcast=reply.broadcast)


def _text(told: _Said, card: PaymentCard) -> str:
    rep = f"<@{card.created_by}>" if card.created_by and told.urgent else ""
    return said(
        (
            "" if card.livemode else TEST_MODE,
            f"{mrkdwn(*told.title)}.",
            f"{mrkdwn(*told.more)}." if told.more else "",
            f"{escape(_whose(card))}.",
            rep,
            invite_text(card.hint_channel),
        )
    )


def _blocks(told: _Said, card: PaymentCard) -> Iterator[Json]:
    rows: list[rich_text.Line] = [[rich_text.text(f"{told.mark} "), *_bold(told.title)]]
    if told.more:
        rows.append([*elements(*told.more), rich_text.text(".")])
    rows.append([rich_text.text(_whose(card))])
    if card.created_by and told.urgent:
        rows.append([rich_text.user(card.created_by)])
    yield rich_text.block(rich_text.paragraph(rows))
    if not card.livemode:
        yield blocks.context(TEST_MODE)
    if card.hint_channel:
        yield invite_hint(card.hint_channel)
    if buttons := [blocks.button(text, action, url=url) for text, action, url in told.addresses if url]:
        yield blocks.actions(buttons)


def _bold(title: Words) -> Iterator[Json]:
    for element in elements(*title):
        yield element | {"style": {"bold": True}}


def _whose(card: PaymentCard) -> str:
    """`Jenny Rosen, jenny@example.com; Spring fair`."""
    parts = (line(customer_words(card.payment.customer), 300), line(card.link_name, 150))
    return "; ".join(part for part in parts if part and part != "–")


_REFUNDS: dict[RefundStatus, tuple[str, str, str]] = {
    "requires_action": ("⏳", "Refund waits for the customer", "Stripe has asked them by email where to send it"),
    "pending": ("⏳", "Refund on its way", "It can take a few days to arrive"),
    "succeeded": ("↩️", "Refunded", ""),
    "canceled": ("↩️", "Refund canceled", "Nothing was given back"),
    "failed": ("❌", "Refund failed", "The money is back in your Stripe balance: give it back another way"),
}


def _refund(news: RefundNews, card: PaymentCard, locale: str) -> _Said:
    mark, title, more = _REFUNDS[news.refund.status]
    payment = card.payment
    amount = Money(news.refund.amount, payment.currency).format(locale)
    own = news.refund.payment_intent in (None, payment.intent)
    of = f" of {Money(payment.amount_total, payment.currency).format(locale)}" if own else " of a later invoice"
    if news.refund.status == "succeeded" and own and news.refunded > news.refund.amount:
        more = f"{Money(news.refunded, payment.currency).format(locale)} in all"
    if news.refund.failure_reason:
        more = f"Reason: {words(news.refund.failure_reason)}. {more}"
    elif news.refund.reason and not more:
        more = f"Reason: {words(news.refund.reason)}"
    failed = news.refund.status == "failed"
    return _Said(mark, (f"{title}: {amount}{of}",), (more,) if more else (), failed, _stripe(card) if failed else ())


_DISPUTES: dict[DisputeStatus, tuple[str, str, str]] = {
    "warning_needs_response": (
        "⚠️",
        "The customer's bank asks about",
        "No money was taken yet; an answer may avert it",
    ),
    "warning_under_review": ("⏳", "Answer sent to the bank's question about", "The bank reads it"),
    "warning_closed": ("✅", "The bank's question is closed:", "No money was taken"),
    "needs_response": ("⚠️", "Disputed:", "Send evidence in Stripe, or accept the dispute there"),
    "under_review": ("⏳", "Evidence sent for the dispute of", "The bank decides, which can take 2 to 3 months"),
    "prevented": ("✅", "Dispute prevented:", "No money was taken"),
    "lost": ("❌", "Dispute lost:", "The money stays with the customer"),
    "won": ("✅", "Dispute won:", "The money is yours"),
}


def _dispute(news: DisputeNews, card: PaymentCard, locale: str) -> _Said:
    dispute = news.dispute
    mark, title, more = _DISPUTES[dispute.status]
    amount = Money(dispute.amount, dispute.currency).format(locale)
    urgent = dispute.status in ("needs_response", "warning_needs_response")
    due: Words = (". Respond by ", Day(dispute.due_by)) if urgent and dispute.due_by else ()
    return _Said(mark, (f"{title} {amount}, {words(dispute.reason)}",), (more, *due), urgent, _stripe(card))


def _funds(news: FundsNews, card: PaymentCard, locale: str) -> _Said:
    amount = Money(news.dispute.amount, news.dispute.currency).format(locale)
    if news.returned:
        return _Said("✅", (f"Stripe put {amount} back into your balance",), ("The dispute's fee may stay",))
    return _Said("⚠️", (f"Stripe took {amount} out of your balance",), ("It stays out while the dispute is open",))


def _renewal(news: RenewalNews, card: PaymentCard, locale: str) -> _Said:
    renewal = news.renewal
    amount = Money(renewal.amount, renewal.currency).format(locale)
    addresses = (("Invoice", Action.INVOICE, renewal.url), ("Invoice PDF", Action.INVOICE_PDF, renewal.pdf))
    if renewal.status == "paid":
        number: Words = (f"Invoice {line(renewal.number, 100)}",) if renewal.number else ()
        title = "Renewed" if renewal.is_cycle else "Invoice paid"
        return _Said("🔁", (f"{title}: {amount}", *period_words(renewal)), number, addresses=addresses)
    again: Words = ("Stripe won't try again: ask the customer to pay the invoice",)
    if renewal.next_attempt is not None:
        again = ("Stripe tries again on ", Day(renewal.next_attempt))
    attempt = f", attempt {renewal.attempt:,}" if renewal.attempt > 1 else ""
    title = "Renewal failed" if renewal.is_cycle else "Invoice not paid"
    return _Said("❌", (f"{title}: {amount}{attempt}",), again, urgent=True, addresses=addresses[:1])


def _trial(news: TrialNews, card: PaymentCard, locale: str) -> _Said:
    more = "The subscription is charged then, unless it is canceled before"
    return _Said("⏳", ("The free trial ends on ", Day(news.ends)), (more,), addresses=_stripe(card))


def _cancellation(news: CancellationNews, card: PaymentCard, locale: str) -> _Said:
    subscription = news.subscription
    if news.step == "kept":
        when: Words = ("Renews on ", Day(subscription.period_end)) if subscription.period_end else ()
        return _Said("✅", ("The subscription is not canceled after all",), when)
    reasons = (words(subscription.why), words(subscription.feedback), line(subscription.comment or "", 200))
    why = ", ".join(reason for reason in reasons if reason and reason != "–")
    more: Words = (f"Reason: {why}",) if why else ()
    if news.step == "scheduled":
        return _Said("👋", ("The subscription cancels on ", Day(subscription.cancel_at or 0)), more)
    return _Said("👋", ("The subscription is canceled",), more)


def _stripe(card: PaymentCard) -> tuple[tuple[str, Action, str | None], ...]:
    return (("View in Stripe", Action.VIEW_IN_STRIPE, stripe_url(card)),)


_WORDS: dict[type, Callable[[Any, PaymentCard, str], _Said]] = {
    RefundNews: _refund,
    DisputeNews: _dispute,
    FundsNews: _funds,
    RenewalNews: _renewal,
    TrialNews: _trial,
    CancellationNews: _cancellation,
}
