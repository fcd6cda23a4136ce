"""What customers, banks and the merchant do, for a test or a person to press."""

from typing import Any

from bot.sandbox.stripe.billing import renewals, subscriptions
from bot.sandbox.stripe.checkout.bills import invoice_payment
from bot.sandbox.stripe.checkout.shop import Shop
from bot.sandbox.stripe.customer import Purchase, buy, link_parts
from bot.sandbox.stripe.payments import disputes, refunds
from bot.sandbox.stripe.payments.find import charge_of
from bot.sandbox.stripe.state import Context, World
from bot.sandbox.stripe.tables import JSON


class Driver:
    """Deeds in a world, whose objects go by their ids. Each emits the events that Stripe emits.

    A payment goes by the id of its session, payment intent, invoice or charge. An id that isn't there is a KeyError,
    and what Stripe would refuse is a StripeError.
    """

    world: World
    shop: Shop

    def visit(self, link_url: str) -> JSON:
        """Open a payment link as a browser does; the new session, or LinkInactive."""
        slug, query = link_parts(link_url)
        return self.shop.visit(slug, query)

    async def pay(
        self, link_url: str, *, email: str = "jenny.rosen@example.com", name: str = "Jenny Rosen", **answers: Any
    ) -> JSON:
        """Open a payment link and pay; the completed session.

        `answers` are the fields of `Purchase` (`method`, `card`, `quantities`, `promotion_code`, `amount`, …).
        Raises Declined when the card is declined, LinkInactive when the link takes no payments, and PaymentRefused
        for anything else the page would show as an error.
        """
        return buy(self.shop, link_url, Purchase(email=email, name=name, **answers))

    async def settle(self, session_id: str) -> JSON:
        """Let the bank debit of a session succeed; PaymentRefused when it isn't waiting for one."""
        return self.shop.settle(self._at(session_id).account, session_id)

    async def fail(self, session_id: str) -> JSON:
        """Let the bank debit of a session fail; PaymentRefused when it isn't waiting for one."""
        return self.shop.fail(self._at(session_id).account, session_id)

    async def expire(self, session_id: str) -> JSON:
        """Expire an open session."""
        return self.shop.expire(self._at(session_id).account, session_id)

    async def invoice(self, session_id: str) -> JSON:
        """The invoice of a one-time payment, after the checkout was told of: the account's `late_invoices` is on."""
        ctx = self._at(session_id)
        session = ctx.find("checkout.session", session_id)
        intent = ctx.table("payment_intent")[session["payment_intent"]]
        invoice_payment(ctx, session, ctx.table("payment_link")[session["payment_link"]], intent)
        return ctx.find("invoice", session["invoice"])

    async def refund(
        self, payment_id: str, amount: int | None = None, *, pending: bool | None = None, reason: str | None = None
    ) -> JSON:
        """Give back a payment, or `amount` minor units of it; the refund.

        A card's refund succeeds at once, a bank account's is pending; `pending` says otherwise.
        """
        ctx = self._at(payment_id)
        return refunds.refund(ctx, charge_of(ctx, payment_id), amount, pending=pending, reason=reason)

    async def settle_refund(self, refund_id: str) -> JSON:
        """A pending refund arrives."""
        ctx = self._at(refund_id)
        return refunds.settle_refund(ctx, ctx.find("refund", refund_id))

    async def fail_refund(self, refund_id: str) -> JSON:
        """A refund fails, pending or after it seemed to succeed."""
        ctx = self._at(refund_id)
        return refunds.fail_refund(ctx, ctx.find("refund", refund_id))

    async def dispute(
        self, payment_id: str, amount: int | None = None, *, reason: str = "fraudulent", inquiry: bool = False
    ) -> JSON:
        """A customer's bank takes back a payment, or `amount` minor units of it; the dispute. An inquiry only asks."""
        ctx = self._at(payment_id)
        return disputes.dispute(ctx, charge_of(ctx, payment_id), amount, reason=reason, inquiry=inquiry)

    async def submit_evidence(self, dispute_id: str) -> JSON:
        """The merchant answers a dispute, and the bank reviews."""
        ctx = self._at(dispute_id)
        return disputes.submit_evidence(ctx, ctx.find("dispute", dispute_id))

    async def escalate_inquiry(self, dispute_id: str) -> JSON:
        """An inquiry becomes a dispute."""
        ctx = self._at(dispute_id)
        return disputes.escalate(ctx, ctx.find("dispute", dispute_id))

    async def close_dispute(self, dispute_id: str, *, won: bool) -> JSON:
        """The bank decides on a dispute; an inquiry is closed either way."""
        ctx = self._at(dispute_id)
        return disputes.close(ctx, ctx.find("dispute", dispute_id), won=won)

    async def renew(self, subscription_id: str, *, fails: bool = False) -> JSON:
        """End a subscription's period (or trial) and begin the next one, whose payment may fail; the subscription.

        One that was to cancel at the end of its period is canceled. The clock isn't touched.
        """
        ctx = self._at(subscription_id)
        return renewals.renew(ctx, ctx.find("subscription", subscription_id), fails=fails)

    async def retry(self, subscription_id: str, *, fails: bool = False) -> JSON:
        """Stripe tries once more to be paid what a subscription owes; after the fourth failure it is canceled."""
        ctx = self._at(subscription_id)
        return renewals.retry(ctx, ctx.find("subscription", subscription_id), fails=fails)

    async def trial_will_end(self, subscription_id: str) -> JSON:
        """Three days before the end of its trial, Stripe tells of it."""
        ctx = self._at(subscription_id)
        return renewals.announce_trial_end(ctx, ctx.find("subscription", subscription_id))

    async def trial_ends(self, subscription_id: str, *, fails: bool = False) -> JSON:
        """The trial ends and the first period that costs something begins."""
        ctx = self._at(subscription_id)
        subscription = ctx.find("subscription", subscription_id)
        renewals.check_trial(subscription)
        return renewals.renew(ctx, subscription, fails=fails)

    async def cancel(self, subscription_id: str, *, at_period_end: bool = False) -> JSON:
        """Cancel a subscription, at once or at the end of its period."""
        ctx = self._at(subscription_id)
        return subscriptions.cancel(ctx, ctx.find("subscription", subscription_id), at_period_end=at_period_end)

    async def resume(self, subscription_id: str) -> JSON:
        """Take back the cancellation at the end of a subscription's period."""
        ctx = self._at(subscription_id)
        return subscriptions.resume(ctx, ctx.find("subscription", subscription_id))

    def _at(self, object_id: str) -> Context:
        """The account that has this object."""
        for account in self.world.accounts.values():
            if any(object_id in table for table in account.tables.values()):
                return Context(self.world, account)
        raise KeyError(object_id)
