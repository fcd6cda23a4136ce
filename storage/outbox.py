"""The cards that are due: taking them one per channel's turn, and saying how it ended.

A post is written down as `uncertain` when it is taken, before it leaves: whatever happens to its worker, nobody posts
it again without looking for it first. Every ending names the owner of the lease, and does nothing for any other.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import digests, pace, rows
from storage.models import Card, Pace

_CARD = rows.table(Card)
_PACE = rows.table(Pace)


@dataclass(frozen=True, slots=True)
class Claim:
    """A card in hand, as it was when taken.

    `version` is what was wanted then. `unsure`: an earlier post of it may stand in Slack, since `card.updated_at` at
    the earliest; look before posting.
    """

    card: Card
    owner: str
    version: int
    unsure: bool

    @property
    def is_post(self) -> bool:
        """Whether a new message is to be posted, rather than one changed."""
        return self.card.ts is None

    @property
    def scope(self) -> str:
        """The turn that is held for it."""
        return pace.post_scope(self.card.channel_id) if self.is_post else pace.update_scope(self.card.channel_id)


async def claim(
    session: AsyncSession, team_id: str, owner: str, now: float, lease_until: float, limit: int, digest_after: int
) -> list[Claim]:
    """Takes up to `limit` due cards, at most one to post and one to update in each channel, posts first.

    Of a channel's posts the oldest comes first, unless it is so far behind that they become a digest
    (see `storage.digests`). `owner` is a token of this claim alone.
    """
    heads = await _heads(session, team_id, now, limit)
    if not heads:
        return []
    turns = await pace.take(session, team_id, [head.scope for head in heads], owner, now, lease_until)
    first = {"due": set[str](), "uncertain": set[str]()}
    for head in heads:
        if head.scope not in turns:
            continue
        if head.backlog <= digest_after:
            first[head.state].add(head.id)
        elif digest := await digests.gather(session, team_id, head.channel_id, now):
            first["due"].add(digest)
    claims: list[Claim] = []
    for state, ids in first.items():
        claims += await _lease(session, ids, state, owner, now, lease_until)
    if unused := turns - {claim.scope for claim in claims}:
        await pace.give_back(session, team_id, unused, owner, 0.0)
    return sorted(claims, key=lambda claim: not claim.is_post)


async def next_due(session: AsyncSession, team_id: str) -> float | None:
    """When the next card can be claimed, as far as is known now; None when none waits."""
    largest = func.max if rows.dialect(session).name == "sqlite" else func.greatest
    turn_free = (func.coalesce(_PACE.c.next_at, 0.0), func.coalesce(_PACE.c.lease_until, 0.0))
    soonest = func.min(largest(_CARD.c.due_at, _CARD.c.lease_until, *turn_free, _held_off(team_id)))
    found: float | None = (await session.execute(_waiting(team_id, soonest))).scalar()
    return found


async def goes_to(session: AsyncSession, claim: Claim, channel_id: str, now: float) -> bool:
    """Writes down that the card is about to be posted in another channel; False: it is no longer ours."""
    return await _write(session, claim, {"posted_channel": channel_id, "updated_at": now})


async def stands(
    session: AsyncSession, claim: Claim, channel_id: str, ts: str | None, version: int, now: float
) -> bool:
    """Slack shows `version` at `ts`, or needs no message for it (`ts` None); due again if more is wanted by now."""
    state = case((_CARD.c.wanted > version, "due"), else_="standing")
    wanted_at = case((_CARD.c.wanted > version, now), else_=_CARD.c.wanted_at)
    where = {"wanted_at": wanted_at, "ts": ts, "posted_channel": channel_id if ts else None, "standing": version}
    return await _end(session, claim, where | {"state": state, "due_at": now, "attempts": 0, "reason": ""})


async def postpone(
    session: AsyncSession, claim: Claim, *, due_at: float, attempts: int, reason: str, unsure: bool, dead: bool
) -> bool:
    """Not done: to be tried again at `due_at`, or given up. `unsure` keeps the post's outcome open."""
    state = "dead" if dead else "uncertain" if unsure else "due"
    values: dict[str, Any] = {"state": state, "due_at": due_at, "attempts": attempts, "reason": reason}
    if claim.is_post and not unsure:
        values |= {"posted_channel": None, "standing": 0}
    return await _end(session, claim, values)


async def post_anew(session: AsyncSession, claim: Claim, now: float) -> bool:
    """The message is gone or not ours to change: a new one, with a key of its own, takes its place."""
    fresh = {"ts": None, "posted_channel": None, "standing": 0, "key": secrets.token_hex(8)}
    return await _end(session, claim, fresh | {"state": "due", "due_at": now})


async def release(session: AsyncSession, team_id: str, owners: Collection[str], next_at: float) -> None:
    """Gives back everything these owners still hold, turns from `next_at` on; a post that may have left stays
    `uncertain`."""
    mine = sorted(owners)
    free = {"lease_owner": "", "lease_until": 0.0}
    await session.execute(update(_CARD).where(_CARD.c.team_id == team_id, _CARD.c.lease_owner.in_(mine)).values(free))
    await session.execute(
        update(_PACE)
        .where(_PACE.c.team_id == team_id, _PACE.c.lease_owner.in_(mine))
        .values(free | {"next_at": next_at})
    )


