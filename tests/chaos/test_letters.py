"""What `paylink inbox` lists is read as it is printed, and judged."""

from tests.chaos.letters import Letter, misjudged, read

PRINTED = """\
event evt_1: payment_link.updated
  given up 2026-11-28 12:00 UTC after 1 attempt: This event isn't shaped as Stripe documents it.
card 00ff: payment cs_1 in C1
  given up 2026-11-28 12:00 UTC after 12 attempts: Slack refused: msg_too_long.
"""
MALFORMED = Letter("evt_1", "", 1, "This event isn't shaped as Stripe documents it.")
REFUSED = Letter("payment cs_1", "C1", 12, "Slack refused: msg_too_long.")
POISON = {"evt_1": 1, "payment cs_1": 12}


def test_the_list_is_read() -> None:
    assert list(read(PRINTED)) == [MALFORMED, REFUSED]
    assert list(read("Nothing was given up on.\n")) == []


def test_poison_and_what_is_in_closed_channels_is_rightly_listed() -> None:
    closed = Letter("link plink_1", "C2", 1, "Slack refused: is_archived.")
    assert list(misjudged([MALFORMED, REFUSED, closed], POISON, {"C2"})) == []


def test_poison_that_is_not_listed_or_was_given_up_early_is_found() -> None:
    assert list(misjudged([REFUSED._replace(attempts=11)], POISON, set())) == [
        "evt_1 always fails, and `paylink inbox` doesn't list it",
        "payment cs_1 was given up after 11 attempts, not 12: Slack refused: msg_too_long.",
    ]


def test_what_is_listed_and_is_no_poison_is_found() -> None:
    assert list(misjudged([MALFORMED, REFUSED], {"evt_1": 1}, set())) == [
        "`paylink inbox` lists payment cs_1, which is no poison: Slack refused: msg_too_long.",
    ]
