import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from bot.links.draft import LinkDraft, OneOffPrice
from bot.money import Money
from bot.payments.after import After, Dispute, Refund
from bot.payments.after_objects import subscription_of
from bot.payments.news import CancellationNews
from bot.payments.parts import Customer, Discount, InvoiceLinks, Item, Recipient, Records, Totals
from bot.payments.payment import Status
from bot.sandbox.slack.mentions import mentions
from bot.services.notices import DigestCard, ReplyCard
from bot.slack.ui.cards import digest_message, link_message, payment_message, reply_message
from tests.slack.limits import sendable
from tests.slack.samples import CONSULTING, FULL_DRAFT, SEATS, link_card, nasty, payment_card

DIGEST = DigestCard(
    paid=((Money(360000, "eur"), 120), (Money(2000, "usd"), 1)),
    processing=2,
    failed=1,
    since=1_800_000_000.0,
    until=1_800_000_060.0,
    links=(("Spring fair", 120), ("Workshop", 4)),
)


def test_a_link(snapshot: SnapshotAssertion) -> None:
    assert sendable(link_message(link_card(), "en_US")) == snapshot


def test_a_link_in_another_language(snapshot: SnapshotAssertion) -> None:
    assert link_message(link_card(), "de_DE").text == snapshot


def test_a_link_that_is_off_shared_and_elsewhere(snapshot: SnapshotAssertion) -> None:
    card = link_card(
        active=False, livemode=True, foreign=True, processing=1, note="For you\nonly", hint_channel="C0DEALS", paid=()
    )
    assert sendable(link_message(card, "en_US")) == snapshot


def test_a_link_without_items_still_has_a_card() -> None:
    sent = sendable(link_message(link_card(draft=LinkDraft()), "en_US"))
    assert "can't show what this link sells" in json.dumps(sent)


def test_everything_at_once_fits() -> None:
    sent = sendable(link_message(link_card(draft=FULL_DRAFT, note="x" * 300, hint_channel="C0DEALS"), "en_US"))
    assert json.dumps(sent).count("Consulting") >= 20


def test_a_catalog_item_is_on_the_card() -> None:
    assert "Seats, €10.00" in link_message(link_card(draft=LinkDraft(line_items=(SEATS,))), "en_US").text


@pytest.mark.parametrize("status", ["paid", "processing", "failed", "expired", "open"])
def test_a_payment(status: Status, snapshot: SnapshotAssertion) -> None:
    assert sendable(payment_message(payment_card(status), "en_US")) == snapshot


def test_a_payment_elsewhere_says_where_it_was_meant_to_be() -> None:
    sent = sendable(payment_message(payment_card(hint_channel="C0DEALS"), "en_US"))
    assert "/invite @Paylink" in sent["text"]
    assert "<#C0DEALS>" in sent["text"]


COLLECTED = {
    "customer": Customer(
        name="Grace Hopper",
        email="grace@example.com",
        phone="+15555550123",
        business_name="Cobol Ltd",
        tax_ids=("DE123456789",),
    ),
    "recipient": Recipient(name="Grace Hopper", address=("1 Main St", "10115 Berlin"), country="DE"),
    "totals": Totals(discount=1000, tax=1900, shipping=500),
    "items": (
        Item(description="Consulting", quantity=2, amount_total=30000),
        Item(description="Mug", quantity=3, amount_total=900, optional=True),
    ),
    "records": Records(
        discounts=(Discount(code="SPRING", coupon="Spring sale"), Discount(coupon="Loyal")),
        shipping_rate="Express",
        invoice=InvoiceLinks(id="in_1", number="ACME-1", url="https://i.example/1", pdf="https://i.example/1/pdf"),
        receipt_url="https://r.example/1",
    ),
}


def test_a_payment_with_all_that_can_be_collected(snapshot: SnapshotAssertion) -> None:
    card = payment_card()
    whole = replace(card, payment=card.payment.model_copy(update=COLLECTED))
    assert sendable(payment_message(whole, "en_US")) == snapshot


def test_a_payment_in_another_language_names_the_country_in_it() -> None:
    card = payment_card()
    whole = replace(card, payment=card.payment.model_copy(update=COLLECTED))
    assert "10115 Berlin, Deutschland" in payment_message(whole, "de_DE").text


