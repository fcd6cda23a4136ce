"""Handling events: each is prepared by itself, and those that are ready are written together."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.attempts import MOST_ATTEMPTS, after_failure, origin_of
from bot.delivery.group_commit import GroupCommit
from bot.delivery.lease_worker import GRACE_SECONDS, LEASE_SECONDS, LeaseWorker
from bot.errors import PaylinkError
from bot.services.steps import Outcome, Question, Step, together, written_link
from storage import inbox
from storage.database import Database
from storage.inbox import Claimed
from storage.leases import DIED

log = structlog.get_logger()

PREPARE_SECONDS = 20.0
"""How long preparing an event may take, and how long asking for it, each by itself."""

KEEP_SECONDS = 5.0
"""How often the leases are prolonged of events that wait for their turn to ask: what is left of one is enough for
asking and writing."""

Prepare = Callable[[Claimed], Awaitable[Step | Question]]
"""Finds what is to be done with an event by what is held here. What has to be asked outside waits for its turn."""


@dataclass(frozen=True, slots=True)
class _Ready:
    event: Claimed
    owner: str
    step: Step


class _Lost(Exception):
    """Somebody else has the event by now."""


class InboxWorker(LeaseWorker[Claimed]):
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
        observe: Callable[[str, str, float], None] = lambda type, outcome, seconds: None,
        most: int = 256,
        asking: int = 16,
        grace: float = GRACE_SECONDS,
        patience: float = PREPARE_SECONDS,
        keep: float = KEEP_SECONDS,
    ) -> None:
        """`wake` is called when cards may be due; `observe(type, outcome, seconds)` when an event has ended or
        failed, so many seconds after it was received.

        At most `most` events are in hand and `asking` of them are being asked for outside, for at most `patience`
        seconds; the others' leases are prolonged every `keep` seconds. When stopped, these have `grace` seconds to
        finish.
        """
        super().__init__(db, team_id, clock, most, grace)
        self._prepare = prepare
        self._wake = wake
        self._observe = observe
        self._asking = asyncio.Semaphore(asking)
        self._patience = patience
        self._keep = keep
        self._commits: GroupCommit[_Ready, None] = GroupCommit(self._write)
        self._keeping: GroupCommit[tuple[str, str], bool] = GroupCommit(self._prolong)

    async def _claim(
        self, session: AsyncSession, owner: str, now: float, room: int, suspected: bool
    ) -> Sequence[Claimed]:
        return await inbox.claim(session, self._team_id, owner, now, now + LEASE_SECONDS, room, suspected)

    async def _suspects(self, session: AsyncSession, now: float) -> bool:
        return await inbox.suspects(session, self._team_id, now)

    async def _next_due(self, session: AsyncSession) -> float | None:
        return await inbox.next_due(session, self._team_id)

    async def _settle(self) -> None:
        await self._keeping.settle()
        await self._commits.settle()

    async def _release(self, session: AsyncSession, owners: Collection[str]) -> None:
        await inbox.release(session, self._team_id, owners)

    async def work(self, event: Claimed, owner: str) -> None:
        """Prepares one event and has it written with the others that are ready."""
        try:
            if event.attempts >= MOST_ATTEMPTS:
                raise PaylinkError(DIED)
            async with asyncio.timeout(self._patience):
                found = await self._prepare(event)
            step = await self._asked(found, event, owner) if isinstance(found, Question) else found
        except _Lost:
            log.info("event was taken over while it waited", id=event.id, type=event.type)
        except Exception as error:
            await self._postpone(event, owner, error)
        else:
            await self._commits.submit(_Ready(event, owner, step))

    async def _asked(self, question: Question, event: Claimed, owner: str) -> Step:
        """Asks when it's this event's turn; waiting for that costs it neither its lease nor any of its patience."""
        while not await self._turn():
            if not await self._keeping.submit((event.id, owner)):
                raise _Lost
        try:
            async with asyncio.timeout(self._patience):
                return await question.ask()
        finally:
            self._asking.release()

    async def _turn(self) -> bool:
        try:
            async with asyncio.timeout(self._keep):
                return await self._asking.acquire()
        except TimeoutError:
            return False

    async def _prolong(self, claims: Sequence[tuple[str, str]]) -> list[bool]:
        try:
            async with self._db.begin() as session:
                kept = await inbox.keep(session, self._team_id, claims, self._clock() + LEASE_SECONDS)
        except Exception as error:
            # That is no event's fault, and the leases last until the next time.
            log.warning("leases were not prolonged", events=len(claims), **origin_of(error))
            return [True] * len(claims)
        return [claim in kept for claim in claims]

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
        ended: list[tuple[Claimed, Outcome]] = []
        async with self._db.begin() as session:
            claims = [(ready.event.id, ready.owner) for ready in group]
            held = await inbox.finish(session, self._team_id, claims)
            ours = [ready for ready in group if (ready.event.id, ready.owner) in held]
            async with together(session, self._team_id, [ready.step for ready in ours]):
                for ready in sorted(ours, key=lambda ready: written_link(ready.step)):
                    ended.append((ready.event, await ready.step(session)))
            unusual: dict[tuple[str, str], list[str]] = {}
            for event, outcome in ended:
                if (outcome.state, outcome.reason) != ("done", ""):
                    unusual.setdefault((outcome.state, outcome.reason), []).append(event.id)
            for (state, reason), ids in unusual.items():
                await inbox.note(session, self._team_id, ids, state, reason)
        for event, outcome in ended:
            self._observe(event.type, outcome.state, self._clock() - event.received_at)

    async def _postpone(self, event: Claimed, owner: str, error: Exception) -> None:
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
        self._observe(event.type, outcome, self._clock() - event.received_at)
