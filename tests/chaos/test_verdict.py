"""The verdict on a run finds what is wrong: it is shown a channel in which one thing is."""

from collections.abc import Callable
from typing import Literal

import pytest

from bot.money import Money
from bot.sandbox.slack.engine import Call
from tests.chaos import verdict
from tests.chaos.ledger import Bought, Ledger
from tests.chaos.seen import Said, Seen, Sum

HERE, ELSEWHERE, ADMIN, PERSON = "C1", "C2", "D1", "D2"
LINK = {"id": "plink_1", "url": "https://pay.example/1"}
PAID, CARD = "Paid: €3.00.", "Paid: €6.00 in 2 payments."


def bought() -> Ledger:
    """Two payments of three euros through one link."""
    ledger = Ledger(links={LINK["id"]: LINK}, channels={LINK["id"]: HERE})
    for number in range(2):
        ledger.bought.append(Bought(number, f"cs_{number}", LINK["id"], HERE, Money(300, "eur"), "Paid"))
    return ledger


def right() -> Seen:
    """How it should look."""
    seen = Seen(direct={ADMIN, PERSON}, admins={ADMIN})
    for number in range(2):
        seen.payments[number] = [Said(HERE, PAID)]
    seen.cards[LINK["url"]] = [Said(HERE, CARD)]
    return seen


def doubled(seen: Seen) -> None:
    seen.payments[1] *= 2


def missing(seen: Seen) -> None:
    seen.payments[1] = []


def wrong_state(seen: Seen) -> None:
    seen.payments[1] = [Said(HERE, "Payment processing: €3.00.")]


def wrong_amount(seen: Seen) -> None:
    seen.payments[1] = [Said(HERE, "Paid: €30.00.")]


def elsewhere(seen: Seen) -> None:
    seen.payments[1] = [Said(ELSEWHERE, PAID)]


def with_a_person(seen: Seen) -> None:
    seen.payments[1] = [Said(PERSON, PAID)]


def in_a_digest_too(seen: Seen) -> None:
    seen.digests[HERE] = [Sum(1, 300)]


def no_card(seen: Seen) -> None:
    seen.cards.clear()


def two_cards(seen: Seen) -> None:
    seen.cards[LINK["url"]] *= 2


def card_behind(seen: Seen) -> None:
    seen.cards[LINK["url"]] = [Said(HERE, "Paid: €3.00 in 1 payment.")]


def card_elsewhere(seen: Seen) -> None:
    seen.cards[LINK["url"]] = [Said(ELSEWHERE, CARD)]


def told_for_nothing(seen: Seen) -> None:
    seen.back = [Said(ADMIN, "Paylink can post again.")]


WRONG: dict[Callable[[Seen], None], str] = {
    doubled: "payment 1 has 2 messages",
    missing: "payment 1 has no message",
    wrong_state: "payment 1 says 'Payment processing: €3.00.' instead of 'Paid: €3.00.'",
    wrong_amount: "payment 1 says 'Paid: €30.00.' instead of 'Paid: €3.00.'",
    elsewhere: "payment 1 stands in C2 instead of C1",
    with_a_person: "payment 1 stands in D2 instead of C1",
    in_a_digest_too: "the digests in C1 say",
    no_card: "link plink_1 has 0 cards",
    two_cards: "link plink_1 has 2 cards",
    card_behind: "link plink_1 says 'Paid: €3.00 in 1 payment.' instead of 'Paid: €6.00 in 2 payments.'",
    card_elsewhere: "link plink_1 has a card in C2 instead of C1",
    told_for_nothing: "people were told 1 times that Slack lets the app in again, not 0 times",
}


def test_nothing_is_found_when_all_is_right() -> None:
    assert verdict.of_messages(right(), bought()) == []


@pytest.mark.parametrize("spoil", WRONG, ids=lambda spoil: spoil.__name__)
def test_what_is_wrong_is_found(spoil: Callable[[Seen], None]) -> None:
    seen = right()
    spoil(seen)
    found = verdict.of_messages(seen, bought())
    assert found
    assert found[0].startswith(WRONG[spoil])


def test_what_a_digest_shows_needs_no_message_of_its_own() -> None:
    seen = right()
    missing(seen)
    in_a_digest_too(seen)
    assert verdict.of_messages(seen, bought()) == []


def test_a_digest_that_leaves_out_a_payment_is_found() -> None:
    seen = right()
    seen.payments.clear()
    in_a_digest_too(seen)
    assert [problem.partition(" say ")[0] for problem in verdict.of_messages(seen, bought())] == ["the digests in C1"]


@pytest.mark.parametrize(("poison", "card"), [("refused", CARD), ("unknown", "Paid: €3.00 in 1 payment.")])
def test_nothing_may_be_said_of_poison(poison: Literal["refused", "unknown"], card: str) -> None:
    seen, ledger = right(), bought()
    ledger.bought[1].poison = poison
    seen.cards[LINK["url"]] = [Said(HERE, card)]
    assert verdict.of_messages(seen, ledger) == [f"payment 1 has a message, though it is {poison}"]
    missing(seen)
    assert verdict.of_messages(seen, ledger) == []
    seen.payments[0] = []
    assert verdict.of_messages(seen, ledger)[0] == "payment 0 has no message"


@pytest.mark.parametrize(("closed", "away"), [({HERE}, set()), (set(), {HERE})], ids=["closed", "away"])
def test_what_belongs_where_the_app_could_not_speak_may_stand_with_a_person(closed: set[str], away: set[str]) -> None:
    seen = right()
    with_a_person(seen)
    assert verdict.of_messages(seen, bought(), closed, away) == []
    elsewhere(seen)
    assert verdict.of_messages(seen, bought(), closed, away) == ["payment 1 stands in C2 instead of C1"]


def test_an_admin_is_told_that_the_app_can_post_again() -> None:
    seen = right()
    told_for_nothing(seen)
    assert verdict.of_messages(seen, bought(), revoked=1) == []
    seen.back = [Said(PERSON, "Paylink can post again.")]
    (found,) = verdict.of_messages(seen, bought(), revoked=1)
    assert found.startswith("in D2, which isn't a conversation with an admin")


def test_posts_in_one_channel_that_are_less_than_a_second_apart_are_found() -> None:
    moments = ((HERE, 1.0), (ELSEWHERE, 1.1), (HERE, 2.0), (HERE, 2.5))
    calls = [Call("chat.postMessage", {"channel": channel}, "T1", None, at) for channel, at in moments]
    assert verdict.too_fast(calls) == ["two posts in C1 were 0.500 s apart, the second at 2.500"]
    assert verdict.fastest(calls) == 0.5


def test_a_post_that_slack_was_at_work_on_for_long_came_when_it_came() -> None:
    late = Call("chat.postMessage", {"channel": HERE}, "T1", None, 12.0, held=12.0)
    assert verdict.fastest([Call("chat.postMessage", {"channel": HERE}, "T1", None, 11.5), late]) == 11.5
