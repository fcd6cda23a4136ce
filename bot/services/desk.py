"""What every part of the link service works with."""

from collections.abc import Callable

from bot.gateways.stripe import StripeGateway
from storage.database import Database


class Desk:
    """The workspace, its database, its Stripe, a clock (seconds since the epoch), and how to wake the card workers."""

    def __init__(
        self,
        db: Database,
        stripe: StripeGateway,
        team_id: str,
        clock: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id
        self._clock = clock
        self._wake = wake
