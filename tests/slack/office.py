"""The app between both sandboxes, and the people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr

from bot.app import Paylink, build
from bot.config import Settings
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.stripe.server import StripeSandbox
from bot.slack.ids import Block
from tests.conftest import Clock
from tests.slack.limits import Json, texts

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())


@dataclass(frozen=True)
class Office:
    """Slack, Stripe and the app, all running."""

    slack: SlackSandbox
    stripe: StripeSandbox
    app: Paylink
    clock: Clock

    @cached_property
    def ada(self) -> Person:
        return self.slack.person("ada")

    @cached_property
    def grace(self) -> Person:
        return self.slack.person("grace")

    async def settled(self) -> None:
        """Returns when the app has done everything that was asked of it in Slack, cards included."""
        await self.app.background.drain()
        await self.app.card_worker.drain()
        while (due := await self.app.card_worker.next_due()) is not None:
            self.clock.now = max(self.clock.now, due)
            await self.app.card_worker.drain()

    @property
    def links(self) -> list[Json]:
        """The payment links that stand in Stripe."""
        return list(self.stripe.payment_links.values())

    async def line(self, person: Person, line: str, channel: str = "sales") -> None:
        """Types a command; returns when all that comes of it is done."""
        await person.command(line, channel)
        await self.settled()

    async def press(self, person: Person, name: str, **where: Any) -> None:
        await person.press(name, **where)
        await self.settled()

    async def pick(self, person: Person, name: str, *choices: str, **where: Any) -> None:
        await person.pick(name, *choices, **where)
        await self.settled()

    async def fill(self, person: Person, answers: dict[str, Any]) -> None:
        await person.fill(answers)
        await self.settled()

    async def submit(self, person: Person) -> dict[str, str]:
        errors = await person.submit()
        await self.settled()
        return errors

    async def link(self, line: str = "2 x Consulting 150 eur", name: str = "Spring fair") -> Json:
        """Ada makes a link in #sales; what stands in Stripe."""
        await self.line(self.ada, f"/paylink {line}")
        await self.fill(self.ada, {"Name": name})
        assert await self.submit(self.ada) == {}
        await self.ada.close(clear=True)
        return self.links[-1]

    def card(self, channel: str = "sales") -> Json:
        """The last message in a channel that has a link's buttons."""
        cards = [message for message in self.slack.messages(channel) if _is_card(message)]
        return cards[-1]

    @property
    def told(self) -> str:
        """All that Ada read in the last message for her eyes only."""
        return texts(self.ada.ephemerals("sales")[-1])


def shown(person: Person) -> str:
    """Every text of the modal on top."""
    assert person.modal is not None
    return texts(person.modal["blocks"])


def title(person: Person) -> str:
    assert person.modal is not None
    return str(person.modal["title"]["text"])


def row(person: Person, words: str, action: str = "") -> str:
    """The id of the row of the modal that says these words."""
    assert person.modal is not None
    blocks = [block for block in person.modal["blocks"] if words in texts(block.get("text", {}))]
    return str(next(block for block in blocks if action in str(block.get("accessory")))["block_id"])


def _is_card(message: Json) -> bool:
    return any(str(block.get("block_id", "")).startswith(f"{Block.CARD}:") for block in message.get("blocks", []))


@asynccontextmanager
async def open_office(database_url: str) -> AsyncIterator[Office]:
    """Everything running, with a fresh database, on a clock that moves when a card has to wait for its turn."""
    clock = Clock()
    async with SlackSandbox(manifest=MANIFEST, clock=clock) as slack, StripeSandbox(seed=1, clock=clock) as stripe:
        slack.limits.off()
        settings = Settings(
            slack_bot_token=SecretStr(slack.bot_token),
            slack_signing_secret=SecretStr(slack.signing_secret),
            stripe_secret_key=SecretStr(stripe.secret_key),
            database_url=database_url,
            slack_api_url=slack.api_url,
            stripe_api_url=stripe.url,
        )
        async with build(settings, clock) as app, app.receiving("127.0.0.1", 0) as url:
            slack.request_url = f"{url}/slack/events"
            yield Office(slack, stripe, app, clock)
            await app.background.drain()
        assert not slack.app_errors
