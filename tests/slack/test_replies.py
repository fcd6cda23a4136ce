"""Each event that comes after a payment, and the exact words it makes in the payment's thread."""

import re
from datetime import UTC, datetime

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.payments.after import After
from bot.payments.events import HANDLED, AfterFact, facts
from bot.payments.news import CancellationNews
from bot.payments.parts import Records
from bot.payments.payment import Payment, merge
from bot.payments.sessions import Ignored
from bot.sandbox.slack.mentions import mentions
from bot.services.notices import PaymentCard, ReplyCard
from bot.slack.ui.cards import payment_message, reply_message
from bot.slack.ui.cards.after import subscription_words
from bot.slack.ui.cards.facts import mrkdwn
from tests.payments.told import FIXTURES, MONTHLY, ONCE, fixture, known_after, told
from tests.slack.limits import Json, sendable
from tests.slack.samples import URL

_TEST_MODE = "TEST MODE: no real money moves. "
_OF = " Jenny Rosen, jenny@example.com; Spring fair."
_REP = " <@U0ADA>"
_DATE = re.compile(r"<!date\^(\d+)\^\{date_short_pretty\}\|[0-9-]+>")


def card(payment: Payment, *, livemode: bool = False, hint_channel: str | None = None) -> PaymentCard:
    return PaymentCard(payment, "Spring fair", URL, "U0ADA", livemode, hint_channel)


def replies(name: str, *before: str, payment: Payment = ONCE, broadcast: bool = False) -> list[Json]:
    """The messages that an event makes, as they are sent."""
    now, pieces = told(name, *before, payment=payment)
    return [sendable(reply_message(ReplyCard(piece, card(now), broadcast), "en_US")) for piece in pieces]


def read(text: str) -> str:
    """What one reads: days as ISO writes them."""
    return _DATE.sub(lambda date: f"{datetime.fromtimestamp(int(date[1]), UTC):%Y-%m-%d}", text)


def said(name: str, *before: str, payment: Payment = ONCE) -> str:
    (reply,) = replies(name, *before, payment=payment)
    text = read(reply["text"])
    assert text.startswith(_TEST_MODE)
    assert _OF in text
    return text.removeprefix(_TEST_MODE).replace(_OF, "")


@pytest.mark.parametrize(
    ("name", "before", "words"),
    [
        ("refund_created", (), "Refunded: €20.00 of €300.00. Reason: requested by customer."),
        ("refund_in_full", (), "Refunded: €300.00 of €300.00. Reason: duplicate."),
        ("refund_pending", (), "Refund on its way: €20.00 of €300.00. It can take a few days to arrive."),
        ("refund_updated", ("refund_pending",), "Refunded: €20.00 of €300.00."),
        (
            "refund_waits_for_the_customer",
            (),
            "Refund waits for the customer: €20.00 of €300.00. Stripe has asked them by email where to send it.",
        ),
        (
            "refund_canceled",
            ("refund_waits_for_the_customer",),
            "Refund canceled: €20.00 of €300.00. Nothing was given back.",
        ),
        (
            "refund_failed",
            ("refund_created",),
            "Refund failed: €20.00 of €300.00. Reason: expired or canceled card. The money is back in your Stripe "
            f"balance: give it back another way.{_REP}",
        ),
        (
            "dispute_created",
            (),
            "Disputed: €300.00, fraudulent. Send evidence in Stripe, or accept the dispute there. "
            f"Respond by 2027-01-23.{_REP}",
        ),
        (
            "dispute_funds_withdrawn",
            ("dispute_created",),
            "Stripe took €300.00 out of your balance. It stays out while the dispute is open.",
        ),
        (
            "dispute_updated",
            ("dispute_created",),
            "Evidence sent for the dispute of €300.00, fraudulent. The bank decides, which can take 2 to 3 months.",
        ),
        ("dispute_won", ("dispute_created",), "Dispute won: €300.00, fraudulent. The money is yours."),
        ("dispute_lost", ("dispute_created",), "Dispute lost: €300.00, fraudulent. The money stays with the customer."),
        ("dispute_prevented", ("dispute_created",), "Dispute prevented: €300.00, fraudulent. No money was taken."),
        (
            "dispute_funds_reinstated",
            ("dispute_won",),
            "Stripe put €300.00 back into your balance. The dispute's fee may stay.",
        ),
        (
            "dispute_inquiry",
            (),
            "The customer's bank asks about €300.00, product not received. No money was taken yet; an answer may avert "
            f"it. Respond by 2027-01-23.{_REP}",
        ),
        (
            "dispute_inquiry_answered",
            ("dispute_inquiry",),
            "Answer sent to the bank's question about €300.00, product not received. The bank reads it.",
        ),
        (
            "dispute_inquiry_closed",
            ("dispute_inquiry",),
            "The bank's question is closed: €300.00, product not received. No money was taken.",
        ),
    ],
)
def test_what_becomes_of_a_payment(name: str, before: tuple[str, ...], words: str) -> None:
    assert said(name, *before) == words


