from collections.abc import Sequence
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payments.events import SessionFact, facts
from bot.payments.payment import Customer, Item, Payment, Status, join, merge
from tests.payments.sessions import event, session

STATUSES: list[Status] = ["open", "expired", "processing", "failed", "paid"]

texts = st.none() | st.text(max_size=3)
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
)


def merged(snapshots: Sequence[Payment]) -> Payment:
    known: Payment | None = None
    for snapshot in snapshots:
        known = merge(known, SessionFact(snapshot, None))
    assert known is not None
    return known


@given(payments, payments, payments)
def test_join_is_a_semilattice(one: Payment, two: Payment, three: Payment) -> None:
    assert join(one, one) == one
    assert join(one, two) == join(two, one)
    assert join(join(one, two), three) == join(one, join(two, three))


@given(st.data(), st.lists(payments, min_size=1, max_size=5))
def test_any_order_and_repetition_of_facts_gives_the_same_payment(
    data: st.DataObject, snapshots: list[Payment]
) -> None:
    again = data.draw(st.lists(st.sampled_from(snapshots), max_size=5))
    shuffled = data.draw(st.permutations([*snapshots, *again]))
    assert merged(shuffled) == merged(snapshots)


@given(st.lists(payments, min_size=1))
def test_a_payment_never_goes_back(snapshots: list[Payment]) -> None:
    ranks = [STATUSES.index(snapshot.status) for snapshot in snapshots]
    result = merged(snapshots)
    assert STATUSES.index(result.status) == max(ranks)
    assert len(result.items) == max(len(snapshot.items) for snapshot in snapshots)


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
    with pytest.raises(ValueError, match="different payments"):
        join(one, one.model_copy(update={"id": "cs_2"}))


@pytest.mark.parametrize(("status", "announced"), [(s, s in ("processing", "failed", "paid")) for s in STATUSES])
def test_what_a_channel_hears_of(status: Status, announced: bool) -> None:
    payment = Payment(
        id="cs_1", link_id="plink_1", status=status, amount_total=5, currency="eur", livemode=False, created_at=1
    )
    assert payment.is_announced is announced
