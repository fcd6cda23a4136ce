"""Shipping rates: found in our mirror, and made in Stripe."""

from collections.abc import Callable
from hashlib import sha256

import structlog

from bot.errors import GatewayError
from bot.gateways.stripe import StripeGateway
from bot.links.options.facts import RateFact
from bot.links.shipping import ShippingRate, rate_fact
from bot.services.actors import Actor, require_editor
from bot.services.objects import ObjectMirror
from storage import stripe_objects
from storage.database import Database

_SHOWN = 100
log = structlog.get_logger()


class ShippingService:
    """The shipping rates of one workspace's Stripe account."""

    def __init__(
        self, db: Database, stripe: StripeGateway, mirror: ObjectMirror, team_id: str, clock: Callable[[], float]
    ) -> None:
        self._db = db
        self._stripe = stripe
        self._mirror = mirror
        self._team_id = team_id
        self._clock = clock

    async def find(self, actor: Actor, text: str, currency: str | None) -> list[tuple[str, RateFact]]:
        """Rates in use that hold every word of `text` and can be charged in this currency, newest first, by id."""
        async with self._db.read() as session:
            rows = await stripe_objects.page(session, self._team_id, "shipping_rate", text, active=True, limit=_SHOWN)
        facts = [(row.id, rate_fact(row.data)) for row in rows]
        return [(id, fact) for id, fact in facts if currency is None or currency in fact.currencies]

    async def create(self, actor: Actor, rate: ShippingRate, place: str) -> str:
        """Makes the rate and answers its id. The same rate from the same `place` is made once, however often this is
        asked. Raises StripeRefused and StripeUnavailable."""
        require_editor(actor)
        key = sha256(f"shipping_rate:{self._team_id}:{place}:{rate.model_dump_json()}".encode()).hexdigest()
        at = self._clock()
        made = await self._stripe.create_shipping_rate(rate.to_stripe(), key)
        async with self._db.begin() as session:
            await self._mirror.put(session, "shipping_rate", [made], at)
        return str(made["id"])

    async def refresh(self) -> None:
        """Reads all rates anew: Stripe tells of no changes to them. Without Stripe, what we have must do."""
        try:
            async for _ in self._mirror.refresh("shipping_rate"):
                pass
        except GatewayError as error:
            log.warning("shipping_rates_not_read", reason=str(error))
