"""One message for many payments, for a channel that has fallen far behind.

The rule: when a channel's turn to post comes and more than a set number of its payments have not been posted, all of
them are gathered under one digest. They join the channel's latest digest while that is not posted yet or is younger
than a minute, and start a new one otherwise. What comes later is posted by itself again, until the channel falls
behind again. A gathered payment never gets a message of its own; when it changes, its digest is brought up to date.
"""

import secrets

from sqlalchemy import ColumnElement, and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Card

JOIN_SECONDS = 60.0

_CARD = rows.table(Card)


def gatherable() -> ColumnElement[bool]:
    """Payments that surely have no message yet."""
    return and_(_CARD.c.subject_kind == "payment", _CARD.c.state == "due", _CARD.c.ts.is_(None))


async def gather(session: AsyncSession, team_id: str, channel_id: str, now: float) -> str | None:
    """Puts the channel's waiting payments under a digest; the caller holds the channel's turn to post.

    Answers the digest's id when it is to be posted, None when its message stands already (and is due to be updated).
    """
    here = and_(_CARD.c.team_id == team_id, _CARD.c.channel_id == channel_id)
    latest = await _latest(session, here, now)
    digest_id, posted = latest or (await _add(session, team_id, channel_id, now), False)
    waiting = select(_CARD.c.id).where(here, gatherable(), _CARD.c.lease_until <= now)
    # Rows that somebody is changing are left for the next time: waiting for them here could end in a deadlock.
    payments = waiting.with_for_update(skip_locked=True).cte("payments")
    shown = {"digest_id": digest_id, "state": "standing", "standing": _CARD.c.wanted, "attempts": 0, "reason": ""}
    await session.execute(update(_CARD).where(_CARD.c.id.in_(select(payments.c.id))).values(shown))
    if latest:
        again = {"wanted": _CARD.c.wanted + 1, "state": "due", "due_at": now, "attempts": 0, "reason": ""}
        again["wanted_at"] = case((_CARD.c.state == "standing", now), else_=_CARD.c.wanted_at)
        await session.execute(update(_CARD).where(_CARD.c.id == digest_id).values(again))
    return None if posted else digest_id


async def _latest(session: AsyncSession, here: ColumnElement[bool], now: float) -> tuple[str, bool] | None:
    """The digest that may still grow, and whether its message stands."""
    unposted = and_(_CARD.c.ts.is_(None), _CARD.c.state == "due")
    young = and_(_CARD.c.ts.is_not(None), _CARD.c.created_at > now - JOIN_SECONDS, _CARD.c.state != "dead")
    query = select(_CARD.c.id, _CARD.c.ts).where(here, _CARD.c.subject_kind == "digest", or_(unposted, young))
    found = (await session.execute(query.order_by(_CARD.c.created_at.desc()).limit(1))).first()
    return (found.id, found.ts is not None) if found else None


async def _add(session: AsyncSession, team_id: str, channel_id: str, now: float) -> str:
    id = secrets.token_hex(8)
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
    return id