@pytest.mark.parametrize(
    ("name", "before", "words"),
    [
        ("invoice_paid", (), "Renewed: €49.90 for 2027-01-16 to 2027-02-15. Invoice ACME-0002."),
        ("invoice_payment_failed", (), f"Renewal failed: €49.90. Stripe tries again on 2027-01-19.{_REP}"),
        ("invoice_of_a_change", (), "Invoice paid: €49.90 for 2027-01-16 to 2027-02-15. Invoice ACME-0002."),
        (
            "invoice_payment_failed_again",
            ("invoice_payment_failed",),
            f"Renewal failed: €49.90, attempt 4. Stripe won't try again: ask the customer to pay the invoice.{_REP}",
        ),
        (
            "subscription_trial_will_end",
            (),
            "The free trial ends on 2027-01-19. The subscription is charged then, unless it is canceled before.",
        ),
        (
            "subscription_cancels",
            (),
            "The subscription cancels on 2027-02-15. Reason: cancellation requested, unused, Back in spring.",
        ),
        (
            "subscription_stays",
            ("subscription_cancels",),
            "The subscription is not canceled after all. Renews on 2027-02-15.",
        ),
        ("subscription_deleted", (), "The subscription is canceled. Reason: payment failed."),
    ],
)
def test_what_becomes_of_a_subscription(name: str, before: tuple[str, ...], words: str) -> None:
    assert said(name, *before, payment=MONTHLY) == words


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("refund_without_an_intent", "a refund without a payment intent"),
        ("refund_told_by_its_charge", "not an event we handle: charge.refunded"),
        ("dispute_without_an_intent", "a dispute without a payment intent"),
        ("invoice_of_the_checkout", "a subscription's first invoice: the checkout tells of it"),
        ("invoice_without_a_customer", "an invoice without a subscription"),
        ("subscription_started", "a subscription's start: the checkout tells of it"),
        ("subscription_renamed", "nothing of the subscription that a card shows"),
    ],
)
def test_what_is_nobodys_news(name: str, reason: str) -> None:
    assert facts(fixture(name)) == Ignored(reason)


def test_an_invoice_of_a_one_time_payment_names_it_and_says_nothing() -> None:
    assert facts(fixture("invoice_of_a_one_time_payment")) == AfterFact(After(), invoice="in_2", customer="cus_1")


@pytest.mark.parametrize(("name", "noun"), [("refund_created", "refund"), ("dispute_created", "dispute")])
def test_a_status_that_stripe_adds_one_day_breaks_nothing(name: str, noun: str) -> None:
    event = fixture(name)
    event["data"]["object"]["status"] = "blessed"
    assert facts(event) == Ignored(f"a {noun}'s status we don't know: blessed")


@pytest.mark.parametrize(
    ("name", "before", "payment"),
    [
        ("refund_created", ("refund_created",), ONCE),
        ("refund_created", ("refund_failed",), ONCE),
        ("refund_pending", ("refund_updated",), ONCE),
        ("dispute_created", ("dispute_won",), ONCE),
        ("dispute_funds_withdrawn", ("dispute_created", "dispute_funds_withdrawn"), ONCE),
        ("invoice_payment_failed", ("invoice_paid",), MONTHLY),
        ("subscription_cancels", ("subscription_deleted",), MONTHLY),
        ("subscription_trial_will_end", ("subscription_trial_will_end",), MONTHLY),
        ("subscription_past_due", (), MONTHLY),
    ],
)
def test_what_is_known_already_is_not_told_again(name: str, before: tuple[str, ...], payment: Payment) -> None:
    assert replies(name, *before, payment=payment) == []


