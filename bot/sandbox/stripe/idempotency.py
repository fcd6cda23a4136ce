"""Idempotency keys (docs.stripe.com/api/idempotent_requests), for one account."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.forms import Raw

LIFETIME_S = 24 * 3600
MAX_KEYS = 100_000


@dataclass(frozen=True)
class Stored:
    """The first answer to a key."""

    fingerprint: tuple[str, str, str]
    request_id: str
    status: int
    body: str
    at: float


class IdempotencyKeys:
    """First answers, kept for a day; and the keys whose first request is still being worked on."""

    def __init__(self) -> None:
        self._stored: OrderedDict[str, Stored] = OrderedDict()
        self._in_use: set[str] = set()

    def begin(self, key: str, now: float) -> None:
        """Take the key for one request; StripeError 409 when another request holds it."""
        if len(key) > 255:
            raise StripeError("Idempotency keys can be at most 255 characters.", kind="idempotency_error")
        if key in self._in_use:
            message = (
                "There is currently another in-progress request using this Idempotent Key (that probably means you "
                f"submitted twice, and the other request is still going through): {key}. Please try again later."
            )
            raise StripeError(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")
        self._in_use.add(key)
        self._forget(now)

    def end(self, key: str) -> None:
        """Give the key back."""
        self._in_use.discard(key)

    def replay(self, key: str, fingerprint: tuple[str, str, str]) -> Stored | None:
        """The first answer, if there is one; StripeError 400 when it was to a different request."""
        stored = self._stored.get(key)
        if stored is not None and stored.fingerprint != fingerprint:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request."
            )
            raise StripeError(message, kind="idempotency_error")
        return stored

    def store(self, key: str, answer: Stored) -> None:
        """Keep the first answer."""
        self._stored[key] = answer

    def _forget(self, now: float) -> None:
        while self._stored:
            oldest = next(iter(self._stored.values()))
            if len(self._stored) <= MAX_KEYS and now - oldest.at < LIFETIME_S:
                return
            self._stored.popitem(last=False)


def fingerprint(method: str, path: str, params: Mapping[str, Raw]) -> tuple[str, str, str]:
    """What makes two requests the same."""
    return method, path, repr(_sorted(params))


def _sorted(raw: Raw | Mapping[str, Raw]) -> object:
    if isinstance(raw, str):
        return raw
    return [(key, _sorted(raw[key])) for key in sorted(raw)]
