from typing import Any, Literal

import pytest

from bot.errors import Malformed
from bot.payments.events import HANDLED, CatalogFact, LinkFact, ObjectFact, facts
from bot.payments.parts import Answer, Customer, Discount, InvoiceLinks, Item, Recipient, Records, Totals
from bot.payments.payment import Payment
from bot.payments.sessions import Ignored, SessionFact, session_fact
from tests.payments.sessions import COLLECTED, event, session

LINES = {
    "has_more": False,
    "data": [
        {"id": "li_1", "description": "Consulting", "quantity": 2, "amount_total": 30000},
        {"id": "li_2", "description": None, "quantity": None, "amount_total": 0},
    ],
}


def payment(fact: object) -> Payment:
    assert isinstance(fact, SessionFact)
    return fact.payment


def test_a_completed_session_becomes_a_payment_with_everything_said() -> None:
    fields = [
        {"key": "size", "label": {"custom": "T-shirt size"}, "type": "text", "text": {"value": "L"}},
        {"key": "po", "label": {"custom": None}, "type": "numeric", "numeric": {"value": "0042"}},
        {
            "key": "colour",
            "label": {"custom": "Colour"},
            "type": "dropdown",
            "dropdown": {"value": "r", "options": [{"value": "r", "label": "Red"}, {"value": "b", "label": "Blue"}]},
        },
        {"key": "note", "label": {"custom": "Note"}, "type": "text", "text": {"value": None}},
    ]
    data = session(custom_fields=fields, client_reference_id="PO-7", line_items=LINES)
    assert facts(event("checkout.session.completed", data)) == SessionFact(
        Payment(
            id="cs_test_1",
            link_id="plink_1",
            status="paid",
            amount_total=30000,
            currency="eur",
            livemode=False,
            created_at=1_799_999_000,
            mode="payment",
            customer=Customer(name="Grace Hopper", email="grace@example.com", phone=None),
            items=(
                Item(description="Consulting", quantity=2, amount_total=30000),
                Item(description="", quantity=1, amount_total=0),
            ),
            custom_fields=(
                Answer(label="T-shirt size", value="L"),
                Answer(label="po", value="0042"),
                Answer(label="Colour", value="Red"),
            ),
            reference="PO-7",
            payment_intent="pi_1",
            read="paid",
        ),
        team_id="T1",
    )


@pytest.mark.parametrize(
    ("kind", "payment_status", "status"),
    [
        ("checkout.session.completed", "paid", "paid"),
        ("checkout.session.completed", "no_payment_required", "paid"),
        ("checkout.session.completed", "unpaid", "processing"),
        ("checkout.session.async_payment_succeeded", "paid", "paid"),
        ("checkout.session.async_payment_failed", "unpaid", "failed"),
        ("checkout.session.expired", "unpaid", "expired"),
    ],
)
def test_unpaid_is_never_announced_as_paid(kind: str, payment_status: str, status: str) -> None:
    assert payment(facts(event(kind, session(payment_status=payment_status)))).status == status


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "open", "payment_status": "unpaid"}, "open"),
        ({"status": "expired", "payment_status": "unpaid"}, "expired"),
        ({"payment_status": "unpaid"}, "processing"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "processing"}}, "processing"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "requires_payment_method"}}, "failed"),
        ({"payment_status": "unpaid", "payment_intent": {"id": "pi_1", "status": "canceled"}}, "failed"),
        ({"payment_intent": {"id": "pi_1", "status": "succeeded"}}, "paid"),
    ],
)
def test_a_session_read_from_stripe_tells_its_status_with_its_intent(changes: dict[str, Any], status: str) -> None:
    read = payment(session_fact(session(**changes)))
    assert (read.status, read.payment_intent) == (status, "pi_1")


def test_a_free_trial_is_paid_with_nothing() -> None:
    data = session(payment_status="no_payment_required", amount_total=None, payment_intent=None, subscription="sub_1")
    free = payment(facts(event("checkout.session.completed", data)))
    assert (free.status, free.amount_total, free.subscription) == ("paid", 0, "sub_1")


def test_a_checkout_without_a_link_is_not_ours() -> None:
    assert facts(event("checkout.session.completed", session(payment_link=None))) == Ignored(
        "a checkout without a payment link"
    )


