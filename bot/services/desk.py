"""What every part of the link service works with."""

from collections.abc import Callable
from typing import Protocol

from bot.gateways.stripe import StripeGateway
from storage.database import Database


class Tell(Protocol):
    """Says a sentence to a person, by their user id, wherever they are; with a draft, how to go on with that. Raises
    GatewayError when that doesn't work."""

    async def __call__(self, user_id: str, text: str, draft_id: str | None = None) -> None: ...


class Desk:
    """The workspace, its database, its Stripe, a clock (seconds since the epoch), how to wake the card workers, and how
    to reach somebody who isn't waiting for an answer any more."""

    def __init__(
        self,
        db: Database,
        stripe: StripeGateway,
        team_id: str,
        clock: Callable[[], float],
        wake: Callable[[], None],
        tell: Tell,
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id
        self._clock = clock
        self._wake = wake
        self._tell = tell
