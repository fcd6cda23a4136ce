"""How much waits in the two queues: Stripe's events and Slack's cards."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Card, StripeEvent


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many rows there are in each state that isn't final; since when (seconds since the epoch) the oldest of those
    that wait does, and the oldest of those among them that never failed. None when there is none."""

    counts: dict[str, int]
    oldest: float | None
    oldest_untried: float | None

    @property
    def waiting(self) -> int:
        """How many rows will be worked on."""
        return sum(count for state, count in self.counts.items() if state != "dead")


async def by_type(session: AsyncSession, team_id: str) -> dict[tuple[str, str], int]:
    """How many events the inbox has, by type and state."""
    query = (
        select(col(StripeEvent.type), col(StripeEvent.state), func.count())
        .where(col(StripeEvent.team_id) == team_id)
        .group_by(col(StripeEvent.type), col(StripeEvent.state))
    )
    return {(type, state): count for type, state, count in await session.execute(query)}


async def events(session: AsyncSession, team_id: str) -> Backlog:
    """The inbox: events that are new or dead."""
    return await _backlog(session, StripeEvent, team_id, ("new", "dead"), StripeEvent.received_at)


async def cards(session: AsyncSession, team_id: str) -> Backlog:
    """Cards that are due, uncertain or dead."""
    return await _backlog(session, Card, team_id, ("due", "uncertain", "dead"), Card.wanted_at)


async def _backlog(session: AsyncSession, table: Any, team_id: str, states: tuple[str, ...], since: Any) -> Backlog:
    untried = case((col(table.attempts) == 0, col(since)))
    query = (
        select(col(table.state), func.count(), func.min(col(since)), func.min(untried))
        .where(col(table.team_id) == team_id, col(table.state).in_(states))
        .group_by(col(table.state))
    )
    found = {state: rest for state, *rest in await session.execute(query)}
    waiting = [rest for state, rest in found.items() if state != "dead"]
    return Backlog(
        {state: found[state][0] if state in found else 0 for state in states},
        min((oldest for _, oldest, _ in waiting), default=None),
        min((untried for *_, untried in waiting if untried is not None), default=None),
    )