def test_a_subscription_s_payment_leads_to_the_subscription_in_stripe() -> None:
    card = payment_card()
    free = card.payment.model_copy(update={"payment_intent": None, "subscription": "sub_1"})
    sent = json.dumps(sendable(payment_message(replace(card, payment=free), "en_US")))
    assert "dashboard.stripe.com/test/subscriptions/sub_1" in sent


def test_a_live_payment_says_nothing_of_a_test() -> None:
    card = payment_card()
    live = replace(card, livemode=True)
    sent = json.dumps(sendable(payment_message(live, "en_US")))
    assert "TEST MODE" not in sent
    assert "dashboard.stripe.com/payments/pi_1" in sent
    assert "TEST MODE" in json.dumps(sendable(payment_message(card, "en_US")))


def test_a_payment_about_which_little_is_known() -> None:
    card = payment_card(created_by=None, reference=None)
    nothing = {"items": (), "custom_fields": (), "payment_intent": None, "customer": Customer()}
    bare = card.payment.model_copy(update=nothing)
    sent = sendable(payment_message(replace(card, payment=bare), "en_US"))
    assert "View in Stripe" not in json.dumps(sent)


def test_a_long_receipt_is_cut() -> None:
    card = payment_card()
    items = tuple(Item(description=f"Part {number}", quantity=1, amount_total=100) for number in range(25))
    sent = sendable(payment_message(replace(card, payment=card.payment.model_copy(update={"items": items})), "en_US"))
    assert "and 5 more" in sent["text"]


def test_of_very_many_refunds_and_disputes_the_latest_are_shown() -> None:
    refunds = tuple(
        Refund(id=f"re_{number}", amount=number, status="failed", failure_reason="declined", at=number)
        for number in range(100, 200)
    )
    disputes = tuple(
        Dispute(id=f"du_{number}", amount=number, currency="eur", status="won", reason="general", at=number)
        for number in range(300, 400)
    )
    card = payment_card(answer="x" * 300, description="y" * 300, reference="z" * 300)
    after = {"after": After(refunds=refunds, disputes=disputes)}
    sent = sendable(payment_message(replace(card, payment=card.payment.model_copy(update=after)), "en_US"))
    assert sent["text"].count("Refund failed: ") == sent["text"].count("Dispute: ") == 5
    assert "Refund failed: €1.99 (declined)." in sent["text"]


def test_a_digest(snapshot: SnapshotAssertion) -> None:
    assert sendable(digest_message(DIGEST, "en_US")) == snapshot


def test_a_digest_without_a_link() -> None:
    assert "By link" not in sendable(digest_message(replace(DIGEST, links=()), "en_US"))["text"]


def test_a_digest_of_many_links() -> None:
    links = tuple((f"Link {number}", 1) for number in range(30))
    sent = sendable(digest_message(replace(DIGEST, paid=(), processing=0, failed=0, links=links), "en_US"))
    assert "and 10 more links" in sent["text"]


@settings(max_examples=60, deadline=None)
@given(nasty, nasty)
def test_no_words_break_a_card_or_wake_anybody_but_the_rep(one: str, other: str) -> None:
    item = CONSULTING.model_copy(update={"price": OneOffPrice(name=one, unit_amount=1, currency="eur")})
    link = link_card(name=other, draft=LinkDraft(name=one, line_items=(item,) * 3), note=one)
    payment = payment_card(name=one, answer=other, description=one, reference=other, link_name=other)
    collected = {
        "recipient": Recipient(name=one, address=(other,)),
        "records": Records(discounts=(Discount(code=one, coupon=other),), shipping_rate=one),
        "totals": Totals(discount=1),
    }
    payment = replace(payment, payment=payment.payment.model_copy(update=collected))
    digest = replace(DIGEST, links=((one, 1), (other, 2)))
    after = subscription_of(
        {"id": "sub_1", "status": "canceled", "ended_at": 1, "cancellation_details": {"reason": one, "comment": other}},
        1,
    )
    reply = ReplyCard(CancellationNews(step="ended", subscription=after), payment, broadcast=True)
    for message, notified in (
        (link_message(link, "en_US"), []),
        (payment_message(payment, "en_US"), ["U0ADA"]),
        (digest_message(digest, "en_US"), []),
        (reply_message(reply, "en_US"), []),
    ):
        sent = sendable(message)
        assert mentions(sent["text"], sent["blocks"]) == notified
