"""Words in the thread of a payment's message: appended, each once, never changed.

The rule: a reply waits until its payment's message stands, and then goes into its thread. A payment that a digest
shows has no message of its own: its replies go into the digest's thread. A reply whose payment can't be posted waits
with it.
"""

import secrets
from collections.abc import Collection, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import Executable, Float, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Card

_CARD = rows.table(Card)


class Reply(NamedTuple):
    """What is to be said about a payment in a channel. `key` is its own among the payment's replies."""

    team_id: str
    payment_id: str
    channel_id: str
    key: str
    data: dict[str, Any]
    now: float


class Thread(NamedTuple):
    """Where a message stands: replies name both."""

    channel_id: str
    ts: str


async def add(session: AsyncSession, replies: Sequence[Reply]) -> None:
    """Writes replies to payments whose cards this transaction has changed; one that is there already stays as it is."""
    if not replies:
        return
    parents = await _parents(session, replies)
    found = [
        _row(reply, *parents[place])
        for reply in sorted(replies, key=lambda reply: (reply.payment_id, reply.channel_id, reply.key))
        if (place := (reply.team_id, reply.payment_id, reply.channel_id)) in parents
    ]
    if not found:
        return
    insert = postgresql.insert if rows.dialect(session).name == "postgresql" else sqlite.insert
    columns = ["team_id", "subject_kind", "subject_id", "channel_id"]
    await session.execute(insert(_CARD).on_conflict_do_nothing(index_elements=columns), found)


async def wake(session: AsyncSession, team_id: str, card_ids: Collection[str], now: float) -> None:
    """The messages of these payments and digests stand: what waited for them is due."""
    if not card_ids:
        return
    await session.execute(_wake(rows.dialect(session).name), {"team": team_id, "ids": card_ids, "now": now})


async def thread(session: AsyncSession, team_id: str, parent_id: str) -> Thread | None:
    """The thread of a payment's message, or of the digest that shows it; None while neither stands."""
    digest = _CARD.alias()
    query = (
        select(_CARD.c.posted_channel, _CARD.c.ts, digest.c.posted_channel, digest.c.ts)
        .select_from(_CARD.outerjoin(digest, digest.c.id == _CARD.c.digest_id))
        .where(_CARD.c.team_id == team_id, _CARD.c.id == parent_id)
    )
    found = (await session.execute(query)).first()
    if found is None:
        return None
    own, digests = found[:2], found[2:]
    return Thread(*own) if own[1] else Thread(*digests) if digests[1] else None


@cache
def _wake(dialect: str) -> Executable:
    now = bindparam("now", type_=Float)
    stands = partial(rows.among, dialect, name="ids")
    shown = select(_CARD.c.id).where(_CARD.c.team_id == bindparam("team"), stands(_CARD.c.digest_id))
    waiting = update(_CARD).where(
        rows.unindexed(_CARD.c.team_id) == bindparam("team"),
        rows.unindexed(_CARD.c.state) == "waiting",
        or_(stands(_CARD.c.parent_id), _CARD.c.parent_id.in_(shown)),
    )
    return waiting.values(state="due", due_at=now, wanted_at=now)


async def _parents(session: AsyncSession, replies: Sequence[Reply]) -> dict[tuple[str, str, str], tuple[str, bool]]:
    """By workspace, payment and channel: the payment's card, and whether there is a thread already."""
    given = {
        "teams": {reply.team_id for reply in replies},
        "payments": {reply.payment_id for reply in replies},
    }
    found = await session.execute(_parent_cards(rows.dialect(session).name), given)
    return {(row.team_id, row.subject_id, row.channel_id): (row.id, bool(row.stands)) for row in found}


@cache
def _parent_cards(dialect: str) -> Executable:
    digest = _CARD.alias()
    stands = or_(_CARD.c.ts.is_not(None), digest.c.ts.is_not(None)).label("stands")
    return (
        select(_CARD.c.id, _CARD.c.team_id, _CARD.c.subject_id, _CARD.c.channel_id, stands)
        .select_from(_CARD.outerjoin(digest, digest.c.id == _CARD.c.digest_id))
        .where(
            rows.among(dialect, _CARD.c.team_id, "teams"),
            _CARD.c.subject_kind == "payment",
            rows.among(dialect, _CARD.c.subject_id, "payments"),
        )
    )


def _row(reply: Reply, parent_id: str, stands: bool) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "key": secrets.token_hex(8),
        "team_id": reply.team_id,
        "channel_id": reply.channel_id,
        "subject_kind": "reply",
        "subject_id": f"{reply.payment_id}:{reply.key}",
        "parent_id": parent_id,
        "data": reply.data,
        "note": "",
        "wanted": 1,
        "standing": 0,
        "state": "due" if stands else "waiting",
        "reason": "",
        "attempts": 0,
        "due_at": reply.now,
        "lease_until": 0.0,
        "lease_owner": "",
        "wanted_at": reply.now,
        "created_at": reply.now,
        "updated_at": reply.now,
    }
