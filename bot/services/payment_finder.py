"""Which payment an event is about, when the event names only what came of it."""

from bot.gateways.stripe import StripeGateway
from bot.payments.after_objects import subscription_id_of
from bot.payments.events import AfterFact
from bot.payments.sessions import Ignored, SessionFact, session_fact
from storage import payments
from storage.database import Database
from storage.models import Payment as PaymentRow

_NOT_OURS = Ignored("not a payment through a link")


class PaymentFinder:
    """Looks at what is held first and asks Stripe next. Raises GatewayError when Stripe fails."""

    def __init__(self, db: Database, stripe: StripeGateway, team_id: str) -> None:
        self._db = db
        self._stripe = stripe
        self._team_id = team_id

    async def find(self, fact: AfterFact) -> PaymentRow | SessionFact | Ignored:
        """The payment as it is held, or as Stripe has it, or why there is none."""
        if fact.payment_intent is not None:
            return await self._by_intent(fact.payment_intent)
        if fact.invoice is not None and fact.customer is not None:
            found = await self._stripe.session_of_invoice(fact.invoice, fact.customer)
            return session_fact(found) if found is not None else _NOT_OURS
        return await self._by_subscription(fact.subscription)

    async def _by_intent(self, intent: str) -> PaymentRow | SessionFact | Ignored:
        async with self._db.read() as session:
            held = await payments.named(session, self._team_id, payment_intent=intent)
        if held is not None:
            return held
        found = await self._stripe.session_of_intent(intent)
        if found is not None:
            return session_fact(found)
        invoice = await self._stripe.invoice_paid_by(intent)
        return await self._by_subscription(subscription_id_of(invoice) if invoice else None)

    async def _by_subscription(self, subscription: str | None) -> PaymentRow | SessionFact | Ignored:
        if subscription is None:
            return _NOT_OURS
        async with self._db.read() as session:
            held = await payments.named(session, self._team_id, subscription=subscription)
        if held is not None:
            return held
        found = await self._stripe.session_of_subscription(subscription)
        return session_fact(found) if found is not None else _NOT_OURS
