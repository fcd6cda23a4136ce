"""What becomes of a payment after the checkout: refunds, disputes, renewals, and the subscription itself.

Stripe sends snapshots of these, each true at its event's moment (`at`, seconds). Of two snapshots of one thing the
later holds; of two of the same second the one further along. That is a join: any order and repetition gives the same.
"""

from typing import Literal

from bot.payments.parts import Currency, Moment, Part, Whole, join_keyed, text_of

RefundStatus = Literal["requires_action", "pending", "succeeded", "canceled", "failed"]
DisputeStatus = Literal[
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "prevented",
    "lost",
    "won",
]

REFUND_STATUSES: tuple[RefundStatus, ...] = ("requires_action", "pending", "succeeded", "canceled", "failed")
"""From the first to the last; a refund that succeeded may still fail days later."""

DISPUTE_STATUSES: tuple[DisputeStatus, ...] = (
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "prevented",
    "lost",
    "won",
)
"""From the first to the last; `warning_…` are inquiries, which take no money yet."""

MOST_RENEWALS = 12
"""How many of the latest renewals a payment remembers."""


class Refund(Part):
    """A refund. `amount` is in minor units of the payment's currency."""

    id: str
    amount: Whole
    status: RefundStatus
    payment_intent: str | None = None
    reason: str | None = None
    failure_reason: str | None = None
    at: Moment


class Dispute(Part):
    """A dispute or an inquiry. `due_by` is when an answer must be there, in seconds.

    `withdrawn` and `reinstated`: Stripe took the money out of the balance, or put it back.
    """

    id: str
    amount: Whole
    currency: Currency
    status: DisputeStatus
    reason: str
    due_by: Moment | None = None
    withdrawn: bool = False
    reinstated: bool = False
    at: Moment

    @property
    def is_inquiry(self) -> bool:
        return self.status.startswith("warning_")

    @property
    def is_open(self) -> bool:
        """Whether it isn't decided yet."""
        return self.status not in ("warning_closed", "prevented", "lost", "won")


class Renewal(Part):
    """A later invoice of a subscription: of a new period, or (not `is_cycle`) of a change within one.

    `amount` is what was paid, or is due; `attempt` counts the tries to charge it, `next_attempt` is when Stripe tries
    again, None for never. `start` and `end` are the period it is for; `created` is when the invoice was made, which
    never changes.
    """

    id: str
    status: Literal["failed", "paid"]
    amount: Whole
    currency: Currency
    is_cycle: bool = True
    attempt: Whole = 0
    next_attempt: Moment | None = None
    number: str | None = None
    url: str | None = None
    pdf: str | None = None
    start: Moment | None = None
    end: Moment | None = None
    created: Moment


class Subscription(Part):
    """A subscription's state. `status` is Stripe's; `cancel_at` is when it will end, `ended_at` when it did."""

    id: str
    status: str
    trial_end: Moment | None = None
    period_end: Moment | None = None
    cancel_at: Moment | None = None
    ended_at: Moment | None = None
    why: str | None = None
    feedback: str | None = None
    comment: str | None = None
    at: Moment


class After(Part):
    """All that happened after the checkout, as far as it is known.

    `trial_warned` is the trial's end that Stripe has warned of, 0 for none. Renewals are the latest, oldest first.
    """

    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    renewals: tuple[Renewal, ...] = ()
    subscription: Subscription | None = None
    trial_warned: Moment = 0


_NOTHING = After()


def join_after(one: After, other: After) -> After:
    """The least After that holds both."""
    if other in (one, _NOTHING):
        return one
    if one == _NOTHING:
        return other
    refunds = join_keyed(one.refunds, other.refunds, lambda refund: refund.id, _later_refund)
    disputes = join_keyed(one.disputes, other.disputes, lambda dispute: dispute.id, _join_disputes)
    renewals = join_keyed(one.renewals, other.renewals, lambda renewal: renewal.id, _further_renewal)
    latest = sorted(renewals.values(), key=lambda renewal: (renewal.created, renewal.id))[-MOST_RENEWALS:]
    return After(
        refunds=tuple(sorted(refunds.values(), key=lambda refund: refund.id)),
        disputes=tuple(sorted(disputes.values(), key=lambda dispute: dispute.id)),
        renewals=tuple(latest),
        subscription=_later_subscription(one.subscription, other.subscription),
        trial_warned=max(one.trial_warned, other.trial_warned),
    )


def _later_refund(one: Refund, other: Refund) -> Refund:
    return max(one, other, key=lambda refund: (refund.at, REFUND_STATUSES.index(refund.status), text_of(refund)))


def _join_disputes(one: Dispute, other: Dispute) -> Dispute:
    later = max(one, other, key=_dispute_order)
    return later.model_copy(
        update={
            "withdrawn": one.withdrawn or other.withdrawn,
            "reinstated": one.reinstated or other.reinstated,
        }
    )


def _dispute_order(dispute: Dispute) -> tuple[int, int, str]:
    rank = DISPUTE_STATUSES.index(dispute.status)
    return dispute.at, rank, text_of(dispute, exclude={"withdrawn", "reinstated"})


def _further_renewal(one: Renewal, other: Renewal) -> Renewal:
    """Once paid, always paid; before that the last attempt tells."""
    return max(one, other, key=lambda renewal: (renewal.status == "paid", renewal.attempt, text_of(renewal)))


def _later_subscription(one: Subscription | None, other: Subscription | None) -> Subscription | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=_subscription_order)


def _subscription_order(subscription: Subscription) -> tuple[int, int, int, str]:
    return subscription.at, subscription.ended_at or 0, subscription.period_end or 0, text_of(subscription)
