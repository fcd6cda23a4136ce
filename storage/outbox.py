"""The cards that are due: taking them one per channel's turn, and saying how it ended.

A post is written down as `uncertain` when it is taken, before it leaves: whatever happens to its worker, nobody posts
it again without looking for it first. Every ending names the owner of the lease, and does nothing for any other.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, Float, String, and_, bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import digests, leases, pace, rows, turns
from storage.models import Card, Pace
from storage.pace import Turn
from storage.turns import IS_POST

_CARD = rows.table(Card)
_PACE = rows.table(Pace)


@dataclass(frozen=True, slots=True)
class Claim:
    """A card in hand, as it was when taken.

    `version` is what was wanted then. `unsure`: an earlier post of it may stand in Slack, since `card.updated_at` at
    the earliest; look before posting. `elsewhere`: the turns that were taken since, in the channel to which its post
    was redirected.
    """

    card: Card
    owner: str
    version: int
    unsure: bool
    elsewhere: list[Turn] = field(default_factory=list)

    @property
    def is_post(self) -> bool:
        """Whether a new message is to be posted, rather than one changed."""
        return self.card.ts is None

    @property
    def card_key(self) -> tuple[str, str, str]:
        """What the card is about, and where it was meant to stand."""
        return self.card.subject_kind, self.card.subject_id, self.card.channel_id

    @property
    def turn(self) -> Turn:
        """The turn that was taken with it."""
        of = pace.post_scope if self.is_post else pace.update_scope
        return Turn(of(self.card.channel_id), self.owner)

    @property
    def turns(self) -> list[Turn]:
        """Every turn that was taken for it."""
        return [self.turn, *self.elsewhere]


@dataclass(frozen=True, slots=True)
class Stood:
    """Slack shows `version` of a claim's card at `ts`, or needs no message for it (`ts` None)."""

    claim: Claim
    channel_id: str
    ts: str | None
    version: int

    def ending(self, now: float) -> dict[str, Any]:
        """What `_STAND` is told."""
        place = self.channel_id if self.ts else None
        named = {"card": self.claim.card.id, "by": self.claim.owner}
        return named | {"stands_at": self.ts, "stands_in": place, "version": self.version, "at": now}


async def claim(
    session: AsyncSession,
    team_id: str,
    owner: str,
    now: float,
    lease_until: float,
    limit: int,
    digest_after: int,
    posting: bool = False,
    suspected: bool = False,
) -> list[Claim]:
    """Takes up to `limit` due cards, at most one to post and one to update in each channel, posts first: of those that
    are `suspected` of their holders' deaths, or of the others (see `storage.leases`).

    Of a channel's posts the oldest comes first, unless it is so far behind that they become a digest
    (see `storage.digests`). `owner` is a token of this claim alone; `posting` says that its worker has posts in hand,
    which updates give way to (see `storage.turns`).
    """
    heads = await turns.heads(session, team_id, now, limit, posting, suspected)
    if not heads:
        return []
    ours = await pace.take(session, team_id, [head.scope for head in heads], owner, now, lease_until)
    first = {"due": set[str](), "uncertain": set[str]()}
    behind = set[str]()
    for head in heads:
        if head.scope not in ours:
            continue
        if head.backlog <= digest_after:
            first[head.state].add(head.id)
        else:
            behind.add(head.channel_id)
    first["due"] |= await digests.gather(session, team_id, behind, now)
    claims: list[Claim] = []
    for state, ids in first.items():
        claims += await _lease(session, ids, state, owner, now, lease_until)
    unused = ours - {claim.turn.scope for claim in claims}
    await pace.give_back(session, team_id, [Turn(scope, owner) for scope in unused], 0.0)
    return sorted(claims, key=lambda claim: not claim.is_post)


async def suspects(session: AsyncSession, team_id: str, now: float) -> bool:
    """Whether there are cards to be taken alone."""
    return bool(await turns.heads(session, team_id, now, 1, suspected=True))


async def goes_to(session: AsyncSession, claim: Claim, channel_id: str, now: float) -> bool:
    """Writes down that the card is about to be posted in another channel; False: it is no longer ours."""
    return await _write(session, claim, {"posted_channel": channel_id, "updated_at": now})


