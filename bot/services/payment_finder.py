"""Which payment an event is about, when the event names only what came of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.gateways.stripe import StripeGateway
from bot.payments.after_objects import subscription_id_of
from bot.payments.events import AfterFact
from bot.payments.sessions import Ignored, SessionFact, session_fact
from bot.services.together import Together
from storage import links, payments
from storage.database import Database
from storage.models import Link
from storage.payments import By

_NOT_OURS = Ignored("not a payment through a link")

_Name = tuple[By, str]


class Found(NamedTuple):
    """A payment that is held; its link, if that is held too."""

    payment_id: str
    link_id: str
    link: Link | None


class PaymentFinder:
    """Looks at what is held first and asks Stripe next."""

    def __init__(self, db: Database, stripe: StripeGateway, team_id: str) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id
        self._named = Together(self._read_named)

    async def held(self, fact: AfterFact) -> Found | None:
        """The payment as it is held, or None: Stripe may know it."""
        if fact.payment_intent is not None:
            return await self._named.get(("payment_intent", fact.payment_intent))
        if fact.subscription is not None:
            return await self._named.get(("subscription", fact.subscription))
        return None

    async def find(self, fact: AfterFact) -> Found | SessionFact | Ignored:
        """The payment as it is held, or as Stripe has it, or why there is none. Raises GatewayError when Stripe
        fails."""
        held = await self.held(fact)
        if held is not None:
            return held
        if fact.payment_intent is not None:
            return await self._of_intent(fact.payment_intent)
        if fact.invoice is not None and fact.customer is not None:
            found = await self._stripe.session_of_invoice(fact.invoice, fact.customer)
            return session_fact(found) if found is not None else _NOT_OURS
        return await self._of_subscription(fact.subscription)

    async def _of_intent(self, intent: str) -> Found | SessionFact | Ignored:
        found = await self._stripe.session_of_intent(intent)
        if found is not None:
            return session_fact(found)
        invoice = await self._stripe.invoice_paid_by(intent)
        subscription = subscription_id_of(invoice) if invoice else None
        held = await self._named.get(("subscription", subscription)) if subscription is not None else None
        return held or await self._of_subscription(subscription)

    async def _of_subscription(self, subscription: str | None) -> SessionFact | Ignored:
        found = await self._stripe.session_of_subscription(subscription) if subscription is not None else None
        return session_fact(found) if found is not None else _NOT_OURS

    async def _read_named(self, asked: Sequence[_Name]) -> Mapping[_Name, Found]:
        found: dict[_Name, payments.Named] = {}
        async with self._db.read() as session:
            for by in sorted({by for by, _ in asked}):
                names = [name for one, name in asked if one == by]
                known = await payments.named(session, self._team_id, by, names)
                found |= {(by, name): payment for name, payment in known.items()}
            sold = await links.several(session, self._team_id, {payment.link_id for payment in found.values()})
        return {name: Found(*payment, sold.get(payment.link_id)) for name, payment in found.items()}
