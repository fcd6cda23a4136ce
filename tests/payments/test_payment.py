from collections.abc import Sequence
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Malformed
from bot.payments.after import (
    DISPUTE_STATUSES,
    MOST_RENEWALS,
    REFUND_STATUSES,
    After,
    Dispute,
    Refund,
    Renewal,
    Subscription,
    join_after,
)
from bot.payments.events import facts
from bot.payments.news import news
from bot.payments.parts import Customer, Discount, InvoiceLinks, Item, Recipient, Records, Totals
from bot.payments.payment import Payment, Status, join, merge
from bot.payments.sessions import SessionFact
from tests.payments.sessions import event, session

STATUSES: list[Status] = ["open", "expired", "processing", "failed", "paid"]

texts = st.none() | st.text(max_size=3)
moments = st.integers(1, 3)
refunds = st.builds(
    Refund,
    id=st.sampled_from(["re_1", "re_2"]),
    amount=st.integers(1, 2),
    status=st.sampled_from(REFUND_STATUSES),
    failure_reason=texts,
    at=moments,
)
disputes = st.builds(
    Dispute,
    id=st.sampled_from(["du_1", "du_2"]),
    amount=st.just(3),
    currency=st.just("eur"),
    status=st.sampled_from(DISPUTE_STATUSES),
    reason=st.just("fraudulent"),
    due_by=st.none() | moments,
    withdrawn=st.booleans(),
    reinstated=st.booleans(),
    at=moments,
)
renewals = st.builds(
    lambda number, status, attempt, amount: Renewal(
        id=f"in_{number}", status=status, amount=amount, currency="eur", attempt=attempt, created=number // 2
    ),
    st.integers(0, 2 * MOST_RENEWALS),
    st.sampled_from(["failed", "paid"]),
    st.integers(0, 2),
    st.integers(0, 1),
)
MANY_RENEWALS = [
    Renewal(id=f"in_{number}", status="paid", amount=1, currency="eur", created=number // 2)
    for number in range(3, MOST_RENEWALS + 6)
]
subscriptions = st.builds(
    Subscription,
    id=st.just("sub_1"),
    status=st.sampled_from(["active", "canceled"]),
    cancel_at=st.none() | moments,
    ended_at=st.none() | moments,
    period_end=st.none() | moments,
    at=moments,
)
afters = st.builds(
    lambda refunds, disputes, renewals, subscription, warned: reduce(
        join_after,
        (
            *(After(refunds=(one,)) for one in refunds),
            *(After(disputes=(one,)) for one in disputes),
            *(After(renewals=(one,)) for one in renewals),
            After(subscription=subscription, trial_warned=warned),
        ),
    ),
    st.lists(refunds, max_size=2),
    st.lists(disputes, max_size=2),
    st.lists(renewals, max_size=2) | st.just(MANY_RENEWALS),
    st.none() | subscriptions,
    st.integers(0, 2),
)
records = st.builds(
    Records,
    discounts=st.lists(st.builds(Discount, code=texts, coupon=texts), max_size=2).map(tuple),
    shipping_rate=texts,
    invoice=st.none() | st.builds(InvoiceLinks, id=st.just("in_1"), number=texts, url=texts),
    receipt_url=texts,
)
items = st.lists(
    st.builds(Item, description=st.text(max_size=2), quantity=st.integers(1, 2), amount_total=st.integers(0, 3)),
    max_size=2,
)
payments = st.builds(
    Payment,
    id=st.just("cs_1"),
    link_id=st.just("plink_1"),
    status=st.sampled_from(STATUSES),
    amount_total=st.integers(0, 3),
    currency=st.sampled_from(["eur", "usd"]),
    livemode=st.just(False),
    created_at=st.just(1),
    customer=st.builds(Customer, name=texts, email=texts, phone=texts),
    items=items.map(tuple),
    reference=texts,
    payment_intent=texts,
    totals=st.builds(Totals, discount=st.integers(0, 2), tax=st.integers(0, 2)),
    recipient=st.builds(Recipient, name=texts),
    records=records,
    after=afters,
    read=st.none() | st.sampled_from(STATUSES),
)


def merged(snapshots: Sequence[Payment]) -> Payment:
    known: Payment | None = None
    for snapshot in snapshots:
        known = merge(known, [snapshot], After())
    assert known is not None
    return known


@settings(max_examples=60)
@given(payments, payments, payments)
def test_join_is_a_semilattice(one: Payment, two: Payment, three: Payment) -> None:
    assert join(one, one) == one
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three))


@settings(max_examples=60)
@given(st.data(), st.lists(payments, min_size=1, max_size=4))
def test_any_order_and_repetition_of_facts_gives_the_same_payment(
    data: st.DataObject, snapshots: list[Payment]
) -> None:
    again = data.draw(st.lists(st.sampled_from(snapshots), max_size=5))
    shuffled = data.draw(st.permutations([*snapshots, *again]))
    assert merged(shuffled) == merged(snapshots)


