"""The Dashboard's few screens: what there is, and the buttons a merchant presses."""

from bot.sandbox.stripe.dashboard import rows
from bot.sandbox.stripe.dashboard.deeds import do
from bot.sandbox.stripe.driver import Driver
from bot.sandbox.stripe.state import Account, Context
from bot.sandbox.stripe.tables import JSON
from bot.sandbox.stripe.webhooks import Webhooks

ROWS = 50


class Dashboard:
    """One account's Dashboard."""

    def __init__(self, driver: Driver, webhooks: Webhooks, account: Account) -> None:
        self._driver = driver
        self._webhooks = webhooks
        self._account = account

    def data(self) -> JSON:
        """The newest of everything, for the page to draw."""
        ctx = Context(self._driver.world, self._account)
        return {
            "merchant": self._account.name,
            "livemode": self._account.livemode,
            "payments": rows.payments(ctx, ROWS),
            "subscriptions": [rows.subscription(ctx, item) for item in self._newest("subscription")],
            "disputes": [rows.dispute(ctx, item) for item in self._newest("dispute")],
            "links": [rows.link(ctx, item) for item in self._newest("payment_link")],
            "events": [self._event(item) for item in self._newest("event")],
            "endpoints": [endpoint["url"] for endpoint in self._account.tables["webhook_endpoint"].values()],
        }

    async def act(self, action: str, object_id: str, amount: int | None = None) -> JSON:
        """Press a button: KeyError where there is none, PaymentRefused or StripeError where it can't be pressed."""
        if not any(object_id in table for table in self._account.tables.values()):
            raise KeyError(object_id)
        if action in ("activate", "deactivate"):
            ctx = Context(self._driver.world, self._account)
            ctx.change("payment_link.updated", ctx.find("payment_link", object_id), {"active": action == "activate"})
        elif action == "resend":
            await self._webhooks.redeliver(self._account, self._account.tables["event"][object_id])
        else:
            await do(self._driver, action, object_id, amount)
        return self.data()

    def _newest(self, kind: str) -> list[JSON]:
        return self._account.tables[kind].page(limit=ROWS)[0]

    def _event(self, event: JSON) -> JSON:
        attempts = self._webhooks.attempts(event["id"])
        return {
            "id": event["id"],
            "type": event["type"],
            "created": event["created"],
            "object": event["data"]["object"]["id"],
            "attempts": len(attempts),
            "delivered": any(attempt.ok for attempt in attempts),
            "last_status": attempts[-1].status if attempts else None,
        }
