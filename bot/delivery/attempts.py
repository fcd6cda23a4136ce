"""When something that failed is tried again."""

import random
import traceback
from dataclasses import dataclass
from pathlib import PurePath

from bot.errors import (
    Malformed,
    PaylinkError,
    SlackRateLimited,
    SlackUnavailable,
    SlackUncertain,
    StripeKeyRefused,
    StripeUnavailable,
)
from storage.failures import is_outage

MOST_ATTEMPTS = 12
LONGEST_DELAY = 3600.0
OUTAGE_DELAYS = (2.0, 10.0)
"""The least and the most, in seconds, as in what follows."""

UNANSWERED_DELAYS = (10.0, 20.0)
"""After a request that nobody answered, which may be at work yet: who looks too soon doesn't find its message, and
posts it a second time; who changes it too soon is overwritten."""

KEY_DELAYS = (30.0, 60.0)
"""It takes a person to mend a key, and each of those that wait asks Stripe in vain."""

SHORTEST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

_UNCOUNTED = (
    ((StripeUnavailable, SlackUnavailable), OUTAGE_DELAYS),
    ((SlackUncertain, TimeoutError), UNANSWERED_DELAYS),
    ((StripeKeyRefused,), KEY_DELAYS),
)


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a row after a failure: the attempts it has had, and in how many seconds the next one is due."""

    attempts: int
    delay: float
    dead: bool
    reason: str


def after_failure(error: Exception, attempts: int, *, patient: bool = True) -> Next:
    """`attempts` is how many failed before this one; unless `patient`, being asked to wait is a failure, too.

    An outage, also of the database, is not the row's fault: it is not counted, and what waits is tried again within
    seconds of its end. Nor is a key that Stripe doesn't accept: what waits is tried again within a minute. What is
    malformed stays so, and is given up at once. Everything else backs off exponentially with full jitter, and is given
    up after the 12th attempt.
    The reason is fit to be shown: a sentence of our own, or only the kind of an unexpected error, whose text might
    hold anything.
    """
    at_least = error.retry_after if isinstance(error, SlackRateLimited) else 0.0
    if isinstance(error, SlackRateLimited) and patient:
        return Next(attempts, at_least, False, reason_of(error))
    if (delays := _uncounted(error)) is not None:
        return Next(attempts, random.uniform(*delays), False, reason_of(error))  # noqa: S311
    made = attempts + 1
    delay = max(at_least, random.uniform(0.0, min(LONGEST_DELAY, 2.0**made)))  # noqa: S311
    return Next(made, delay, made >= MOST_ATTEMPTS or isinstance(error, Malformed), reason_of(error))


def _uncounted(error: Exception) -> tuple[float, float] | None:
    """The least and the most delay after a failure that isn't counted; None for one that is."""
    for kinds, delays in _UNCOUNTED:
        if isinstance(error, kinds):
            return delays
    return OUTAGE_DELAYS if is_outage(error) else None


def pause_after(failures: int) -> float:
    """Seconds until something that has to go on for ever is tried again, after so many failures in a row."""
    # Two to the power of a thousand is no float any more, and an outage may last for thousands of failures.
    longest = min(LONGEST_PAUSE, 0.2 * 2 ** min(failures, 10))
    return random.uniform(SHORTEST_PAUSE, longest)  # noqa: S311


def origin_of(error: BaseException) -> dict[str, str]:
    """For the log: the kind of an error and where it came from, without its text, which may hold customers' data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "origin": where}


def reason_of(error: Exception) -> str:
    """Why, in words that may be shown and logged."""
    return str(error) if isinstance(error, PaylinkError) else f"Unexpected error: {type(error).__name__}."
