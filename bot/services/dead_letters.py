"""What delivery gave up on: events that could not be handled and cards that could not be sent, to be looked at and
tried again by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from storage import cards, inbox
from storage.database import Database


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One event or card. `what` is the event's type, or the card's subject and channel; `since` is when it was given
    up, in seconds since the epoch."""

    kind: Literal["event", "card"]
    id: str
    what: str
    attempts: int
    reason: str
    since: float


class DeadLetterService:
    """The dead letters of one workspace."""

    def __init__(self, db: Database, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock

    async def all(self) -> list[DeadLetter]:
        """Events, then cards, the latest first; at most 100 of each."""
        async with self._db.read() as session:
            events = await inbox.dead(session, self._team_id)
            unsent = await cards.dead(session, self._team_id)
        return [
            *(DeadLetter("event", one.id, one.type, one.attempts, one.reason, one.due_at) for one in events),
            *(
                DeadLetter(
                    "card",
                    one.id,
                    f"{one.subject_kind} {one.subject_id} in {one.channel_id}",
                    one.attempts,
                    one.reason,
                    one.due_at,
                )
                for one in unsent
            ),
        ]

    async def retry_all(self) -> list[str]:
        """Has all there are tried again, each once; answers which these were."""
        revived: list[str] = []
        seen: set[str] = set()
        while dead := [letter.id for letter in await self.all() if letter.id not in seen]:
            seen.update(dead)
            revived += await self.retry(dead)
        return revived

    async def retry(self, ids: list[str]) -> list[str]:
        """Has these tried again from the first attempt; answers those that were found dead."""
        now = self._clock()
        async with self._db.begin() as session:
            return [
                one
                for one in ids
                if await inbox.retry(session, self._team_id, one, now)
                or await cards.retry(session, self._team_id, one, now)
            ]
