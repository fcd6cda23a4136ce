"""What is told of a payment after its announcement: the difference between what was known and what is known now.

Each piece of news has a key of its own for the payment, so that it is told once however often and in whatever order
Stripe's events come.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.payments.after import Dispute, Refund, Renewal, Subscription
from bot.payments.parts import Part
from bot.payments.payment import Payment


class Kind(StrEnum):
    """The kinds of news that a channel can turn off one by one."""

    RENEWAL = "renewal"
    FAILED_RENEWAL = "failed_renewal"
    TRIAL = "trial"
    CANCELLATION = "cancellation"
    REFUND = "refund"
    DISPUTE = "dispute"


class RefundNews(Part):
    """A refund was made, arrived, failed or was canceled; `refunded` is what was given back of the payment by then."""

    what: Literal["refund"] = "refund"
    refund: Refund
    refunded: int

    @property
    def kind(self) -> Kind:
        return Kind.REFUND

    @property
    def key(self) -> str:
        return f"{self.refund.id}:{self.refund.status}"


class DisputeNews(Part):
    """A dispute has a new status."""

    what: Literal["dispute"] = "dispute"
    dispute: Dispute

    @property
    def kind(self) -> Kind:
        return Kind.DISPUTE

    @property
    def key(self) -> str:
        return f"{self.dispute.id}:{self.dispute.status}"


class FundsNews(Part):
    """Stripe took the disputed money out of the balance, or put it back."""

    what: Literal["funds"] = "funds"
    dispute: Dispute
    returned: bool

    @property
    def kind(self) -> Kind:
        return Kind.DISPUTE

    @property
    def key(self) -> str:
        return f"{self.dispute.id}:{'reinstated' if self.returned else 'withdrawn'}"


class RenewalNews(Part):
    """A later period was paid, or could not be charged."""

    what: Literal["renewal"] = "renewal"
    renewal: Renewal

    @property
    def kind(self) -> Kind:
        return Kind.RENEWAL if self.renewal.status == "paid" else Kind.FAILED_RENEWAL

    @property
    def key(self) -> str:
        renewal = self.renewal
        return f"{renewal.id}:{'paid' if renewal.status == 'paid' else renewal.attempt}"


class TrialNews(Part):
    """A trial ends soon, at `ends` (seconds)."""

    what: Literal["trial"] = "trial"
    ends: int

    @property
    def kind(self) -> Kind:
        return Kind.TRIAL

    @property
    def key(self) -> str:
        return f"trial:{self.ends}"


class CancellationNews(Part):
    """A subscription will end, will not end after all, or has ended."""

    what: Literal["cancellation"] = "cancellation"
    step: Literal["scheduled", "kept", "ended"]
    subscription: Subscription

    @property
    def kind(self) -> Kind:
        return Kind.CANCELLATION

    @property
    def key(self) -> str:
        """A subscription ends once; it can be scheduled to any number of times."""
        when = "" if self.step == "ended" else f":{self.subscription.at}"
        return f"{self.subscription.id}:{self.step}{when}"


News = Annotated[
    RefundNews | DisputeNews | FundsNews | RenewalNews | TrialNews | CancellationNews, Field(discriminator="what")
]


def news(before: Payment | None, now: Payment) -> tuple[News, ...]:
    """What became of the payment between the two; `before` None: nothing was known of it."""
    if not now.is_announced:
        return ()
    return (*_refunds(before, now), *_disputes(before, now), *_renewals(before, now), *_subscription(before, now))


def _refunds(before: Payment | None, now: Payment) -> Iterator[News]:
    known = {refund.id: refund.status for refund in before.after.refunds} if before else {}
    for refund in now.after.refunds:
        if known.get(refund.id) != refund.status:
            yield RefundNews(refund=refund, refunded=now.refunded)


def _disputes(before: Payment | None, now: Payment) -> Iterator[News]:
    known = {dispute.id: dispute for dispute in before.after.disputes} if before else {}
    for dispute in now.after.disputes:
        then = known.get(dispute.id)
        if then is None or then.status != dispute.status:
            yield DisputeNews(dispute=dispute)
        if dispute.withdrawn and not (then and then.withdrawn):
            yield FundsNews(dispute=dispute, returned=False)
        if dispute.reinstated and not (then and then.reinstated):
            yield FundsNews(dispute=dispute, returned=True)


def _renewals(before: Payment | None, now: Payment) -> Iterator[News]:
    known = {one.id: (one.status, one.attempt) for one in before.after.renewals} if before else {}
    for renewal in now.after.renewals:
        then = known.get(renewal.id)
        if then != (renewal.status, renewal.attempt) and (then is None or then[0] != "paid"):
            yield RenewalNews(renewal=renewal)


def _subscription(before: Payment | None, now: Payment) -> Iterator[News]:
    warned = before.after.trial_warned if before else 0
    if now.after.trial_warned > warned:
        yield TrialNews(ends=now.after.trial_warned)
    then, subscription = before.after.subscription if before else None, now.after.subscription
    if subscription is None:
        return
    if subscription.ended_at is not None:
        if then is None or then.ended_at is None:
            yield CancellationNews(step="ended", subscription=subscription)
    elif subscription.cancel_at is not None:
        if then is None or then.cancel_at != subscription.cancel_at:
            yield CancellationNews(step="scheduled", subscription=subscription)
    elif then is not None and then.cancel_at is not None and then.ended_at is None:
        yield CancellationNews(step="kept", subscription=subscription)
