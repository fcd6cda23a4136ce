"""When what failed is tried again: outages soon and always, everything else ever later and not for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.attempts import (
    KEY_DELAYS,
    LONGEST_DELAY,
    LONGEST_PAUSE,
    MOST_ATTEMPTS,
    OUTAGE_DELAYS,
    SHORTEST_PAUSE,
    UNANSWERED_DELAYS,
    after_failure,
    origin_of,
    pause_after,
    reason_of,
)
from bot.errors import (
    Malformed,
    NotFound,
    SlackRateLimited,
    SlackRefused,
    SlackUnavailable,
    SlackUncertain,
    StripeKeyRefused,
    StripeUnavailable,
)


@given(attempts=st.integers(0, MOST_ATTEMPTS - 2))
def test_a_failure_backs_off_exponentially(attempts: int) -> None:
    then = after_failure(SlackRefused("fatal"), attempts)
    assert (then.attempts, then.dead) == (attempts + 1, False)
    assert 0 <= then.delay <= min(LONGEST_DELAY, 2 ** (attempts + 1))


def test_the_twelfth_failure_is_the_last() -> None:
    assert after_failure(ValueError(), 11).dead
    assert after_failure(ValueError(), 11).attempts == MOST_ATTEMPTS == 12


def test_what_is_malformed_is_not_tried_again() -> None:
    assert after_failure(Malformed("x"), 0).dead


@pytest.mark.parametrize("error", [StripeUnavailable("x"), SlackUnavailable("x"), ConnectionRefusedError()])
@pytest.mark.parametrize("attempts", [0, 11, 12])
def test_an_outage_is_not_counted(error: Exception, attempts: int) -> None:
    then = after_failure(error, attempts)
    assert (then.attempts, then.dead) == (attempts, False)
    assert OUTAGE_DELAYS[0] <= then.delay <= OUTAGE_DELAYS[1]


@pytest.mark.parametrize("error", [SlackUncertain("x"), TimeoutError()])
@pytest.mark.parametrize("attempts", [0, 11, 12])
def test_what_nobody_answered_has_time_to_happen(error: Exception, attempts: int) -> None:
    then = after_failure(error, attempts)
    assert (then.attempts, then.dead) == (attempts, False)
    assert UNANSWERED_DELAYS[0] <= then.delay <= UNANSWERED_DELAYS[1]


@pytest.mark.parametrize("attempts", [0, 11, 12])
def test_trouble_with_the_key_is_not_counted_either_and_asked_about_less_often(attempts: int) -> None:
    then = after_failure(StripeKeyRefused("x", code="invalid_api_key"), attempts)
    assert (then.attempts, then.dead) == (attempts, False)
    assert KEY_DELAYS[0] <= then.delay <= KEY_DELAYS[1]


@given(seconds=st.floats(0, 10_000))
def test_slack_says_how_long_to_wait(seconds: float) -> None:
    then = after_failure(SlackRateLimited(seconds), 11)
    assert (then.attempts, then.delay, then.dead) == (11, seconds, False)


@given(seconds=st.floats(0, 10_000), attempts=st.integers(0, MOST_ATTEMPTS - 1))
def test_who_has_no_patience_left_waits_as_long_and_counts_it(seconds: float, attempts: int) -> None:
    then = after_failure(SlackRateLimited(seconds), attempts, patient=False)
    assert (then.attempts, then.dead) == (attempts + 1, attempts + 1 == MOST_ATTEMPTS)
    assert seconds <= then.delay <= max(seconds, LONGEST_DELAY)


@given(failures=st.integers(0, 10**9))
def test_what_goes_on_for_ever_is_never_given_up(failures: int) -> None:
    assert SHORTEST_PAUSE <= pause_after(failures) <= LONGEST_PAUSE


def test_only_our_own_words_are_shown() -> None:
    assert reason_of(NotFound("No such link here.")) == "No such link here."
    assert reason_of(KeyError("ada@example.com")) == "Unexpected error: KeyError."


def test_the_log_says_where_but_not_what() -> None:
    try:
        raise KeyError("ada@example.com")
    except KeyError as error:
        found = origin_of(error)
    assert found["error"] == "KeyError"
    assert found["origin"].startswith("test_attempts.py:")
    assert origin_of(KeyError("x")) == {"error": "KeyError", "origin": ""}
