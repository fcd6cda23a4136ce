"""Turns to speak to Slack: at most one holder per scope, and not before a moment.

Scopes: `post:<channel>` and `update:<channel>` are taken and given back; `updates` (every update) and `workspace`
(everything) are only ever held off. A turn whose holder died is free again when its lease runs out.
"""

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, ScalarSelect, bindparam, case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Pace

UPDATES = "updates"
WORKSPACE = "workspace"

_PACE = rows.table(Pace)
_KEY = ["team_id", "scope"]


class Turn(NamedTuple):
    """A scope in somebody's hands."""

    scope: str
    owner: str


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
    wanted = [
        {"team_id": team_id, "scope": scope, "next_at": now, "lease_until": lease_until, "lease_owner": owner}
        for scope in sorted(scopes)
    ]
    return set((await session.execute(_take(rows.dialect(session).name), wanted)).scalars())


async def give_back(session: AsyncSession, team_id: str, turns: Collection[Turn], next_at: float) -> None:
    """Ends turns, each for its owner alone; nobody gets them before `next_at`."""
    if not turns:
        return
    # Always in the same order: two workers would wait for each other otherwise.
    ended = [{"team": team_id, "of": turn.scope, "by": turn.owner, "then": next_at} for turn in sorted(turns)]
    await session.execute(_GIVE_BACK, ended)


async def hold_off(session: AsyncSession, team_id: str, scope: str, until: float) -> None:
    """Nobody gets this scope before `until`; a hold already longer stays."""
    insert = _insert(rows.dialect(session).name)
    statement = insert.on_conflict_do_update(
        index_elements=_KEY,
        set_={"next_at": insert.excluded.next_at},
        where=_PACE.c.next_at < insert.excluded.next_at,
    )
    row = {"team_id": team_id, "scope": scope, "next_at": until, "lease_until": 0.0, "lease_owner": ""}
    await session.execute(statement, [row])


async def free(session: AsyncSession, team_id: str, scope: str, now: float) -> None:
    """Ends a hold."""
    statement = update(_PACE).where(_PACE.c.team_id == team_id, _PACE.c.scope == scope, _PACE.c.next_at > now)
    await session.execute(statement.values(next_at=now))


def held(team_id: str | ColumnElement[str], scope: str) -> ScalarSelect[float]:
    """As part of a query: the moment from which a scope may be used; NULL when nothing ever held it."""
    return select(_PACE.c.next_at).where(_PACE.c.team_id == team_id, _PACE.c.scope == scope).scalar_subquery()


@cache
def _take(dialect: str) -> Executable:
    """A turn that nobody ever had is free from `next_at` on, which is now."""
    insert = _insert(dialect)
    free = (_PACE.c.next_at <= insert.excluded.next_at) & (_PACE.c.lease_until <= insert.excluded.next_at)
    taken = {"lease_until": insert.excluded.lease_until, "lease_owner": insert.excluded.lease_owner}
    statement: Executable = insert.on_conflict_do_update(index_elements=_KEY, set_=taken, where=free).returning(
        _PACE.c.scope
    )
    return statement


_THEN: ColumnElement[float] = bindparam("then", type_=_PACE.c.next_at.type)
_GIVE_BACK = (
    update(_PACE)
    .where(_PACE.c.team_id == bindparam("team"), _PACE.c.scope == bindparam("of"))
    .where(_PACE.c.lease_owner == bindparam("by"))
    .values(next_at=case((_PACE.c.next_at > _THEN, _PACE.c.next_at), else_=_THEN), lease_until=0.0, lease_owner="")
)


def _insert(dialect: str) -> Any:
    return (sqlite.insert if dialect == "sqlite" else postgresql.insert)(_PACE)
