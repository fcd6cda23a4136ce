"""Handling events: each is prepared by itself, and those that are ready are written together."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from bot.delivery.attempts import MOST_ATTEMPTS, after_failure, origin_of
from bot.delivery.group_commit import GroupCommit
from bot.delivery.hands import Hands
from bot.errors import PaylinkError
from bot.services.payments import Outcome, Step
from storage import cards, inbox
from storage.database import Database
from storage.models import StripeEvent

log = structlog.get_logger()

LEASE_SECONDS = 30.0
PREPARE_SECONDS = 20.0
GRACE_SECONDS = 10.0

Prepare = Callable[[StripeEvent], Awaitable[Step]]
"""Does what has to be asked outside. The step it answers only writes, and may be run again in a new transaction."""


@dataclass(frozen=True, slots=True)
class _Ready:
    event: StripeEvent
    owner: str
    step: Step


class InboxWorker:
    """Takes due events under a lease and handles each exactly once, as far as the database is concerned.

    An event's writes and its end are one transaction, shared with the other events that are ready. When that
    transaction fails, each is written by itself, so that one bad event costs the others nothing.
    """

    def __init__(
        self,
        db: Database,
        team_id: str,
        prepare: Prepare,
        clock: Callable[[], float],
        wake: Callable[[], None],
        *,
        observe: Callable[[str, str], None] = lambda type, outcome: None,
        most: int = 256,
        preparing: int = 16,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """`wake` is called when cards may be due; `observe(type, outcome)` when an event has ended or failed.

        At most `most` events are in hand and `preparing` of them are being prepared. When stopped, these have `grace`
        seconds to finish.
        """
        self._db = db
        self._team_id = team_id
        self._prepare = prepare
        self._clock = clock
        self._wake = wake
        self._observe = observe
        self._grace = grace
        self._hands = Hands(most)
        self._preparing = asyncio.Semaphore(preparing)
        self._commits: GroupCommit[_Ready, None] = GroupCommit(self._write)

    async def advance(self) -> int:
        """Takes the events that are due now and begins to handle them; answers how many."""
        room = await self._hands.room()
        owner, now = secrets.token_hex(8), self._clock()
        async with self._db.begin() as session:
            events = await inbox.claim(session, self._team_id, owner, now, now + LEASE_SECONDS, room)
        for event in events:
            self._hands.begin(self._handle(event, owner), owner)
        return len(events)

    async def step(self) -> int:
        """Handles what is due now, to the end; answers how many events that were."""
        begun = await self.advance()
        await self._hands.settle()
        return begun

    async def drain(self) -> None:
        """Handles everything that is due now, and what becomes due by it."""
        while await self.step():
            pass

    async def next_due(self) -> float | None:
        """When the next event will be due; None when none waits."""
        async with self._db.read() as session:
            return await inbox.next_due(session, self._team_id)

    async def stop(self) -> None:
        """Finishes what is in hand, or gives it back untried after a grace period.

        Raises the database's error when that can't be written; the leases then run out.
        """
        owners = await self._hands.let_go(self._grace)
        await self._commits.settle()
        if owners:
            async with self._db.begin() as session:
                await inbox.release(session, self._team_id, owners)

    async def _handle(self, event: StripeEvent, owner: str) -> None:
        try:
            if event.attempts >= MOST_ATTEMPTS:
                raise PaylinkError("Whoever handled it died each time.")
            async with asyncio.timeout(PREPARE_SECONDS), self._preparing:
                step = await self._prepare(event)
        except Exception as error:
            await self._postpone(event, owner, error)
        else:
            await self._commits.submit(_Ready(event, owner, step))

    async def _write(self, group: Sequence[_Ready]) -> list[None]:
        try:
            await self._write_together(group)
        except Exception as error:
            log.info("events are written one by one", events=len(group), **origin_of(error))
            for ready in group:
                await self._write_alone(ready)
        self._wake()
        return [None] * len(group)

    async def _write_alone(self, ready: _Ready) -> None:
        try:
            await self._write_together([ready])
        except Exception as error:
            await self._postpone(ready.event, ready.owner, error)

    async def _write_together(self, group: Sequence[_Ready]) -> None:
        ended: list[tuple[StripeEvent, Outcome]] = []
        async with self._db.begin() as session, cards.gathered(session):
            claims = [(ready.event.id, ready.owner) for ready in group]
            held = await inbox.finish(session, self._team_id, claims)
            for ready in group:
                if ready.event.id in held:
                    ended.append((ready.event, await ready.step(session)))
            unusual: dict[tuple[str, str], list[str]] = {}
            for event, outcome in ended:
                if (outcome.state, outcome.reason) != ("done", ""):
                    unusual.setdefault((outcome.state, outcome.reason), []).append(event.id)
            for (state, reason), ids in unusual.items():
                await inbox.note(session, self._team_id, ids, state, reason)
        for event, outcome in ended:
            self._observe(event.type, outcome.state)

    async def _postpone(self, event: StripeEvent, owner: str, error: Exception) -> None:
        now, then = self._clock(), after_failure(error, event.attempts)
        outcome = "dead" if then.dead else "postponed"
        write = log.error if then.dead else log.warning
        write(f"event is {outcome}", id=event.id, type=event.type, reason=then.reason, **origin_of(error))
        async with self._db.begin() as session:
            await inbox.postpone(
                session,
                self._team_id,
                event.id,
                owner,
                due_at=now + then.delay,
                attempts=then.attempts,
                reason=then.reason,
                dead=then.dead,
            )
        self._observe(event.type, outcome)