@settings(max_examples=60)
@given(st.lists(payments, min_size=1, max_size=4))
def test_a_payment_never_goes_back(snapshots: list[Payment]) -> None:
    ranks = [STATUSES.index(snapshot.status) for snapshot in snapshots]
    result = merged(snapshots)
    assert STATUSES.index(result.status) == max(ranks)
    assert len(result.items) == max(len(snapshot.items) for snapshot in snapshots)


@settings(max_examples=60)
@given(st.data(), payments, st.lists(afters, min_size=1, max_size=4))
def test_whatever_comes_after_and_in_whatever_order_the_payment_is_the_same(
    data: st.DataObject, payment: Payment, facts: list[After]
) -> None:
    again = data.draw(st.lists(st.sampled_from(facts), max_size=3))
    shuffled = data.draw(st.permutations([*facts, *again]))
    known = [reduce(lambda sofar, after: merge(sofar, (), after), told, payment) for told in (facts, shuffled)]
    assert known[0] == known[1] == merge(None, [payment], reduce(join_after, facts))
    assert len(known[0].after.renewals) <= MOST_RENEWALS


@settings(max_examples=60)
@given(payments, st.lists(afters, min_size=1, max_size=4))
def test_the_last_state_is_always_told_and_each_piece_of_news_has_its_own_key(
    payment: Payment, facts: list[After]
) -> None:
    told = list(news(None, payment))
    now = payment
    for fact in facts:
        before, now = now, merge(now, (), fact)
        step = news(before, now)
        assert len({one.key for one in step}) == len(step)
        assert news(now, now) == ()
        told += step
    keys = {one.key for one in told}
    if now.is_announced:
        assert {f"{refund.id}:{refund.status}" for refund in now.after.refunds} <= keys
        assert {f"{dispute.id}:{dispute.status}" for dispute in now.after.disputes} <= keys
    else:
        assert not keys


def test_nothing_can_t_be_merged() -> None:
    with pytest.raises(ValueError, match="which payment"):
        merge(None, (), After())


def test_what_was_read_is_kept_when_the_payment_moves_on() -> None:
    read = Payment(
        id="cs_1",
        link_id="plink_1",
        status="processing",
        amount_total=5,
        currency="eur",
        livemode=False,
        created_at=1,
        records=Records(shipping_rate="Express", receipt_url="https://pay.stripe.com/receipts/1"),
        read="processing",
    )
    bare = read.model_copy(update={"status": "paid", "records": Records(), "read": None})
    both = join(bare, read)
    assert (both.status, both.records, both.is_read) == ("paid", read.records, False)
    assert read.is_read


def test_a_bank_debit_told_backwards_is_paid_once() -> None:
    told = [
        event("checkout.session.completed", session(payment_status="unpaid")),
        event("checkout.session.async_payment_succeeded", session()),
    ]
    known = [fact.payment for one in told if isinstance(fact := facts(one), SessionFact)]
    assert reduce(join, known) == reduce(join, reversed(known)) == known[1]


def test_the_snapshot_that_says_more_wins_among_equals() -> None:
    bare = Payment(
        id="cs_1", link_id="plink_1", status="paid", amount_total=5, currency="eur", livemode=False, created_at=1
    )
    full = bare.model_copy(update={"customer": Customer(email="a@example.com"), "payment_intent": "pi_1"})
    with_items = bare.model_copy(update={"items": (Item(description="Tea", quantity=1, amount_total=5),)})
    assert join(with_items, full) == full.model_copy(update={"items": with_items.items})


def test_two_payments_are_never_mixed() -> None:
    one = Payment(
        id="cs_1", link_id="plink_1", status="paid", amount_total=5, currency="eur", livemode=False, created_at=1
    )
    with pytest.raises(Malformed, match="different payments"):
        join(one, one.model_copy(update={"id": "cs_2"}))


@pytest.mark.parametrize(("status", "announced"), [(s, s in ("processing", "failed", "paid")) for s in STATUSES])
def test_what_a_channel_hears_of(status: Status, announced: bool) -> None:
    payment = Payment(
        id="cs_1", link_id="plink_1", status=status, amount_total=5, currency="eur", livemode=False, created_at=1
    )
    assert payment.is_announced is announced


def test_what_was_read_of_a_payment_is_not_kept_for_the_next() -> None:
    """pydantic would keep some 16,000 ids, names and addresses for as long as the process lives."""
    stored = Payment(
        id="cs_1", link_id="plink_1", status="paid", amount_total=1, currency="eur", livemode=False, created_at=1
    ).model_dump_json()
    first, second = (Payment.model_validate_json(stored) for _ in range(2))
    assert first == second
    assert first.id is not second.id
