"""The whole of Paylink between the two sandboxes, driven as people would and asserted by what stands there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.app import Paylink, build
from bot.config import Settings
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.stripe.server import StripeSandbox
from tests.conftest import Clock

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parents[1] / "manifest.yml").read_text())

PATIENCE = 120.0
"""How far `settle` moves the clock for what is due later, such as a channel's next turn; in seconds."""

HANG = 60.0
"""Real seconds the app may take to answer Slack, in place of Slack's 3: on a slow machine only a hang fails."""


@dataclass(frozen=True)
class World:
    """Slack, Stripe and the app. Nothing happens in the background: `settle` lets everything happen that is due."""

    slack: SlackSandbox
    stripe: StripeSandbox
    paylink: Paylink
    clock: Clock

    async def settle(self) -> None:
        """Returns when nothing is on its way any more: no request, no webhook, no event, no card."""
        while True:
            await self.slack.delivered()
            await self.paylink.background.drain()
            await self.stripe.delivered()
            if await self.paylink.inbox_worker.step() or await self.paylink.card_worker.step():
                continue
            due = await self._next_due()
            if due is None or due - self.clock() > PATIENCE:
                return
            self.clock.advance(max(0.0, due - self.clock()))

    async def _next_due(self) -> float | None:
        moments = await self.paylink.inbox_worker.next_due(), await self.paylink.card_worker.next_due()
        return min((moment for moment in moments if moment is not None), default=None)


@asynccontextmanager
async def world(database_url: str, clock: Clock, **settings: Any) -> AsyncIterator[World]:
    """A world on this database; further settings by their names."""
    async with Sandbox(MANIFEST, clock=clock, seed=1) as sandbox:
        chosen = Settings.model_validate({**sandbox.settings, "database_url": database_url, **settings})
        async with build(chosen, clock) as paylink, paylink.receiving("127.0.0.1", 0) as url:
            sandbox.connect(url)
            sandbox.slack.line.ack_seconds = HANG
            await paylink.services.catalog.fill_once()
            await paylink.services.objects.fill_once()
            yield World(sandbox.slack, sandbox.stripe, paylink, clock)
