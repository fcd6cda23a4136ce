"""The backlog as `/metrics` and `/readyz` see it."""

import asyncio
from collections.abc import Callable

import structlog

from bot.web.metrics import Metrics
from storage import backlog
from storage.backlog import Backlog
from storage.database import Database

TIMEOUT = 5.0
"""Seconds in which the database must answer; who asks for readiness won't wait much longer."""

log = structlog.get_logger()


class BacklogGauges:
    """Reads how much waits in the inbox and among the cards."""

    def __init__(self, db: Database, team_id: str, clock: Callable[[], float], metrics: Metrics) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock
        self._metrics = metrics

    async def refresh(self) -> None:
        """Brings the gauges up to date; without a database they are gone, and the other metrics stay."""
        try:
            async with asyncio.timeout(TIMEOUT), self._db.read() as session:
                events = await backlog.events(session, self._team_id)
                cards = await backlog.cards(session, self._team_id)
        except Exception as error:
            log.warning("backlog is unknown", reason=type(error).__name__)
            self._metrics.backlog_unknown()
            return
        self._set("inbox", events)
        self._set("cards", cards)

    async def complaint(self) -> str | None:
        """What is wrong with the database, in a word; None when it answers."""
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._db.ping()
        except Exception as error:
            return type(error).__name__
        return None

    def _set(self, queue: str, found: Backlog) -> None:
        age = 0.0 if found.oldest is None else max(0.0, self._clock() - found.oldest)
        self._metrics.backlog(queue, found.counts, age)
