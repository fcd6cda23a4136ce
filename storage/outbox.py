"""The cards that are due: taking them one per channel's turn, and saying how it ended.

A post is written down as `uncertain` when it is taken, before it leaves: whatever happens to its worker, nobody posts
it again without looking for it first. Every ending names the owner of the lease, and does nothing for any other.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, update
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
    held = await pace.held_until(session, team_id, (pace.WORKSPACE, pace.UPDATES))
    if held[pace.WORKSPACE] > now:
        return []
    heads = await _heads(session, team_id, now, limit, posts=True)
    turns = await pace.take(session, team_id, [head.scope for head in heads], owner, now, lease_until)
    heads = [head for head in heads if head.scope in turns]
    posts = [head.id for head in heads if head.backlog <= digest_after]
    for head in heads:
        if head.backlog > digest_after and (digest := await digests.gather(session, team_id, head.channel_id, now)):
            posts.append(digest)
    updates: list[str] = []
    if held[pace.UPDATES] <= now:
        behind = await _heads(session, team_id, now, limit - len(posts), posts=False)
        own = await pace.take(session, team_id, [head.scope for head in behind], owner, now, lease_until)
        updates = [head.id for head in behind if head.scope in own]
        turns |= own
    claims = await _lease(session, [*posts, *updates], owner, now, lease_until)
    await pace.give_back(session, team_id, turns - {claim.scope for claim in claims}, owner, 0.0)
    return claims


async def next_due(session: AsyncSession, team_id: str) -> float | None:
    """When the next card can be claimed, as far as is known now; None when none waits."""
    held = await pace.held_until(session, team_id, (pace.WORKSPACE, pace.UPDATES))
    largest = func.max if rows.dialect(session).name == "sqlite" else func.greatest
    free = largest(func.coalesce(_PACE.c.next_at, 0.0), func.coalesce(_PACE.c.lease_until, 0.0))
    soonest = func.min(largest(_CARD.c.due_at, _CARD.c.lease_until, free))
    moments = []
    for posts, also in ((True, 0.0), (False, held[pace.UPDATES])):
        found: float | None = (await session.execute(_waiting(team_id, posts, soonest))).scalar()
        if found is not None:
            moments.append(max(found, also, held[pace.WORKSPACE]))
    return min(moments, default=None)


async def goes_to(session: AsyncSession, claim: Claim, channel_id: str, now: float) -> bool:
    """Writes down that the card is about to be posted in another channel; False: it is no longer ours."""
    return await _write(session, claim, {"posted_channel": channel_id, "updated_at": now})


async def stands(
    session: AsyncSession, claim: Claim, channel_id: str, ts: str | None, version: int, now: float
) -> bool:
    """Slack shows `version` at `ts`, or needs no message for it (`ts` None); due again if more is wanted by now."""
    state = case((_CARD.c.wanted > version, "due"), else_="standing")
    where = {"ts": ts, "posted_channel": channel_id if ts else None, "standing": version}
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


def _waiting(team_id: str, posts: bool, *columns: Any) -> Select[Any]:
    """Cards to post or to update, each with its channel's turn if there is a row for it."""
    scope = (pace.post_scope if posts else pace.update_scope)("") + _CARD.c.channel_id
    turn = and_(_PACE.c.team_id == team_id, _PACE.c.scope == scope)
    return (
        select(*columns)
        .select_from(_CARD.outerjoin(_PACE, turn))
        .where(_CARD.c.team_id == team_id, _CARD.c.state.in_(("due", "uncertain")))
        .where(_CARD.c.ts.is_(None) if posts else _CARD.c.ts.is_not(None))
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """The first card of a channel, and how many payments wait there to be posted."""

    id: str
    channel_id: str
    scope: str
    backlog: int


async def _heads(session: AsyncSession, team_id: str, now: float, limit: int, *, posts: bool) -> Iterable[_Head]:
    by_age = (_CARD.c.created_at, _CARD.c.id) if posts else (_CARD.c.due_at, _CARD.c.id)
    place = func.row_number().over(partition_by=_CARD.c.channel_id, order_by=by_age).label("place")
    waits = case((digests.gatherable(), 1), else_=0)
    backlog = func.sum(waits).over(partition_by=_CARD.c.channel_id).label("backlog")
    ready = (
        _waiting(team_id, posts, _CARD.c.id, _CARD.c.channel_id, _CARD.c.due_at, place, backlog)
        .where(_CARD.c.due_at <= now, _CARD.c.lease_until <= now)
        .where(or_(_PACE.c.scope.is_(None), and_(_PACE.c.next_at <= now, _PACE.c.lease_until <= now)))
        .subquery()
    )
    query = select(ready).where(ready.c.place == 1).order_by(ready.c.due_at, ready.c.id).limit(max(limit, 0))
    scope = pace.post_scope if posts else pace.update_scope
    return [
        _Head(row.id, row.channel_id, scope(row.channel_id), int(row.backlog)) for row in await session.execute(query)
    ]


async def _lease(session: AsyncSession, ids: Sequence[str], owner: str, now: float, lease_until: float) -> list[Claim]:
    """Leases those that nobody else has taken meanwhile, in the order given."""
    if not ids:
        return []
    free = (_CARD.c.id.in_(ids), _CARD.c.state.in_(("due", "uncertain")), _CARD.c.lease_until <= now)
    found = await session.execute(select(_CARD).where(*free).with_for_update(skip_locked=True))
    claims = [_claimed(Card(**row._mapping), owner) for row in found]
    leaving = [claim.card.id for claim in claims if claim.is_post and not claim.unsure]
    lapsed = case((_CARD.c.lease_owner != "", 1), else_=0)
    held = {"lease_owner": owner, "lease_until": lease_until, "attempts": _CARD.c.attempts + lapsed}
    mark = {
        "state": "uncertain",
        "posted_channel": _CARD.c.channel_id,
        "standing": _CARD.c.wanted,
        "updated_at": now,
    }
    await session.execute(update(_CARD).where(_CARD.c.id.in_([claim.card.id for claim in claims])).values(held))
    if leaving:
        await session.execute(update(_CARD).where(_CARD.c.id.in_(leaving)).values(mark))
    return sorted(claims, key=lambda claim: ids.index(claim.card.id))


def _claimed(card: Card, owner: str) -> Claim:
    unsure = card.state == "uncertain"
    if card.ts is None and not unsure:
        card.posted_channel = card.channel_id
    # A lease that ran out was an attempt.
    card.attempts += bool(card.lease_owner)
    return Claim(card, owner, card.wanted, unsure)


async def _end(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    return await _write(session, claim, values | {"lease_owner": "", "lease_until": 0.0})


async def _write(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    mine = (_CARD.c.id == claim.card.id, _CARD.c.lease_owner == claim.owner)
    written = await session.execute(update(_CARD).where(*mine).values(values).returning(_CARD.c.id))
    return written.first() is not None
