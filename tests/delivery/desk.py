"""A card worker over a real database and the Slack in memory, showing subjects whose state is a number."""

from collections import Counter
from collections.abc import Awaitable, Callable

from bot.delivery.card_worker import CardWorker
from bot.gateways.slack import Message
from storage import cards
from storage.database import Database
from storage.models import Card
from storage.replies import Reply
from tests.conftest import Clock
from tests.delivery.slack import MemorySlack

TEAM = "T1"


class Desk:
    """Subjects change by `change`; cards show `<kind> <subject> v<state>` and where a hint is due, the channel."""

    def __init__(self, db: Database, clock: Clock, *, digest_after: int = 30, most: int = 64) -> None:
        self.db = db
        self.clock = clock
        self.slack = MemorySlack()
        self.states = Counter[str]()
        self.hidden: set[str] = set()
        self.fallback_user: str | None = "U1"
        self.while_rendering: Callable[[Card], Awaitable[None]] | None = None
        self.seen: list[tuple[str, str, float]] = []
        self.worker = self.another(digest_after=digest_after, most=most)

    def another(self, *, digest_after: int = 30, most: int = 64, grace: float = 10.0) -> CardWorker:
        """One more worker on the same database and the same Slack."""
        return CardWorker(
            self.db,
            TEAM,
            self.slack,
            self.render,
            self.fallback,
            self.clock,
            observe=lambda *seen: self.seen.append(seen),
            digest_after=digest_after,
            most=most,
            grace=grace,
        )

    async def change(self, subject: str, channel: str = "C1", kind: str = "payment", times: int = 1) -> None:
        """The subject's state moves on, and its card is wanted, in one transaction each time."""
        for _ in range(times):
            async with self.db.begin() as session:
                self.states[subject] += 1
                await cards.want(session, TEAM, kind, subject, channel, self.clock())

    async def tell(self, subject: str, *words: str, channel: str = "C1") -> None:
        """Something becomes of a payment: its card changes, and these words belong into its thread."""
        async with self.db.begin() as session:
            self.states[subject] += 1
            await cards.want(session, TEAM, "payment", subject, channel, self.clock())
            for word in words:
                data = {"words": word, "broadcast": word.isupper()}
                await cards.reply(session, Reply(TEAM, subject, channel, word, data, self.clock()))

    async def reply(self, subject: str, word: str) -> Card:
        """The card of these words."""
        return await self.card(f"{subject}:{word}", "reply")

    async def card(self, subject: str, kind: str = "payment") -> Card:
        """The subject's only card."""
        async with self.db.read() as session:
            (card,) = await cards.of(session, TEAM, kind, subject)
            return card

    async def render(self, card: Card) -> Message | None:
        if card.subject_id in self.hidden:
            return None
        if card.subject_kind == "digest":
            async with self.db.read() as session:
                subjects = await cards.digested(session, TEAM, card)
            return Message(f"digest of {len(subjects)}, sum {sum(self.states[subject] for subject in subjects)}")
        if card.data is not None:
            return Message(card.data["words"], ({"type": "divider"},), card.data["broadcast"])
        hint = "" if card.posted_channel == card.channel_id else f" (hint {card.channel_id})"
        text = f"{card.subject_kind} {card.subject_id} v{self.states[card.subject_id]}{hint}"
        if self.while_rendering:
            await self.while_rendering(card)
        return Message(text, ({"type": "divider"},))

    async def fallback(self, card: Card) -> str | None:
        return self.fallback_user

    async def pass_time(self, seconds: float, *, of: float = 1.0) -> None:
        """Time passes in steps, with the worker at work."""
        for _ in range(round(seconds / of)):
            self.clock.advance(of)
            await self.worker.drain()