def test_every_fixture_is_used_and_every_event_has_one() -> None:
    used = re.findall(r'"((?:refund|dispute|invoice|subscription)_[a-z_]+)"', FIXTURES.joinpath(__file__).read_text())
    assert {path.stem for path in FIXTURES.iterdir()} <= set(used)
    types = {fixture(path.stem)["type"] for path in FIXTURES.iterdir()}
    after = {kind for kind in HANDLED if kind.startswith(("refund", "charge", "invoice", "customer.subscription"))}
    assert after <= types


def test_two_refunds_are_added_up() -> None:
    first = known_after("refund_created")
    (refund,) = first.after.refunds
    earlier = first.model_copy(
        update={"after": first.after.model_copy(update={"refunds": (refund.model_copy(update={"id": "re_0"}),)})}
    )
    assert said("refund_created", payment=earlier) == "Refunded: €20.00 of €300.00. €40.00 in all."


def test_a_refund_of_a_later_invoice_says_so() -> None:
    other = MONTHLY.model_copy(update={"records": MONTHLY.records.model_copy(update={"invoice": None})})
    elsewhere = other.model_copy(update={"payment_intent": "pi_first"})
    expected = "Refunded: €20.00 of a later invoice. Reason: requested by customer."
    assert said("refund_created", payment=elsewhere) == expected


def test_a_refund_of_what_a_free_trial_led_to_gives_nothing_of_the_trial_back() -> None:
    trial = MONTHLY.model_copy(update={"amount_total": 0, "records": Records()})
    assert said("refund_created", payment=trial).startswith("Refunded: €20.00 of a later invoice.")
    sent = sendable(payment_message(card(known_after("refund_created", payment=trial)), "en_US"))
    assert sent["blocks"][0]["text"]["text"] == "✅ Paid: €0.00"
    assert "Refunded of later invoices: €20.00" in sent["text"]


def test_a_lost_dispute_costs_what_was_disputed() -> None:
    (dispute,) = known_after("dispute_lost").after.disputes
    lost = After(disputes=(dispute.model_copy(update={"amount": 2000}),))
    sent = sendable(payment_message(card(merge(ONCE, (), lost)), "en_US"))
    assert sent["blocks"][0]["text"]["text"] == "❌ Dispute lost: €20.00"


@pytest.mark.parametrize(
    ("payment", "names"),
    [
        (ONCE, ("refund_created",)),
        (ONCE, ("refund_in_full",)),
        (ONCE, ("dispute_created",)),
        (ONCE, ("dispute_created", "dispute_lost")),
        (ONCE, ("refund_pending",)),
        (ONCE, ("refund_created", "refund_failed")),
        (MONTHLY, ("subscription_cancels",)),
        (MONTHLY, ("subscription_trial_will_end",)),
        (MONTHLY, ("invoice_paid", "subscription_stays")),
        (MONTHLY, ("invoice_payment_failed", "subscription_past_due")),
        (MONTHLY, ("subscription_deleted",)),
    ],
)
def test_the_payment_s_own_message_says_how_it_stands(
    payment: Payment, names: tuple[str, ...], snapshot: SnapshotAssertion
) -> None:
    sent = sendable(payment_message(card(known_after(*names, payment=payment)), "en_US"))
    assert (sent["blocks"][0]["text"]["text"], read(sent["text"])) == snapshot


def test_a_subscription_that_cancels_while_it_is_overdue_says_both() -> None:
    (news,) = [one for one in told("subscription_cancels", payment=MONTHLY)[1] if isinstance(one, CancellationNews)]
    overdue = news.subscription.model_copy(update={"status": "past_due"})
    assert read(mrkdwn(*subscription_words(overdue))) == "a payment is overdue; cancels on 2027-02-15"


@pytest.mark.parametrize("name", ["refund_created", "dispute_created", "invoice_paid"])
def test_a_reply_as_it_is_drawn(name: str, snapshot: SnapshotAssertion) -> None:
    (reply,) = replies(name, payment=MONTHLY if name == "invoice_paid" else ONCE)
    assert reply == snapshot


def test_a_reply_in_live_mode_elsewhere() -> None:
    now, (piece,) = told("dispute_created")
    reply = ReplyCard(piece, card(now, livemode=True, hint_channel="C0DEALS"), broadcast=False)
    sent = sendable(reply_message(reply, "de_DE"))
    assert "TEST MODE" not in str(sent)
    assert "Meant for <#C0DEALS>" in sent["text"]
    assert "300,00 €" in sent["text"]
    assert mentions(sent["text"], sent["blocks"]) == ["U0ADA"]
