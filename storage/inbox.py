"""The inbox: verified Stripe events, stored once each and handled under a lease."""

import json
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Float, Select, bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import leases, rows
from storage.database import Database
from storage.models import StripeEvent

_EVENT = rows.table(StripeEvent)
_COLUMNS = "team_id, id, type, created, body, state, reason, attempts, due_at, lease_until, lease_owner, received_at"
_ON_CONFLICT = "ON CONFLICT (team_id, id) DO NOTHING RETURNING id"


class Arrival(NamedTuple):
    """An event as it came: Stripe's id, type and moment of creation, and its body to the byte."""

    id: str
    type: str
    created: float
    body: bytes


class Claimed(NamedTuple):
    """An event as its worker has it: `attempts` are those that failed before, `reason` why the last of them did."""

    id: str
    type: str
    created: float
    body: bytes
    attempts: int
    reason: str
    due_at: float
    received_at: float


async def store(db: Database, team_id: str, arrivals: Sequence[Arrival], now: float) -> set[str]:
    """Puts events into the inbox in one statement, on disk when this answers the ids that were not there before.

    An id may occur more than once among the arrivals; the first is kept.
    """
    if not arrivals:
        return set()
    if db.dialect == "postgresql":
        statement, values = _postgresql_insert(), _by_column(team_id, arrivals, now)
    else:
        statement, values = _sqlite_insert(), _one_after_the_other(team_id, arrivals, now)
    return {id for (id,) in await db.run(statement, values)}


async def claim(
    session: AsyncSession,
    team_id: str,
    owner: str,
    now: float,
    lease_until: float,
    limit: int,
    suspected: bool = False,
) -> Sequence[Claimed]:
    """Leases the events due longest to `owner`, a token of this claim alone: of those that are `suspected` of their
    holders' deaths, or of the others (see `storage.leases`)."""
    given = {"team": team_id, "now": now, "by": owner, "until": lease_until, "most": limit}
    claimed = [Claimed(*row) for row in await session.execute(_claiming(suspected), given)]
    return sorted(claimed, key=lambda event: (event.due_at, event.created, event.id))


async def suspects(session: AsyncSession, team_id: str, now: float) -> bool:
    """Whether there are events to be taken alone."""
    waiting = _free(suspected=True).limit(1)
    return (await session.execute(waiting, {"team": team_id, "now": now})).first() is not None


async def keep(
    session: AsyncSession, team_id: str, claims: Collection[tuple[str, str]], lease_until: float
) -> set[tuple[str, str]]:
    """Prolongs the leases on events, given as (id, owner), and answers which of these claims still held."""
    return await _change_held(session, team_id, claims, lease_until=lease_until)


