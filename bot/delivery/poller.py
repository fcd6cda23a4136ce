"""Missed events: what Stripe's event list has and the inbox hasn't."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from typing import Any, Protocol

import structlog

from bot.delivery.inbox import Inbox
from storage import cursors
from storage.database import Database

log = structlog.get_logger()

CURSOR = "events"
OVERLAP_SECONDS = 300
"""How far back each reading starts before the newest event seen: Stripe's moments have whole seconds, and an event may
enter the list after a newer one."""

REACH_SECONDS = 30 * 24 * 3600
"""Stripe's list goes 30 days back ("List all events")."""

CHUNK = 100

SHARE = 0.9
"""Of the time between two turns: a reading younger than that is good enough. Less than all of it, so that whoever reads
finds its own last one old enough."""


class EventSource(Protocol):
    """The part of the Stripe gateway that is needed: events, in any order."""

    def events(self, types: Iterable[str], created_gte: int) -> AsyncIterator[dict[str, Any]]: ...


class EventPoller:
    """Reads Stripe's event list into the inbox, which drops what it has already.

    Beside a webhook it fills the gaps; without a public URL it replaces it. The very first reading starts now: what
    happened before Paylink came is not news.
    """

    def __init__(
        self,
        stripe: EventSource,
        inbox: Inbox,
        db: Database,
        team_id: str,
        types: Iterable[str],
        clock: Callable[[], float],
        every: float,
    ) -> None:
        """`every` is the time between two of its turns, in seconds."""
        self._stripe = stripe
        self._inbox = inbox
        self._db = db
        self._team_id = team_id
        self._types = tuple(sorted(types))
        self._clock = clock
        self._young = SHARE * every
        self._has_begun = False

    async def take_turn(self) -> int:
        """Polls, unless another process has done so lately, and answers how many events were new.

        The first turn is always taken. Should the process that reads be gone, another takes over at its next turn or
        the one after that. Raises what `poll` does.
        """
        if self._has_begun:
            async with self._db.read() as session:
                age = self._clock() - await cursors.moved_at(session, self._team_id, CURSOR)
            if 0.0 <= age < self._young:
                return 0
        new = await self.poll()
        self._has_begun = True
        return new

    async def poll(self) -> int:
        """Reads everything since the last reading and answers how many events were new.

        Raises the Stripe gateway's errors and InboxUnavailable; the next reading then starts where this one did.
        """
        now = self._clock()
        async with self._db.read() as session:
            kept = await cursors.get(session, self._team_id, CURSOR)
        start = float(kept) if kept else now
        since = max(start - OVERLAP_SECONDS, now - REACH_SECONDS)
        new, newest, chunk = 0, start, list[Mapping[str, Any]]()
        async for event in self._stripe.events(self._types, int(since)):
            newest = max(newest, float(event["created"]))
            chunk.append(event)
            if len(chunk) == CHUNK:
                new += await self._store(chunk)
                chunk.clear()
        new += await self._store(chunk)
        # The types are read as several lists, one after the other: what has happened since the first was read isn't
        # there, though newer events are that stand in the others.
        newest = min(newest, max(start, now))
        async with self._db.begin() as session:
            await cursors.put(session, self._team_id, CURSOR, repr(newest), now)
        if new:
            log.info("events were missed", events=new)
        return new

    async def _store(self, events: Iterable[Mapping[str, Any]]) -> int:
        received = [
            self._inbox.receive(
                str(event["id"]), str(event["type"]), float(event["created"]), json.dumps(event).encode()
            )
            for event in events
        ]
        return sum(await asyncio.gather(*received))
