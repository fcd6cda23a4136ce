"""Slack and Stripe together, as one place to run the app in."""

import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.stripe.server import StripeSandbox

_NOT_CONNECTED = "http://127.0.0.1:1"
"""Nobody listens there: where webhooks go until the app's address is known."""


class Sandbox:
    """Both sandboxes, as an async context manager, and the settings with which the app finds them.

    `manifest` is the Slack app's, as a dict. `port` is that of Slack's page; 0 takes a free one. `seed` makes Stripe's
    ids the same in every run.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        *,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        self.slack = SlackSandbox(port=port, manifest=manifest, clock=clock)
        self.stripe = StripeSandbox(clock=clock, seed=seed)
        self._webhook_secret = ""
        self._app_url = _NOT_CONNECTED
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.stripe)
        await self._stack.enter_async_context(self.slack)
        self._webhook_secret = self.stripe.add_webhook_endpoint(f"{_NOT_CONNECTED}/stripe/webhook")
        self.slack.links["dashboard"] = f"{self.stripe.url}/dashboard"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def settings(self) -> dict[str, Any]:
        """The app's settings, by name: tokens, keys, secrets and the addresses of the two APIs."""
        return {
            "slack_bot_token": self.slack.bot_token,
            "slack_signing_secret": self.slack.signing_secret,
            "slack_api_url": self.slack.api_url,
            "stripe_secret_key": self.stripe.secret_key,
            "stripe_webhook_secret": self._webhook_secret,
            "stripe_api_url": self.stripe.url,
        }

    def connect(self, app_url: str) -> None:
        """Sends Slack's requests and Stripe's webhooks to the app; again when it has moved."""
        self.slack.request_url = f"{app_url}/slack/events"
        for endpoint in self.stripe.account.tables["webhook_endpoint"].values():
            endpoint["url"] = endpoint["url"].replace(self._app_url, app_url)
        self._app_url = app_url
