"""The Dashboard's few screens: what there is, and the buttons a merchant presses."""

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.checkout.shop import Shop
from bot.sandbox.stripe.state import Account, Context, World
from bot.sandbox.stripe.tables import JSON
from bot.sandbox.stripe.webhooks import Webhooks

ROWS = 50


class Dashboard:
    """One account's Dashboard."""

    def __init__(self, shop: Shop, webhooks: Webhooks, world: World, account: Account) -> None:
        self._shop = shop
        self._webhooks = webhooks
        self._world = world
        self._account = account

    def data(self) -> JSON:
        """The newest links, sessions and events."""
        tables = self._account.tables
        return {
            "merchant": self._account.name,
            "livemode": self._account.livemode,
            "now": int(self._world.clock()),
            "links": [self._link(link) for link in tables["payment_link"].page(limit=ROWS)[0]],
            "sessions": [self._session(session) for session in tables["checkout.session"].page(limit=ROWS)[0]],
            "events": [self._event(event) for event in tables["event"].page(limit=ROWS)[0]],
            "endpoints": [endpoint["url"] for endpoint in tables["webhook_endpoint"].values()],
        }

    async def act(self, action: str, object_id: str) -> JSON:
        """Press a button; KeyError for one that isn't there, PaymentRefused where it can't be pressed."""
        ctx = Context(self._world, self._account)
        if action in ("activate", "deactivate"):
            link = ctx.find("payment_link", object_id)
            ctx.change("payment_link.updated", link, {"active": action == "activate"})
        elif action == "resend":
            await self._webhooks.redeliver(self._account, ctx.find("event", object_id))
        else:
            deed = {"settle": self._shop.settle, "fail": self._shop.fail, "expire": self._shop.expire}[action]
            deed(self._account, object_id)
        return self.data()

    def _link(self, link: JSON) -> JSON:
        items = self._account.line_items[link["id"]]
        total = sum(item["amount_total"] for item in items)
        recurring = [bool(item["price"]["recurring"]) for item in items]
        return {
            "id": link["id"],
            "name": ", ".join(item["description"] for item in items),
            "active": link["active"],
            "url": link["url"],
            "amount": total,
            "custom": bool(items[0]["price"]["custom_unit_amount"]),
            "recurring": items[0]["price"]["recurring"] if all(recurring) else None,
            "mixed": any(recurring) and not all(recurring),
            "completed": self._account.completed[link["id"]],
            **_currency(link),
        }

    def _session(self, session: JSON) -> JSON:
        intent_id = self._account.intents.get(session["id"], "")
        intent = self._account.tables["payment_intent"].get(intent_id, {})
        return {
            "id": session["id"],
            "created": session["created"],
            "email": (session["customer_details"] or {}).get("email"),
            "name": (session["customer_details"] or {}).get("name"),
            "amount": session["amount_total"],
            "state": _state(session, intent),
            **_currency(session),
        }

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


def _state(session: JSON, intent: JSON) -> str:
    """In a word: open, expired, paid, free, processing, failed or authorized."""
    if session["status"] != "complete":
        return str(session["status"])
    if session["payment_status"] == "no_payment_required":
        return "free"
    if session["payment_status"] == "paid":
        return "paid"
    states = {"processing": "processing", "requires_capture": "authorized"}
    return states.get(str(intent.get("status")), "failed")


def _currency(item: JSON) -> JSON:
    return {"currency": item["currency"], "decimals": currencies.decimals(item["currency"])}
