"""One message for many payments, for a channel that has fallen far behind.

The rule: when a channel's turn to post comes and more than a set number of its payments have not been posted, all of
them are gathered under one digest. They join the channel's latest digest while that is not posted yet or is younger
than a minute, and start a new one otherwise. What comes later is posted by itself again, until the channel falls
behind again. A gathered payment never gets a message of its own; when it changes, its digest is brought up to date.
"""

import secrets
from collections.abc import Collection
from typing import Literal, NamedTuple

from sqlalchemy import ColumnElement, and_, case, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Card

JOIN_SECONDS = 60.0

_CARD = rows.table(Card)


def gatherable() -> ColumnElement[bool]:
    """Payments that surely have no message yet."""
    return and_(_CARD.c.subject_kind == "payment", _CARD.c.state == "due", _CARD.c.ts.is_(None))


class _Digest(NamedTuple):
    id: str
    state: Literal["new", "unposted", "posted"]


async def gather(session: AsyncSession, team_id: str, channel_ids: Collection[str], now: float) -> set[str]:
    """Puts the waiting payments of each channel under a digest; the caller holds these channels' turns to post.

    Answers the ids of the digests that are to be posted. Those whose message stands already are due to be updated.
    """
    joined = {channel_id: await _latest(session, team_id, channel_id, now) for channel_id in channel_ids}
    unposted = set[str]()
    # In the order of their ids, as everywhere: two transactions would wait for each other otherwise.
    for channel_id, digest in sorted(joined.items(), key=lambda one: one[1].id):
        gathered = await _put_under(session, team_id, channel_id, digest.id, now)
        if gathered and digest.state == "new":
            await _add(session, digest.id, team_id, channel_id, now)
        elif gathered:
            await _bring_up_to_date(session, digest.id, now)
        if digest.state == "unposted" or (digest.state == "new" and gathered):
            unposted.add(digest.id)
    return unposted


async def _put_under(session: AsyncSession, team_id: str, channel_id: str, digest_id: str, now: float) -> bool:
    """Whether there was anything: rows that somebody is changing are left for the next time, since waiting for them
    here could end in a deadlock."""
    here = and_(_CARD.c.team_id == team_id, _CARD.c.channel_id == channel_id)
    waiting = select(_CARD.c.id).where(here, gatherable(), _CARD.c.lease_until <= now)
    payments = waiting.with_for_update(skip_locked=True).cte("payments")
    shown = {"digest_id": digest_id, "state": "standing", "standing": _CARD.c.wanted, "attempts": 0, "reason": ""}
    put = update(_CARD).where(_CARD.c.id.in_(select(payments.c.id))).values(shown).returning(_CARD.c.id)
    return (await session.execute(put)).first() is not None


async def _bring_up_to_date(session: AsyncSession, digest_id: str, now: float) -> None:
    again = {"wanted": _CARD.c.wanted + 1, "state": "due", "due_at": now, "attempts": 0, "reason": ""}
    again["wanted_at"] = case((_CARD.c.state == "standing", now), else_=_CARD.c.wanted_at)
    await session.execute(update(_CARD).where(_CARD.c.id == digest_id).values(again))


async def _latest(session: AsyncSession, team_id: str, channel_id: str, now: float) -> _Digest:
    """The channel's digest that may still grow, or one that is yet to be added."""
    here = and_(_CARD.c.team_id == team_id, _CARD.c.channel_id == channel_id)
    unposted = and_(_CARD.c.ts.is_(None), _CARD.c.state == "due")
    young = and_(_CARD.c.ts.is_not(None), _CARD.c.created_at > now - JOIN_SECONDS, _CARD.c.state != "dead")
    # As a constant, which a partial index needs to see.
    is_digest = _CARD.c.subject_kind == literal_column("'digest'")
    query = select(_CARD.c.id, _CARD.c.ts).where(here, is_digest, or_(unposted, young))
    found = (await session.execute(query.order_by(_CARD.c.created_at.desc()).limit(1))).first()
    if found is None:
        return _Digest(secrets.token_hex(8), "new")
    return _Digest(found.id, "posted" if found.ts else "unposted")


async def _add(session: AsyncSession, id: str, team_id: str, channel_id: str, now: float) -> None:
    digest = Card(
        id=id,
        team_id=team_id,
        channel_id=channel_id,
        subject_kind="digest",
        subject_id=id,
        key=secrets.token_hex(8),
        due_at=now,
        wanted_at=now,
        created_at=now,
        updated_at=now,
    )
    session.add(digest)
    await session.flush()
