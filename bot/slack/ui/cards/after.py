"""What became of a payment, in words: for its card."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.money import Money
from bot.payments.after import Dispute, Refund, Renewal, Subscription
from bot.payments.payment import Payment
from bot.slack.ui.cards.facts import Day, Fact, fact

Happened = TypeVar("Happened", Refund, Dispute)

_UNSETTLED = ("pending", "requires_action", "failed")
_CLOSED = {
    "warning_closed": "closed without taking money",
    "prevented": "prevented: nothing was taken",
    "won": "won: the money is yours",
    "lost": "lost: the money stays with the customer",
}
_STATES = {
    "past_due": "a payment is overdue",
    "unpaid": "unpaid: Stripe has stopped trying to charge it",
    "paused": "paused",
    "incomplete": "waits for its first payment",
    "incomplete_expired": "its first payment never came",
}


_LISTED = 5
"""So many refunds that aren't settled, and so many disputes, stand on a card: the latest. Stripe shows them all."""


def words(reason: str | None) -> str:
    """One of Stripe's codes as words: `expired_or_canceled_card` → `expired or canceled card`."""
    return (reason or "").replace("_", " ")


def title_of(payment: Payment, locale: str) -> tuple[str, str] | None:
    """The mark and the title of a paid payment's card once something became of it, None before."""
    total = Money(payment.amount_total, payment.currency).format(locale)
    open_disputes = [dispute for dispute in payment.after.disputes if dispute.is_open]
    if open_disputes:
        amount = Money(open_disputes[-1].amount, open_disputes[-1].currency).format(locale)
        return "⚠️", f"{'Inquiry about' if open_disputes[-1].is_inquiry else 'Disputed:'} {amount}"
    if lost := [dispute for dispute in payment.after.disputes if dispute.status == "lost"]:
        return "❌", f"Dispute lost: {Money(lost[-1].amount, lost[-1].currency).format(locale)}"
    subscription, renewals = payment.after.subscription, payment.after.renewals
    if subscription and subscription.status in ("past_due", "unpaid") and renewals and renewals[-1].status == "failed":
        return "⚠️", f"Renewal overdue: {Money(renewals[-1].amount, renewals[-1].currency).format(locale)}"
    if payment.refunded >= payment.amount_total > 0:
        return "↩️", f"Refunded: {total}"
    if payment.refunded:
        return "↩️", f"Refunded {refunded_of(payment, locale)}"
    return None


def refunded_of(payment: Payment, locale: str) -> str:
    """`€20.00 of €100.00`."""
    given, total = (Money(amount, payment.currency) for amount in (payment.refunded, payment.amount_total))
    return f"{given.format(locale)} of {total.format(locale)}"


def after_facts(payment: Payment, locale: str) -> Iterator[Fact]:
    """What of refunds, disputes, the subscription and its last renewal the title doesn't say, each in a line."""
    yield from _refunds(payment, locale)
    for dispute in _latest(payment.after.disputes):
        yield fact("Inquiry" if dispute.is_inquiry else "Dispute", *_dispute(dispute, locale))
    if payment.after.subscription:
        yield fact("Subscription", *subscription_words(payment.after.subscription))
    if payment.after.renewals:
        yield fact("Last renewal", *_renewal(payment.after.renewals[-1], locale))


def subscription_words(subscription: Subscription) -> tuple[str | Day, ...]:
    """How the subscription stands and what comes next."""
    if subscription.ended_at is not None:
        return "canceled on ", Day(subscription.ended_at)
    state = _STATES.get(subscription.status, "")
    if subscription.cancel_at is not None:
        return f"{state}; " if state else "", "cancels on ", Day(subscription.cancel_at)
    if state:
        return (state,)
    if subscription.status == "trialing" and subscription.trial_end is not None:
        return "free trial until ", Day(subscription.trial_end)
    return ("renews on ", Day(subscription.period_end)) if subscription.period_end else ("active",)


def period_words(renewal: Renewal) -> tuple[str | Day, ...]:
    """`for 1 May to 1 June`, empty when the invoice doesn't say."""
    if renewal.start is None or renewal.end is None:
        return ()
    return " for ", Day(renewal.start), " to ", Day(renewal.end)


def _refunds(payment: Payment, locale: str) -> Iterator[Fact]:
    if payment.refunded and any(dispute.is_open or dispute.status == "lost" for dispute in payment.after.disputes):
        yield fact("Refunded", refunded_of(payment, locale))
    if rest := payment.given_back - payment.refunded:
        yield fact("Refunded of later invoices", Money(rest, payment.currency).format(locale))
    for refund in _latest([one for one in payment.after.refunds if one.status in _UNSETTLED]):
        amount = Money(refund.amount, payment.currency).format(locale)
        if refund.status == "failed":
            yield fact("Refund failed", amount, f" ({words(refund.failure_reason)})" if refund.failure_reason else "")
        else:
            yield fact("Refund on its way", amount)


def _latest(happened: Sequence[Happened]) -> list[Happened]:
    return sorted(happened, key=lambda one: one.at)[-_LISTED:]


def _dispute(dispute: Dispute, locale: str) -> tuple[str | Day, ...]:
    head = f"{Money(dispute.amount, dispute.currency).format(locale)}, {words(dispute.reason)}; "
    if dispute.status in _CLOSED:
        return head, _CLOSED[dispute.status]
    if dispute.status in ("under_review", "warning_under_review"):
        return head, "answered, the bank decides"
    return (head, "respond by ", Day(dispute.due_by)) if dispute.due_by else (head, "respond in Stripe")


def _renewal(renewal: Renewal, locale: str) -> tuple[str | Day, ...]:
    amount = Money(renewal.amount, renewal.currency).format(locale)
    if renewal.status == "paid":
        return f"{amount} paid", *period_words(renewal)
    if renewal.next_attempt is None:
        return (f"{amount} failed; Stripe won't try again",)
    return f"{amount} failed; Stripe tries again on ", Day(renewal.next_attempt)
