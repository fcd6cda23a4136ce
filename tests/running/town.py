"""Both sandboxes in real time, and the whole journey through them as people see it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.slack.person import Person
from bot.slack.ids import Block
from storage import backlog
from storage.database import Database
from storage.models import Draft
from tests.harness import HANG, MANIFEST, World
from tests.running.process import PATIENCE, Running

Json = dict[str, Any]

CHANNEL = "sales"
LINE = "/paylink 2 x Consulting 150 eur"
NAME = "October"
CUSTOMER = {"name": "Margaret Hamilton", "email": "margaret@apollo.example"}


@dataclass(frozen=True)
class Town:
    """Slack, Stripe and Ada."""

    sandbox: Sandbox
    database_url: str

    @property
    def settings(self) -> dict[str, Any]:
        """What the app is told."""
        return {**self.sandbox.settings, "database_url": self.database_url, "host": "127.0.0.1", "port": 0}

    @property
    def ada(self) -> Person:
        return self.sandbox.slack.person("ada")

    @property
    def links(self) -> list[Json]:
        """The payment links that stand in Stripe."""
        return list(self.sandbox.stripe.payment_links.values())

    @property
    def cards(self) -> list[Json]:
        """The cards of links in the channel."""
        return [message for message in self.sandbox.slack.messages(CHANNEL) if _is_card(message)]

    @property
    def payments(self) -> list[Json]:
        """The messages in the channel that tell of our customer's payment."""
        return [one for one in self.sandbox.slack.messages(CHANNEL) if CUSTOMER["name"] in one["text"]]

    async def connect(self, running: Running) -> None:
        """Sends everything to this process, once it listens."""
        self.sandbox.connect(await running.url())

    async def write(self) -> None:
        """Ada opens the editor with a line and names the link."""
        await self.ada.command(LINE, CHANNEL)
        await self.sandbox.slack.until(lambda: self.ada.modal, PATIENCE)
        await self.ada.fill({"Name": NAME})

    async def card(self) -> Json:
        """The link's card, once it stands."""
        return (await self.sandbox.slack.until(lambda: self.cards, PATIENCE))[0]

    async def pay(self) -> Json:
        """A customer pays with the link; the message that says so, once it stands."""
        await self.sandbox.stripe.pay(self.links[0]["url"], **CUSTOMER)
        return (await self.sandbox.slack.until(lambda: self.payments, PATIENCE))[0]

    async def journey(self) -> None:
        """From the line to the paid link, with the card counting the payment."""
        await self.write()
        assert await self.ada.submit() == {}
        assert "€300.00" in (await self.card())["text"]
        assert "€300.00" in (await self.pay())["text"]
        await self.counted()

    async def counted(self) -> None:
        """Returns when the link's card counts the payment."""
        await self.sandbox.slack.until(lambda: "1 payment" in str(self.cards[0]), PATIENCE)

    async def nothing_waits(self) -> bool:
        """Whether no event and no card is left to do in the database."""
        team_id = self.sandbox.slack.team.id
        async with self.reading() as session:
            found = [await backlog.events(session, team_id), await backlog.cards(session, team_id)]
        return not any(count for one in found for count in one.counts.values())

    async def states_of_drafts(self) -> list[str]:
        """What the app's database says of every draft."""
        async with self.reading() as session:
            return [draft.state for draft in await session.scalars(select(Draft))]

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A look into the app's database."""
        database = Database(self.database_url)
        try:
            async with database.read() as session:
                yield session
        finally:
            await database.close()


async def walk(world: World) -> None:
    """The same journey in a world whose clock is moved by hand."""
    ada = world.slack.person("ada")
    await ada.command(LINE, CHANNEL)
    await world.settle()
    await ada.fill({"Name": NAME})
    assert await ada.submit() == {}
    await world.settle()
    (link,) = world.stripe.payment_links.values()
    await world.stripe.pay(link["url"], **CUSTOMER)
    await world.settle()


def _is_card(message: Json) -> bool:
    return any(str(block.get("block_id", "")).startswith(f"{Block.CARD}:") for block in message.get("blocks", []))


@asynccontextmanager
async def town(database_url: str) -> AsyncIterator[Town]:
    """A town whose app keeps its rows in this database."""
    async with Sandbox(MANIFEST) as sandbox:
        sandbox.slack.line.ack_seconds = HANG
        yield Town(sandbox, database_url)
