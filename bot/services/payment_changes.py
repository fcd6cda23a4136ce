"""What an event adds to a payment, and what that makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.payments.after import After
from bot.payments.payment import Payment, merge
from bot.services.mirror import DOUBT_SECONDS
from storage.held_payments import Held
from storage.models import Link

RETRIED_SECONDS = 3 * 86_400.0
"""So long Stripe sends an event again that wasn't taken ("Receive Stripe events in your webhook endpoint", retries)."""


@dataclass(frozen=True, slots=True)
class Live:
    """A link as Stripe answered it, and the moment it was asked."""

    link: Mapping[str, Any]
    at: float


class Foreseen(NamedTuple):
    """What was known of a payment while its event was prepared, at which version (0: nothing was), and what the event
    makes of it as long as that is all there is."""

    version: int
    known: Payment | None
    merged: Payment


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be added to a payment. `told_at` is the moment of the event that told of it, in seconds; None: it was
    found in Stripe's list. `is_checkout`: the event was about the checkout itself, not about what came after it."""

    payment_id: str
    source: Link | Live
    snapshots: tuple[Payment, ...]
    after: After
    told_at: float | None
    is_checkout: bool
    foreseen: Foreseen | None = None

    def merged(self, held: Held | None) -> tuple[Payment | None, Payment]:
        """What is known of the payment, and what is with this; worked out anew only if it has changed meanwhile."""
        if self.foreseen is not None and self.foreseen.version == version(held):
            return self.foreseen.known, self.foreseen.merged
        known = known_by(held)
        return known, merge(known, self.snapshots, self.after)

    def is_news(self, payment: Payment, held: Held | None) -> bool:
        """Whether it tells of a payment nobody was told of, should it have no card.

        Of an old payment that was found in Stripe's list, only what becomes of it later is news; one found while its
        event may have been on the way is as new as its event.
        """
        if held is None or held.status != payment.status:
            return True
        if not self.is_checkout or self.told_at is None:
            return False
        return self.told_at + RETRIED_SECONDS + DOUBT_SECONDS >= held.updated_at


def version(held: Held | None) -> int:
    """Grows with each change of a payment; 0 while there is none."""
    return held.version if held else 0


def known_by(held: Held | None) -> Payment | None:
    """The payment that a row holds."""
    return Payment.model_validate_json(held.data) if held else None


def counted(payment: Payment) -> tuple[object, ...]:
    """What a link's card shows of a payment."""
    return payment.status, payment.amount_total, payment.currency, payment.given_back
