"""What the two workers have in common: rows are taken under a lease, some at a time, and given back on the way out."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.hands import Hands
from storage.database import Database

LEASE_SECONDS = 30.0
GRACE_SECONDS = 10.0

LOOK_SECONDS = 1.0
"""How long suspects wait at most for a worker that always has something else to do."""

Taken = TypeVar("Taken")


class LeaseWorker(ABC, Generic[Taken]):
    """A worker over one queue of one workspace; at most `most` rows are in hand. What is suspected of having taken
    processes down (see `storage.leases`) is worked on when nothing else is.

    When stopped, what is in hand has `grace` seconds to finish. `clock` answers seconds since the epoch.
    """

    def __init__(self, db: Database, team_id: str, clock: Callable[[], float], most: int, grace: float) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock
        self._grace = grace
        self._hands = Hands(most)
        self._looked_at = clock()

    async def advance(self) -> int:
        """Takes what is due now and begins to work on it; answers how many rows that were. While nothing else is due,
        suspects are worked on one after the other, for LOOK_SECONDS at most."""
        begun = total = await self._begin(await self._hands.room())
        now = self._clock()
        until, must_look = now + LOOK_SECONDS, now >= self._looked_at + LOOK_SECONDS
        while (must_look or not begun) and self._clock() < until and await self._work_on_suspect():
            begun, must_look = await self._begin(await self._hands.room()), False
            total += 1 + begun
        return total

    async def step(self) -> int:
        """Works on what is due now, to the end; answers how many rows that were."""
        begun = await self.advance()
        await self._hands.settle()
        return begun

    async def drain(self) -> None:
        """Works on everything that is due now, and on what becomes due by it."""
        while await self.step():
            pass

    async def next_due(self) -> float | None:
        """When the next row will be due; None when none waits."""
        async with self._db.read() as session:
            return await self._next_due(session)

    async def stop(self) -> None:
        """Finishes what is in hand, or gives it back untried after the grace period.

        Raises the database's error when that can't be written; the leases then run out.
        """
        owners = await self._hands.let_go(self._grace)
        await self._settle()
        if owners:
            async with self._db.begin() as session:
                await self._release(session, owners)

    async def _begin(self, room: int, suspected: bool = False) -> int:
        owner, now = secrets.token_hex(8), self._clock()
        async with self._db.begin() as session:
            taken = await self._claim(session, owner, now, room, suspected)
        for one in taken:
            self._hands.begin(self.work(one, owner), owner)
        return len(taken)

    async def _work_on_suspect(self) -> bool:
        """Works on one with nothing else in hand; False when there is none."""
        async with self._db.read() as session:
            waits = await self._suspects(session, self._clock())
        self._looked_at = self._clock()
        if not waits:
            return False
        await self._hands.settle()
        begun = await self._begin(1, suspected=True)
        await self._hands.settle()
        return begun > 0

    @abstractmethod
    async def _claim(
        self, session: AsyncSession, owner: str, now: float, room: int, suspected: bool
    ) -> Sequence[Taken]:
        """Takes up to `room` due rows under a lease of LEASE_SECONDS, either suspected ones or others."""

    @abstractmethod
    async def _suspects(self, session: AsyncSession, now: float) -> bool:
        """Whether a suspected row is due."""

    @abstractmethod
    async def work(self, taken: Taken, owner: str) -> None:
        """Does the work on one of them, and writes down how it ended."""

    @abstractmethod
    async def _next_due(self, session: AsyncSession) -> float | None:
        """The moment when a row will be due."""

    @abstractmethod
    async def _settle(self) -> None:
        """Waits until every ending is written."""

    @abstractmethod
    async def _release(self, session: AsyncSession, owners: Collection[str]) -> None:
        """Gives back what these owners still hold."""
