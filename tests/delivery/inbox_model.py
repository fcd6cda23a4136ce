"""What must be true of the inbox, and what is: the inbox's machine compares the two."""

from dataclasses import dataclass

from sqlalchemy import select

from storage import inbox
from storage.database import Database
from storage.leases import DIED, SUSPECTED_AFTER
from storage.models import Cursor, StripeEvent

TEAM = "T1"


@dataclass
class Known:
    """What is true of an event. Nothing is taken from the database but when a failure is tried again."""

    due_at: float
    state: str = "new"
    attempts: int = 0
    owner: str = ""
    until: float = 0.0
    died: bool = False
    """Whether its last attempt ended with a death."""

    @property
    def ready_at(self) -> float:
        return max(self.due_at, self.until)

    @property
    def suspected(self) -> bool:
        """Of something that nobody holds any more: whether it is taken alone."""
        ran_out = self.owner != ""
        return (ran_out or self.died) and self.attempts + ran_out >= SUSPECTED_AFTER

    def take(self, owner: str, until: float) -> None:
        self.attempts += self.owner != ""
        self.died = self.died or self.owner != ""
        self.owner, self.until = owner, until

    def give_back(self) -> None:
        self.owner, self.until = "", 0.0

    def fail(self, state: str, attempts: int, died: bool = False) -> None:
        self.state, self.attempts, self.died = state, attempts, died
        self.give_back()

    def finish(self, state: str) -> None:
        self.state, self.until, self.died = state, 0.0, False


@dataclass
class Seen:
    """What the database says: the events, how often each one's writes have happened, the dead, and when more is due."""

    events: dict[str, Known]
    effects: dict[str, str]
    dead: set[str]
    next_due: float | None


async def look(db: Database) -> Seen:
    """Reads all that is in the database. An event's writes are counted in the cursor of its name."""
    async with db.read() as session:
        events = {
            row.id: Known(row.due_at, row.state, row.attempts, row.lease_owner, row.lease_until, row.reason == DIED)
            for row in await session.scalars(select(StripeEvent))
        }
        effects = {row.name: row.value for row in await session.scalars(select(Cursor))}
        dead = {event.id for event in await inbox.dead(session, TEAM)}
        return Seen(events, effects, dead, await inbox.next_due(session, TEAM))
