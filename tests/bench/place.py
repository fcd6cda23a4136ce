"""Where the app is measured: both sandboxes in this process, without Slack's limits; the app in one of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.links.params import CHANNEL
from bot.sandbox.sandbox import Sandbox
from tests.bench.stripe_events import Json
from tests.harness import MANIFEST

_PRICE = {
    "line_items[0][price_data][currency]": "eur",
    "line_items[0][price_data][unit_amount]": "15000",
    "line_items[0][price_data][product_data][name]": "Consulting",
    "line_items[0][quantity]": "1",
}


@dataclass(frozen=True, slots=True)
class Place:
    """The two sandboxes; webhooks are held back, so that the load alone decides when they are sent."""

    sandbox: Sandbox

    @property
    def team_id(self) -> str:
        return self.sandbox.slack.team.id

    @property
    def webhook_secret(self) -> str:
        return str(self.sandbox.settings["stripe_webhook_secret"])

    def settings(self, database_url: str) -> dict[str, Any]:
        """What the app is told."""
        return {**self.sandbox.settings, "database_url": database_url, "host": "127.0.0.1", "port": 0}

    async def link(self, channel: str = "") -> Json:
        """A new payment link of this workspace's, told of in this channel, as Stripe answers it."""
        metadata = {"metadata[paylink_team]": self.team_id, f"metadata[{CHANNEL}]": channel}
        key = {"Authorization": f"Bearer {self.sandbox.stripe.secret_key}"}
        async with (
            aiohttp.ClientSession(self.sandbox.stripe.url, headers=key, raise_for_status=True) as stripe,
            stripe.post("/v1/payment_links", data={**_PRICE, **metadata}) as made,
        ):
            found: Json = await made.json()
            return found

    async def paid(self, link: Json, payer: str = "Margaret Hamilton") -> Json:
        """The `checkout.session.completed` of a payment with this link."""
        stripe = self.sandbox.stripe
        session = await stripe.pay(link["url"], name=payer, email="margaret@apollo.example")
        return next(
            event
            for event in reversed(list(stripe.events.values()))
            if event["type"] == "checkout.session.completed" and event["data"]["object"]["id"] == session["id"]
        )


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """A place of its own for each measure."""
    async with Sandbox(MANIFEST, seed=1) as sandbox:
        sandbox.slack.limits.off()
        sandbox.stripe.webhooks.hold = True
        yield Place(sandbox)
