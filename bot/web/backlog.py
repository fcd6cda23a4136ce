"""The backlog as `/metrics` and `/readyz` see it."""

import asyncio
from collections.abc import Callable
from typing import TypeGuard

import structlog

from bot.web.metrics import Metrics
from storage import backlog, workspaces
from storage.backlog import Backlog
from storage.database import Database
from storage.models import Workspace

TIMEOUT = 5.0
"""Seconds in which the database must answer; who asks for readiness won't wait much longer."""

log = structlog.get_logger()


class BacklogGauges:
    """Reads how much waits in the inbox and among the cards, and whether the workspace is paused.

    `longest` is how long something may wait, in seconds, before that is a complaint; 0: as long as it takes.
    """

    def __init__(
        self, db: Database, team_id: str, clock: Callable[[], float], metrics: Metrics, longest: float = 0.0
    ) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock
        self._metrics = metrics
        self._longest = longest

    async def refresh(self) -> None:
        """Brings the gauges up to date; without a database they are gone, and the other metrics stay."""
        try:
            queues, workspace = await self._read()
        except Exception as error:
            log.warning("backlog is unknown", reason=type(error).__name__)
            self._metrics.backlog_unknown()
            return
        for name, queue in queues.items():
            self._metrics.backlog(name, queue.counts, self._age(queue.oldest))
        self._metrics.paused(_is_paused(workspace))

    async def complaint(self) -> str | None:
        """What is wrong with the database, in a word; None when it answers."""
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._db.ping()
        except Exception as error:
            return type(error).__name__
        return None

    async def delay(self) -> str | None:
        """Says since when something waits, when that is too long; None also without a database.

        What has failed doesn't count, nor do cards while Slack doesn't accept our token: a process that was taken out
        of service for either would refuse the payments that still come in, and nothing would be better for it.
        """
        if not self._longest:
            return None
        try:
            queues, workspace = await self._read()
        except Exception:
            return None
        if _is_paused(workspace):
            del queues["cards"]
        ages = {name: self._age(queue.oldest_untried) for name, queue in queues.items()}
        return ", ".join(f"{name} waits for {age:.0f} s" for name, age in ages.items() if age > self._longest) or None

    async def pause(self) -> str | None:
        """Says that Slack doesn't accept our token, when it doesn't; None also without a database."""
        try:
            _, workspace = await self._read()
        except Exception:
            return None
        if not _is_paused(workspace):
            return None
        return f"paused: Slack doesn't accept the token ({workspace.pause_reason})"

    async def _read(self) -> tuple[dict[str, Backlog], Workspace | None]:
        async with asyncio.timeout(TIMEOUT), self._db.read() as session:
            events = await backlog.events(session, self._team_id)
            cards = await backlog.cards(session, self._team_id)
            return {"inbox": events, "cards": cards}, await workspaces.get(session, self._team_id)

    def _age(self, since: float | None) -> float:
        return 0.0 if since is None else max(0.0, self._clock() - since)


def _is_paused(workspace: Workspace | None) -> TypeGuard[Workspace]:
    return workspace is not None and workspace.paused_since is not None