async def hasten(session: AsyncSession, team_id: str, now: float) -> None:
    """Makes every card that was postponed due now; its channel's turn it waits for all the same."""
    waiting = update(_CARD).where(_CARD.c.team_id == team_id, _CARD.c.state.in_(("due", "uncertain")))
    await session.execute(waiting.where(_CARD.c.due_at > now, _CARD.c.lease_owner == "").values(due_at=now))


_IS_POST = _CARD.c.ts.is_(None)


def _waiting(team_id: str, *columns: Any) -> Select[Any]:
    """Cards to post or to update, each with the turn it needs, if there is a row for that."""
    scope = case((_IS_POST, pace.post_scope("")), else_=pace.update_scope("")) + _CARD.c.channel_id
    turn = and_(_PACE.c.team_id == team_id, _PACE.c.scope == scope)
    unfinished = (_CARD.c.team_id == team_id, _CARD.c.state.in_(("due", "uncertain")))
    return select(*columns).select_from(_CARD.outerjoin(_PACE, turn)).where(*unfinished)


@dataclass(frozen=True, slots=True)
class _Head:
    """The first card for a turn, and how many payments wait in its channel to be posted."""

    id: str
    channel_id: str
    state: str
    scope: str
    backlog: int


def _held_off(team_id: str) -> ColumnElement[float]:
    """Until when a card has to wait for the whole workspace: all of them, or the updates longer."""
    workspace, updates = (func.coalesce(pace.held(team_id, scope), 0.0) for scope in (pace.WORKSPACE, pace.UPDATES))
    return case((or_(_IS_POST, updates < workspace), workspace), else_=updates)


async def _heads(session: AsyncSession, team_id: str, now: float, limit: int) -> list[_Head]:
    """For each free turn its first ready card: posts by the age of the card, updates by that of the change.

    One that has failed goes behind those that haven't, so that it never holds them up; a thread's reply goes behind
    what stands in the channel itself.
    """
    is_reply = case((_CARD.c.parent_id.is_(None), 0), else_=1)
    age = case((_IS_POST, _CARD.c.created_at), else_=_CARD.c.due_at)
    same_turn = (_CARD.c.channel_id, _IS_POST)
    order = (_CARD.c.attempts, is_reply, age, _CARD.c.id)
    place = func.row_number().over(partition_by=same_turn, order_by=order).label("place")
    backlog = func.sum(case((digests.gatherable(), 1), else_=0)).over(partition_by=same_turn).label("backlog")
    post = case((_IS_POST, 1), else_=0).label("post")
    columns = (_CARD.c.id, _CARD.c.channel_id, _CARD.c.state, _CARD.c.due_at, post, place, backlog)
    free = or_(_PACE.c.scope.is_(None), and_(_PACE.c.next_at <= now, _PACE.c.lease_until <= now))
    ready = _waiting(team_id, *columns).where(_CARD.c.due_at <= now, _CARD.c.lease_until <= now, free)
    found = ready.where(_held_off(team_id) <= now).subquery()
    query = select(found).where(found.c.place == 1).order_by(found.c.post.desc(), found.c.due_at, found.c.id)
    heads = []
    for row in await session.execute(query.limit(limit)):
        scope = pace.post_scope(row.channel_id) if row.post else pace.update_scope(row.channel_id)
        heads.append(_Head(row.id, row.channel_id, row.state, scope, int(row.backlog)))
    return heads


async def _lease(
    session: AsyncSession, ids: Collection[str], state: str, owner: str, now: float, lease_until: float
) -> list[Claim]:
    """Leases those of these cards that are still in `state` and that nobody has taken meanwhile."""
    if not ids:
        return []
    # A row that somebody is changing is left for the next time: waiting for it here could end in a deadlock.
    free = select(_CARD.c.id).where(
        _CARD.c.id.in_(sorted(ids)), _CARD.c.state == state, _CARD.c.due_at <= now, _CARD.c.lease_until <= now
    )
    mine = free.with_for_update(skip_locked=True).cte("mine")
    leaves = and_(_IS_POST, _CARD.c.state == "due")
    lapsed = case((_CARD.c.lease_owner != "", 1), else_=0)
    values = {
        "lease_owner": owner,
        "lease_until": lease_until,
        "attempts": _CARD.c.attempts + lapsed,
        "state": case((leaves, "uncertain"), else_=_CARD.c.state),
        "posted_channel": case((leaves, _CARD.c.channel_id), else_=_CARD.c.posted_channel),
        "standing": case((leaves, _CARD.c.wanted), else_=_CARD.c.standing),
        "updated_at": case((_CARD.c.state == "due", now), else_=_CARD.c.updated_at),
    }
    taken = update(_CARD).where(_CARD.c.id.in_(select(mine.c.id))).values(values).returning(_CARD)
    cards = [Card(**row._mapping) for row in await session.execute(taken)]
    return [Claim(card, owner, card.wanted, unsure=state == "uncertain") for card in cards]


async def _end(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    return await _write(session, claim, values | {"lease_owner": "", "lease_until": 0.0})


async def _write(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    mine = (_CARD.c.id == claim.card.id, _CARD.c.lease_owner == claim.owner)
    written = await session.execute(update(_CARD).where(*mine).values(values).returning(_CARD.c.id))
    return written.first() is not None