async def stand(session: AsyncSession, stood: Sequence[Stood], now: float) -> None:
    """What Slack shows now; each is due again if more is wanted by now."""
    # In the order of wishes (`storage.cards`), digests last: two transactions would wait for each other otherwise.
    ended = sorted(stood, key=lambda one: (one.claim.card.subject_kind == "digest", one.claim.card_key))
    await session.execute(_STAND, [one.ending(now) for one in ended])


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


async def release(session: AsyncSession, team_id: str, owners: Collection[str], next_at: float, due_at: float) -> None:
    """Gives back everything these owners still hold: turns from `next_at` on, cards from `due_at` on; a post that may
    have left stays `uncertain`."""
    mine = sorted(owners)
    free = {"lease_owner": "", "lease_until": 0.0}
    held = update(_CARD).where(_CARD.c.team_id == team_id, _CARD.c.lease_owner.in_(mine))
    await session.execute(held.values(free | {"due_at": due_at}))
    await session.execute(
        update(_PACE)
        .where(_PACE.c.team_id == team_id, _PACE.c.lease_owner.in_(mine))
        .values(free | {"next_at": next_at})
    )


async def hasten(session: AsyncSession, team_id: str, now: float) -> None:
    """Makes every card that was postponed due now; its channel's turn it waits for all the same."""
    waiting = update(_CARD).where(_CARD.c.team_id == team_id, _CARD.c.state.in_(("due", "uncertain")))
    await session.execute(waiting.where(_CARD.c.due_at > now, _CARD.c.lease_owner == "").values(due_at=now))


_AT: ColumnElement[float] = bindparam("at", type_=Float)
_MORE = _CARD.c.wanted > bindparam("version", type_=_CARD.c.wanted.type)
_STAND = (
    update(_CARD)
    .where(_CARD.c.id == bindparam("card"), _CARD.c.lease_owner == bindparam("by"))
    .values(
        state=case((_MORE, "due"), else_="standing"),
        wanted_at=case((_MORE, _AT), else_=_CARD.c.wanted_at),
        due_at=_AT,
        ts=bindparam("stands_at"),
        posted_channel=bindparam("stands_in"),
        standing=bindparam("version", type_=_CARD.c.wanted.type),
        attempts=0,
        reason="",
        lease_owner="",
        lease_until=0.0,
    )
)


async def _lease(
    session: AsyncSession, ids: Collection[str], state: str, owner: str, now: float, lease_until: float
) -> list[Claim]:
    """Leases those of these cards that are still in `state` and that nobody has taken meanwhile."""
    if not ids:
        return []
    taken = {"ids": ids, "in_state": state, "by": owner, "now": now, "until": lease_until}
    cards = [Card(**row._mapping) for row in await session.execute(_taking(rows.dialect(session).name), taken)]
    return [Claim(card, owner, card.wanted, unsure=state == "uncertain") for card in cards]


@cache
def _taking(dialect: str) -> Executable:
    now: ColumnElement[float] = bindparam("now", type_=Float)
    state = bindparam("in_state", type_=String)
    # A row that somebody is changing is left for the next time: waiting for it here could end in a deadlock.
    free = select(_CARD.c.id).where(
        rows.among(dialect, _CARD.c.id, "ids"),
        rows.unindexed(_CARD.c.state) == state,
        _CARD.c.due_at <= now,
        _CARD.c.lease_until <= now,
    )
    mine = free.with_for_update(skip_locked=True).cte("mine")
    leaves = and_(IS_POST, _CARD.c.state == "due")
    values = leases.taken(_CARD) | {
        "lease_owner": bindparam("by"),
        "lease_until": bindparam("until"),
        "state": case((leaves, "uncertain"), else_=_CARD.c.state),
        "posted_channel": case((leaves, _CARD.c.channel_id), else_=_CARD.c.posted_channel),
        "standing": case((leaves, _CARD.c.wanted), else_=_CARD.c.standing),
        "updated_at": case((_CARD.c.state == "due", now), else_=_CARD.c.updated_at),
    }
    return update(_CARD).where(_CARD.c.id.in_(select(mine.c.id))).values(values).returning(_CARD)


async def _end(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    return await _write(session, claim, values | {"lease_owner": "", "lease_until": 0.0})


async def _write(session: AsyncSession, claim: Claim, values: dict[str, Any]) -> bool:
    mine = (_CARD.c.id == claim.card.id, _CARD.c.lease_owner == claim.owner)
    written = await session.execute(update(_CARD).where(*mine).values(values).returning(_CARD.c.id))
    return written.first() is not None
