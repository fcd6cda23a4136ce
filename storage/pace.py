"""Turns to speak to Slack: at most one holder per scope, and not before a moment.

Scopes: `post:<channel>` and `update:<channel>` are taken and given back; `updates` (every update) and `workspace`
(everything) are only ever held off. A turn whose holder died is free again when its lease runs out.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ScalarSelect, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Pace

UPDATES = "updates"
WORKSPACE = "workspace"


def post_scope(channel_id: str) -> str:
    """The turn to post a new message in a channel."""
    return f"post:{channel_id}"


def update_scope(channel_id: str) -> str:
    """The turn to change a message in a channel."""
    return f"update:{channel_id}"


async def take(
    session: AsyncSession, team_id: str, scopes: Collection[str], owner: str, now: float, lease_until: float
) -> set[str]:
    """Takes the turns that are free now, and answers which these were."""
    if not scopes:
        return set()
    pace = rows.table(Pace)
    insert = _insert(session)
    statement = insert.on_conflict_do_update(
        index_elements=["team_id", "scope"],
        set_={"lease_until": insert.excluded.lease_until, "lease_owner": insert.excluded.lease_owner},
        where=(pace.c.next_at <= now) & (pace.c.lease_until <= now),
    )
    wanted = [
        {"team_id": team_id, "scope": scope, "next_at": 0.0, "lease_until": lease_until, "lease_owner": owner}
        for scope in sorted(scopes)
    ]
    taken = await session.execute(statement.values(wanted).returning(pace.c.scope))
    return set(taken.scalars())


async def give_back(session: AsyncSession, team_id: str, scopes: Collection[str], owner: str, next_at: float) -> None:
    """Ends this owner's turns; nobody gets them before `next_at`."""
    pace = rows.table(Pace)
    statement = update(pace).where(
        pace.c.team_id == team_id, pace.c.scope.in_(sorted(scopes)), pace.c.lease_owner == owner
    )
    later = case((pace.c.next_at > next_at, pace.c.next_at), else_=next_at)
    await session.execute(statement.values(next_at=later, lease_until=0.0, lease_owner=""))


async def hold_off(session: AsyncSession, team_id: str, scope: str, until: float) -> None:
    """Nobody gets this scope before `until`; a hold already longer stays."""
    pace = rows.table(Pace)
    insert = _insert(session)
    statement = insert.on_conflict_do_update(
        index_elements=["team_id", "scope"],
        set_={"next_at": insert.excluded.next_at},
        where=pace.c.next_at < insert.excluded.next_at,
    )
    row = {"team_id": team_id, "scope": scope, "next_at": until, "lease_until": 0.0, "lease_owner": ""}
    await session.execute(statement, [row])


async def free(session: AsyncSession, team_id: str, scope: str, now: float) -> None:
    """Ends a hold."""
    pace = rows.table(Pace)
    statement = update(pace).where(pace.c.team_id == team_id, pace.c.scope == scope, pace.c.next_at > now)
    await session.execute(statement.values(next_at=now))


def held(team_id: str, scope: str) -> ScalarSelect[float]:
    """As part of a query: the moment from which a scope may be used; NULL when nothing ever held it."""
    pace = rows.table(Pace)
    return select(pace.c.next_at).where(pace.c.team_id == team_id, pace.c.scope == scope).scalar_subquery()


def _insert(session: AsyncSession) -> Any:
    make = sqlite.insert if rows.dialect(session).name == "sqlite" else postgresql.insert
    return make(rows.table(Pace))