def test_a_foreign_link_has_no_workspace() -> None:
    fact = facts(event("checkout.session.completed", session(metadata={})))
    assert isinstance(fact, SessionFact)
    assert fact.team_id is None


@pytest.mark.parametrize("verb", ["created", "updated"])
def test_link_events(verb: str) -> None:
    link = {"id": "plink_1", "active": False, "metadata": {"paylink_team": "T2"}}
    assert facts(event(f"payment_link.{verb}", link)) == LinkFact("plink_1", link, 1_800_000_000, "T2")


@pytest.mark.parametrize("kind", ["product", "price"])
@pytest.mark.parametrize("verb", ["created", "updated", "deleted"])
def test_catalog_events(kind: Literal["product", "price"], verb: str) -> None:
    fact = facts(event(f"{kind}.{verb}", {"id": "x_1"}))
    assert fact == CatalogFact(kind, "x_1", {"id": "x_1"}, 1_800_000_000, deleted=verb == "deleted")


@pytest.mark.parametrize(("kind", "verbs"), [("coupon", ("updated", "deleted")), ("promotion_code", ("created",))])
def test_discount_events(kind: Literal["coupon", "promotion_code"], verbs: tuple[str, ...]) -> None:
    for verb in verbs:
        assert facts(event(f"{kind}.{verb}", {"id": "x_1"})) == ObjectFact(kind, "x_1", deleted=verb == "deleted")


def test_anything_else_is_ignored_by_name() -> None:
    assert facts(event("charge.refunded", {"id": "ch_1"})) == Ignored("not an event we handle: charge.refunded")


def test_every_handled_type_gives_a_fact() -> None:
    data = session() | {"active": True}
    after = ("refund.", "charge.", "invoice.", "customer.")
    known = {kind for kind in HANDLED if not kind.startswith(after)}
    assert not [kind for kind in known if isinstance(facts(event(kind, data)), Ignored)]
    assert (len(known), len(HANDLED)) == (17, 30)


def test_a_session_read_whole_tells_everything_that_was_collected() -> None:
    read = payment(session_fact(session(**COLLECTED)))
    assert read.customer == Customer(
        name="Grace Hopper",
        email="grace@example.com",
        phone="+15555550123",
        business_name="Cobol Ltd",
        tax_ids=("DE123456789",),
    )
    assert read.recipient == Recipient(name="Grace Hopper", address=("1 Main St", "10115 Berlin"), country="DE")
    assert read.totals == Totals(discount=100, tax=190, shipping=500)
    assert [(item.description, item.quantity, item.optional) for item in read.items] == [
        ("Tea", 1, False),
        ("Mug", 3, True),
    ]
    assert read.records == Records(
        discounts=(Discount(code="SPRING"), Discount(coupon="Loyal")),
        shipping_rate="Express",
        invoice=InvoiceLinks(
            id="in_1", number="A-1", url="https://i.example", pdf="https://p.example", payment_intent="pi_9"
        ),
        receipt_url="https://r.example",
    )
    assert (read.read, read.intent) == ("paid", "pi_1")
    assert read.model_copy(update={"payment_intent": None}).intent == "pi_9"


REFUND: dict[str, Any] = {"id": "re_1", "amount": 2000, "status": "succeeded", "payment_intent": "pi_1"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("checkout.session.completed", []),
        ("checkout.session.completed", {**session(), "payment_link": 7}),
        ("checkout.session.completed", {**session(), "amount_total": 10**40}),
        ("checkout.session.completed", {**session(), "created": 10**14}),
        ("checkout.session.completed", {**session(), "currency": "x" * 5000}),
        ("checkout.session.completed", {**session(), "customer_details": "Grace"}),
        ("payment_link.updated", {"id": None}),
        ("product.updated", {"name": "without an id"}),
        ("price.deleted", {"id": {"id": "price_1"}}),
        ("coupon.created", {"id": "with a space"}),
        ("refund.created", {**REFUND, "payment_intent": {"id": 1}}),
        ("refund.created", {**REFUND, "amount": None}),
        ("customer.subscription.deleted", {"id": "sub_1", "status": "canceled", "items": [1]}),
    ],
)
def test_what_stripe_does_not_send_is_malformed(kind: str, data: Any) -> None:
    with pytest.raises(Malformed, match="isn't shaped"):
        facts(event(kind, data))
