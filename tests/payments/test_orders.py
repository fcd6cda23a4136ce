"""A payment's events give the same payment in any order and however often each comes: every type of event that tells of
a payment, as Stripe sends it."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.payments.after import After
from bot.payments.events import HANDLED, AfterFact, facts
from bot.payments.payment import Payment, merge
from bot.payments.sessions import Ignored, SessionFact
from tests.payments.sessions import event, session
from tests.payments.told import MONTHLY, ONCE, fixture

Json = dict[str, Any]

UNPAID = event("checkout.session.completed", session(payment_status="unpaid"))
SETTLED = event("checkout.session.async_payment_succeeded", session(), created=1_800_000_500)
SUBSCRIBED = event("checkout.session.completed", session(mode="subscription", subscription="sub_1"))

EXPIRED = ONCE.model_copy(update={"status": "expired", "read": None})
FAILED = ONCE.model_copy(update={"status": "failed", "read": "failed"})

LIVES: dict[str, tuple[Payment, list[Json]]] = {
    "never paid": (EXPIRED, [event("checkout.session.expired", session(payment_status="unpaid", status="expired"))]),
    "not settled": (FAILED, [UNPAID, event("checkout.session.async_payment_failed", session(payment_status="unpaid"))]),
    "refunded, which failed": (
        ONCE,
        [UNPAID, SETTLED, *map(fixture, ("refund_pending", "refund_updated", "refund_failed"))],
    ),
    "refunded by hand, which was canceled": (
        ONCE,
        [UNPAID, SETTLED, *map(fixture, ("refund_waits_for_the_customer", "refund_canceled"))],
    ),
    "disputed and won": (
        ONCE,
        [
            SETTLED,
            *map(fixture, ("dispute_created", "dispute_funds_withdrawn", "dispute_updated", "dispute_won")),
            fixture("dispute_funds_reinstated"),
        ],
    ),
    "asked about, disputed and lost": (
        ONCE,
        [
            SETTLED,
            *map(fixture, ("dispute_inquiry", "dispute_inquiry_answered", "dispute_funds_withdrawn", "dispute_lost")),
        ],
    ),
    "renewed at the second try": (
        MONTHLY,
        [
            SUBSCRIBED,
            *map(fixture, ("subscription_started", "invoice_of_the_checkout")),
            *map(fixture, ("invoice_payment_failed", "subscription_past_due", "invoice_payment_failed_again")),
            fixture("invoice_paid"),
        ],
    ),
    "warned of its trial's end, then charged": (
        MONTHLY,
        [SUBSCRIBED, *map(fixture, ("subscription_trial_will_end", "invoice_paid"))],
    ),
    "canceled, resumed, changed and ended": (
        MONTHLY,
        [
            SUBSCRIBED,
            *map(fixture, ("subscription_cancels", "subscription_stays", "invoice_of_a_change")),
            *map(fixture, ("refund_created", "subscription_deleted")),
        ],
    ),
}
"""What can become of a payment: how Stripe shows its session when asked, and all that it says by itself."""


def told(read: Payment, events: Iterable[Json]) -> Payment:
    """The payment once these events came, in this order; Stripe is asked when the first isn't about its session."""
    known: Payment | None = None
    for one in events:
        fact = facts(one)
        if isinstance(fact, Ignored):
            continue
        assert isinstance(fact, SessionFact | AfterFact)
        if isinstance(fact, SessionFact):
            known = merge(known, [fact.payment.model_copy(update={"id": read.id, "link_id": read.link_id})], After())
        else:
            known = merge(known, [] if known else [read], fact.after)
    return merge(known, [read], After())


@pytest.mark.parametrize("life", LIVES)
@settings(max_examples=40)
@given(data=st.data())
def test_a_payment_is_the_same_in_whatever_order_it_was_told(life: str, data: st.DataObject) -> None:
    read, events = LIVES[life]
    again = data.draw(st.lists(st.sampled_from(events), max_size=4))
    assert told(read, data.draw(st.permutations([*events, *again]))) == told(read, events)


@pytest.mark.parametrize(
    ("life", "states"),
    [
        ("never paid", ["expired"]),
        ("not settled", ["failed"]),
        ("refunded, which failed", ["paid", "failed"]),
        ("refunded by hand, which was canceled", ["paid", "canceled"]),
        ("disputed and won", ["paid", "won"]),
        ("asked about, disputed and lost", ["paid", "lost"]),
        ("renewed at the second try", ["paid", "paid", "past_due"]),
        ("warned of its trial's end, then charged", ["paid", "paid", "trialing"]),
        ("canceled, resumed, changed and ended", ["paid", "succeeded", "paid", "canceled"]),
    ],
)
def test_what_the_lives_come_to(life: str, states: list[str]) -> None:
    """Backwards, and each event twice: of the payment, its refunds, disputes and renewals, and of the subscription."""
    read, events = LIVES[life]
    known = told(read, [one for one in reversed(events) for _ in range(2)])
    after = known.after
    parts = [one.status for some in (after.refunds, after.disputes, after.renewals) for one in some]
    subscription = [after.subscription.status] if after.subscription else []
    assert [known.status, *parts, *subscription] == states


def test_every_event_of_a_payment_occurs_in_some_life() -> None:
    of_payments = {
        kind for kind in HANDLED if not kind.startswith(("payment_link", "product", "price", "coupon", "pro"))
    }
    assert {one["type"] for _, events in LIVES.values() for one in events} == of_payments
