"""Whose turn it is: the cards that may be sent now, the first of each channel's posts and of its updates."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, String, and_, bindparam, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import digests, leases, pace, rows
from storage.models import Card, Pace

_CARD = rows.table(Card)
_PACE = rows.table(Pace)
PATIENCE = 0.5
"""How long updates give way to posts, in seconds."""

MOST_UPDATES = 8
"""So many updates are taken at a time, so that a post that comes next has not long to wait."""

_TEAM: ColumnElement[str] = bindparam("team", type_=String)
_NOW: ColumnElement[float] = bindparam("now", type_=Float)

IS_POST = _CARD.c.ts.is_(None)
"""Whether a card's message is to be posted, rather than changed."""


@dataclass(frozen=True, slots=True)
class Head:
    """The first card for a turn, and how many payments wait in its channel to be posted."""

    id: str
    channel_id: str
    state: str
    scope: str
    backlog: int
    is_post: bool
    due_at: float


async def heads(
    session: AsyncSession, team_id: str, now: float, limit: int, posting: bool = False, suspected: bool = False
) -> list[Head]:
    """For each free turn its first ready card: posts by the age of the card, updates by that of the change; the posts
    before the updates.

    One that has failed goes behind those that haven't, so that it never holds them up; a thread's reply goes behind
    what stands in the channel itself. While there is something to post, or the caller is `posting`, no update is taken
    until one has waited for PATIENCE; what many changes ask for is then one update, and many updates are taken at once.
    Cards that are `suspected` (see `storage.leases`) wait for their turns by themselves.
    """
    found = []
    for row in await session.execute(_heads(suspected), {"team": team_id, "now": now, "most": limit}):
        scope = pace.post_scope(row.channel_id) if row.post else pace.update_scope(row.channel_id)
        found.append(Head(row.id, row.channel_id, row.state, scope, int(row.backlog), bool(row.post), row.due_at))
    posts, updates = [head for head in found if head.is_post], [head for head in found if not head.is_post]
    if (posts or posting) and all(head.due_at > now - PATIENCE for head in updates):
        return posts
    return posts + updates[:MOST_UPDATES]


async def next_due(session: AsyncSession, team_id: str, posting: bool = False) -> float | None:
    """When the next card can be claimed, as far as is known now; None when none waits. `posting` as in `heads`."""
    given = {"team": team_id, "patience": PATIENCE if posting else 0.0}
    found: float | None = (await session.execute(_soonest(rows.dialect(session).name), given)).scalar()
    return found


@cache
def _heads(suspected: bool) -> Select[Any]:
    is_reply = case((_CARD.c.parent_id.is_(None), 0), else_=1)
    age = case((IS_POST, _CARD.c.created_at), else_=_CARD.c.due_at)
    same_turn = (_CARD.c.channel_id, IS_POST)
    order = (_CARD.c.attempts, is_reply, age, _CARD.c.id)
    place = func.row_number().over(partition_by=same_turn, order_by=order).label("place")
    backlog = func.sum(case((digests.gatherable(), 1), else_=0)).over(partition_by=same_turn).label("backlog")
    post = case((IS_POST, 1), else_=0).label("post")
    columns = (_CARD.c.id, _CARD.c.channel_id, _CARD.c.state, _CARD.c.due_at, post, place, backlog)
    free = or_(_PACE.c.scope.is_(None), and_(_PACE.c.next_at <= _NOW, _PACE.c.lease_until <= _NOW))
    ready = _waiting(*columns).where(_CARD.c.due_at <= _NOW, _CARD.c.lease_until <= _NOW, free)
    found = ready.where(_held_off() <= _NOW, leases.suspected(_CARD).is_(suspected)).subquery()
    first = select(found).where(found.c.place == 1).order_by(found.c.post.desc(), found.c.due_at, found.c.id)
    return first.limit(bindparam("most"))


@cache
def _soonest(dialect: str) -> Select[Any]:
    largest = func.max if dialect == "sqlite" else func.greatest
    turn_free = (func.coalesce(_PACE.c.next_at, 0.0), func.coalesce(_PACE.c.lease_until, 0.0))
    due_at = _CARD.c.due_at + case((IS_POST, 0.0), else_=bindparam("patience", type_=Float))
    return _waiting(func.min(largest(due_at, _CARD.c.lease_until, *turn_free, _held_off())))


def _waiting(*columns: Any) -> Select[Any]:
    """Cards to post or to update, each with the turn it needs, if there is a row for that."""
    scope = case((IS_POST, pace.post_scope("")), else_=pace.update_scope("")) + _CARD.c.channel_id
    turn = and_(_PACE.c.team_id == _TEAM, _PACE.c.scope == scope)
    unfinished = (_CARD.c.team_id == _TEAM, _CARD.c.state.in_(("due", "uncertain")))
    return select(*columns).select_from(_CARD.outerjoin(_PACE, turn)).where(*unfinished)


def _held_off() -> ColumnElement[float]:
    """Until when a card has to wait for the whole workspace: all of them, or the updates longer."""
    workspace, updates = (func.coalesce(pace.held(_TEAM, scope), 0.0) for scope in (pace.WORKSPACE, pace.UPDATES))
    return case((or_(IS_POST, updates < workspace), workspace), else_=updates)
