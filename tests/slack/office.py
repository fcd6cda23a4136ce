"""The app between both sandboxes, and the people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.sandbox.slack.person import Person
from bot.slack.ids import Block
from tests.conftest import Clock
from tests.harness import World, world
from tests.slack.limits import Json, texts


@dataclass(frozen=True)
class Office(World):
    """A world, and the people in it."""

    @cached_property
    def ada(self) -> Person:
        return self.slack.person("ada")

    @cached_property
    def grace(self) -> Person:
        return self.slack.person("grace")

    @property
    def links(self) -> list[Json]:
        """The payment links that stand in Stripe."""
        return list(self.stripe.payment_links.values())

    async def line(self, person: Person, line: str, channel: str = "sales") -> None:
        """Types a command; returns when all that comes of it is done."""
        await person.command(line, channel)
        await self.settle()

    async def press(self, person: Person, name: str, **where: Any) -> None:
        await person.press(name, **where)
        await self.settle()

    async def pick(self, person: Person, name: str, *choices: str, **where: Any) -> None:
        await person.pick(name, *choices, **where)
        await self.settle()

    async def fill(self, person: Person, answers: dict[str, Any]) -> None:
        await person.fill(answers)
        await self.settle()

    async def submit(self, person: Person) -> dict[str, str]:
        errors = await person.submit()
        await self.settle()
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
    """Everything running, with a fresh database and no limits on how often Slack may be asked."""
    async with world(database_url, Clock()) as town:
        town.slack.limits.off()
        yield Office(town.slack, town.stripe, town.paylink, town.clock)
        await town.paylink.background.drain()
    assert not town.slack.app_errors
