"""One tree of errors. `str(error)` is a sentence a person can act on and is safe to show: no secrets, no internals."""

from collections.abc import Sequence
from dataclasses import dataclass


class PaylinkError(Exception):
    """The root. Its text is shown to people as it is."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where.

    `where` is a dotted path into what was being filled in: `name`, `line_items.<row>.unit_amount`,
    `options.after_completion.after_completion.redirect.url`; empty when it is about the whole.
    """

    where: str
    message: str


class Invalid(PaylinkError):
    """Input that can't be accepted; carries every problem found, each at its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(problem.message for problem in self.problems))


class Malformed(PaylinkError):
    """What came in isn't shaped as its sender says it is; it will not be any better the next time."""


class Unreadable(PaylinkError):
    """A request doesn't say what its handler needs: mostly it comes from a window or a message that an earlier version
    of Paylink has drawn."""

    def __init__(self) -> None:
        super().__init__("Paylink can't read this any more. Please close the window and start again.")


class NotFound(PaylinkError):
    """There is no such thing in this workspace."""


class NotAllowed(PaylinkError):
    """This person may not do this."""


class Conflict(PaylinkError):
    """Somebody else changed it first."""


class GatewayError(PaylinkError):
    """An outside API did not do what it was asked."""


class StripeRefused(GatewayError):
    """Stripe understood the request and said no; asking again unchanged won't help.

    `param` is Stripe's parameter path (`line_items[0][price]`), `code` Stripe's error code.
    """

    def __init__(self, message: str, *, code: str | None = None, param: str | None = None) -> None:
        self.code = code
        self.param = param
        super().__init__(message)


class StripeKeyRefused(StripeRefused):
    """Stripe doesn't accept our API key, or not for this: whatever was asked is not to blame, and once somebody has
    mended the key, asking again will help."""


class StripeUnavailable(GatewayError):
    """No usable answer from Stripe (429, 5xx, time-out, lost connection): the outcome may be unknown; the same
    idempotency key makes it safe to ask again."""


class SlackRefused(GatewayError):
    """Slack answered with an error; `code` is Slack's (`channel_not_found`, `invalid_blocks`, …)."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        super().__init__(message or f"Slack refused: {code}.")


class SlackRateLimited(GatewayError):
    """Slack asked to wait; nothing was done. `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__("Slack asked us to slow down.")


class SlackUnavailable(GatewayError):
    """Slack certainly did not do it (the connection could not be made, or Slack itself said so)."""


class SlackUncertain(GatewayError):
    """The request left and no answer came: Slack may or may not have done it."""