async def finish(session: AsyncSession, team_id: str, claims: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Marks events, given as (id, owner), done, and answers which of these claims still held.

    To be called before an event's writes and in the same transaction: what isn't answered isn't theirs to write. One
    process may have taken an event twice, when its first lease ran out; only the later claim holds.
    """
    # Who finished an event stays written down: RETURNING tells what a row became, not what it was.
    return await _change_held(session, team_id, claims, state="done", reason="", lease_until=0.0)


async def note(session: AsyncSession, team_id: str, ids: Collection[str], state: str, reason: str) -> None:
    """Says how finished events ended, when that was not simply `done`."""
    given = {"team": team_id, "ids": ids, "new_state": state, "new_reason": reason}
    await session.execute(_noting(rows.dialect(session).name), given)


async def postpone(
    session: AsyncSession, team_id: str, id: str, owner: str, *, due_at: float, attempts: int, reason: str, dead: bool
) -> None:
    """Gives an event back to be tried again at `due_at`, or gives it up; nothing when `owner` no longer holds it."""
    mine = (_EVENT.c.id == id, _EVENT.c.lease_owner == owner, _EVENT.c.state == "new")
    statement = update(_EVENT).where(_EVENT.c.team_id == team_id, *mine)
    ending = {"state": "dead" if dead else "new", "due_at": due_at, "attempts": attempts, "reason": reason}
    await session.execute(statement.values(ending | {"lease_owner": "", "lease_until": 0.0}))


async def release(session: AsyncSession, team_id: str, owners: Collection[str]) -> None:
    """Gives back, untried, everything these owners still hold."""
    statement = update(_EVENT).where(
        _EVENT.c.team_id == team_id, _EVENT.c.state == "new", _EVENT.c.lease_owner.in_(sorted(owners))
    )
    await session.execute(statement.values(lease_owner="", lease_until=0.0))


async def next_due(session: AsyncSession, team_id: str) -> float | None:
    """When the next event can be claimed; None when none waits."""
    ready = case((_EVENT.c.lease_until > _EVENT.c.due_at, _EVENT.c.lease_until), else_=_EVENT.c.due_at)
    query = select(func.min(ready)).where(_EVENT.c.team_id == team_id, _EVENT.c.state == "new")
    found: float | None = (await session.execute(query)).scalar()
    return found


async def dead(session: AsyncSession, team_id: str, limit: int = 100) -> Sequence[StripeEvent]:
    """Events given up on, the latest first; `reason` says why."""
    query = select(StripeEvent).where(_EVENT.c.team_id == team_id, _EVENT.c.state == "dead")
    return (await session.scalars(query.order_by(_EVENT.c.due_at.desc(), _EVENT.c.id).limit(limit))).all()


async def retry(session: AsyncSession, team_id: str, id: str, now: float) -> bool:
    """Tries a dead event again from the first attempt; False when there is no such dead event."""
    statement = update(_EVENT).where(_EVENT.c.team_id == team_id, _EVENT.c.id == id, _EVENT.c.state == "dead")
    revived = statement.values(state="new", attempts=0, reason="", due_at=now).returning(_EVENT.c.id)
    return (await session.execute(revived)).first() is not None


async def _change_held(
    session: AsyncSession, team_id: str, claims: Collection[tuple[str, str]], **changes: object
) -> set[tuple[str, str]]:
    """Changes the events that are held by these claims, and answers which those were."""
    statement = _changing(rows.dialect(session).name, *changes)
    held = {"ids": {id for id, _ in claims}, "claims": {f"{id}/{owner}" for id, owner in claims}}
    given = {"team": team_id, **held, **{f"new_{name}": value for name, value in changes.items()}}
    return {(row.id, row.lease_owner) for row in await session.execute(statement, given)}


@cache
def _free(suspected: bool) -> Select[Any]:
    now: ColumnElement[float] = bindparam("now", type_=Float)
    waiting = (_EVENT.c.team_id == bindparam("team"), _EVENT.c.state == "new")
    free = (_EVENT.c.due_at <= now, _EVENT.c.lease_until <= now)
    return select(_EVENT.c.id).where(*waiting, *free, leases.suspected(_EVENT).is_(suspected))


@cache
def _claiming(suspected: bool) -> Executable:
    oldest = _free(suspected).order_by(_EVENT.c.due_at).limit(bindparam("most"))
    due = oldest.with_for_update(skip_locked=True).cte("due")
    lease: dict[str, Any] = {"lease_owner": bindparam("by"), "lease_until": bindparam("until")}
    return (
        update(_EVENT)
        .where(_EVENT.c.team_id == bindparam("team"), _EVENT.c.id.in_(select(due.c.id)))
        .values(leases.taken(_EVENT) | lease)
        .returning(*(_EVENT.c[name] for name in Claimed._fields))
    )


@cache
def _changing(dialect: str, *changed: str) -> Executable:
    claim = _EVENT.c.id + "/" + _EVENT.c.lease_owner
    return (
        update(_EVENT)
        .where(_EVENT.c.team_id == bindparam("team"), rows.among(dialect, _EVENT.c.id, "ids"))
        .where(rows.unindexed(_EVENT.c.state) == "new", rows.among(dialect, claim, "claims"))
        .values({name: bindparam(f"new_{name}", type_=_EVENT.c[name].type) for name in changed})
        .returning(_EVENT.c.id, _EVENT.c.lease_owner)
    )


@cache
def _noting(dialect: str) -> Executable:
    return (
        update(_EVENT)
        .where(_EVENT.c.team_id == bindparam("team"), rows.among(dialect, _EVENT.c.id, "ids"))
        .values(state=bindparam("new_state"), reason=bindparam("new_reason"))
    )


def _by_column(team_id: str, arrivals: Sequence[Arrival], now: float) -> tuple[object, ...]:
    # Always in the same order: two receivers of the same events would wait for each other otherwise.
    in_order = sorted(arrivals, key=lambda arrival: arrival.id)
    return (
        team_id,
        now,
        [arrival.id for arrival in in_order],
        [arrival.type for arrival in in_order],
        [arrival.created for arrival in in_order],
        [arrival.body for arrival in in_order],
    )


def _one_after_the_other(team_id: str, arrivals: Sequence[Arrival], now: float) -> tuple[object, ...]:
    """The bodies as one, and where in it each begins."""
    given, start = [], 1
    for arrival in arrivals:
        given.append((arrival.id, arrival.type, arrival.created, start, len(arrival.body)))
        start += len(arrival.body)
    return team_id, now, json.dumps(given), b"".join(arrival.body for arrival in arrivals)


@cache
def _postgresql_insert() -> str:
    given = "unnest($3::text[], $4::text[], $5::float8[], $6::bytea[]) AS arrival (id, type, created, body)"
    values = "$1, id, type, created, body, 'new', '', 0, $2::float8, 0, '', $2::float8"
    return f"INSERT INTO stripe_event ({_COLUMNS}) SELECT {values} FROM {given} {_ON_CONFLICT}"  # noqa: S608


@cache
def _sqlite_insert() -> str:
    # One statement for any number of events: a connection keeps each statement that it has prepared, and with it the
    # values of its last run, bodies and all.
    id, type, created, start, length = (f"json_extract(value, '$[{number}]')" for number in range(5))
    body = f"IFNULL(substr(?4, {start}, {length}), x'')"  # of nothing, substr is NULL
    values = f"?1, {id}, {type}, {created}, {body}, 'new', '', 0, ?2, 0, '', ?2"
    # WHERE true: without it SQLite takes ON for the beginning of a join's condition.
    select = f"SELECT {values} FROM json_each(?3) WHERE true"  # noqa: S608
    return f"INSERT INTO stripe_event ({_COLUMNS}) {select} {_ON_CONFLICT}"
