"""What should stand in Slack: wishes for cards, and looking them up. `storage.outbox` takes and finishes the due ones.

A wish only says that a subject's message should be brought up to date; what it shows is decided when it is sent.
A card whose post may or may not have reached Slack has `posted_channel` set and no `ts`.
"""

import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, Float, Select, and_, bindparam, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from storage import replies, rows
from storage.models import Card
from storage.replies import Reply

_CARD = SQLModel.metadata.tables[str(Card.__tablename__)]
_GATHERED = "cards.gathered"
_HELD = "cards.held"
_REPLIES = "cards.replies"
_NEW = {
    "wanted": 1,
    "standing": 0,
    "state": "due",
    "reason": "",
    "attempts": 0,
    "lease_until": 0.0,
    "lease_owner": "",
}

_UNSAID = {"note": "", "query": "", "shared_by": ""}
_Row = dict[str, Any]
_Subject = tuple[str, str, str]


class _Wish(NamedTuple):
    team_id: str
    kind: str
    subject_id: str
    channel_id: str
    """Empty: every channel where the subject has a card."""


async def want(
    session: AsyncSession,
    team_id: str,
    kind: str,
    subject_id: str,
    channel_id: str,
    now: float,
    note: str = "",
    query: str = "",
    shared_by: str = "",
) -> None:
    """Ask for a subject's current state to stand in a channel: a new card, or one more version of the card it has.

    `kind` is `link` or `payment`. A `note` replaces the one the card has; an empty one leaves it. What somebody shares
    (`shared_by`) also replaces who shared it and the address's `query`. A dead card is tried again. A payment shown by
    a digest brings the digest up to date instead.
    """
    said = {"note": note, "query": query, "shared_by": shared_by}
    await _wish(session, _Wish(team_id, kind, subject_id, channel_id), now, said)


async def want_everywhere(session: AsyncSession, team_id: str, kind: str, subject_id: str, now: float) -> None:
    """Ask for a subject's current state wherever it has a card; nothing happens where it has none."""
    await _wish(session, _Wish(team_id, kind, subject_id, ""), now, {})


async def reply(session: AsyncSession, reply: Reply) -> None:
    """Ask for words in the thread of a payment's message, once: nothing happens when they have been asked for before.

    The payment's card must be wanted in the same transaction, which is also what keeps its message where it is until
    the reply knows whether to wait for it.
    """
    held: list[Reply] | None = session.info.get(_REPLIES)
    if held is None:
        await replies.add(session, [reply])
    else:
        held.append(reply)


def say(session: AsyncSession, team_id: str, channel_id: str, words: str, now: float) -> None:
    """Ask for these words to stand in a conversation, once for each call."""
    id = secrets.token_hex(8)
    card = Card(
        id=id,
        team_id=team_id,
        channel_id=channel_id,
        subject_kind="message",
        subject_id=id,
        key=secrets.token_hex(8),
        data={"text": words},
        due_at=now,
        wanted_at=now,
        created_at=now,
        updated_at=now,
    )
    session.add(card)


@asynccontextmanager
async def gathered(session: AsyncSession) -> AsyncIterator[None]:
    """Within this block wishes are only collected; they are written together at its end, each card once.

    Always in the same order, so that two transactions with many wishes can't lock each other out. Nothing is written
    when the block raises.
    """
    wishes: dict[_Wish, _Row] = {}
    asked: list[Reply] = []
    session.info.update({_GATHERED: wishes, _REPLIES: asked})
    try:
        yield
    finally:
        del session.info[_GATHERED], session.info[_REPLIES]
    await _write(session, wishes)
    await replies.add(session, asked)


async def hold(session: AsyncSession, team_id: str, kind: str, subject_ids: Collection[str]) -> set[str]:
    """Reads the cards of all these subjects at once: in this transaction, where wishes are `gathered`, `of` then has
    them at hand. Answers the channels that they are in."""
    wanted = list(dict.fromkeys(subject_ids))
    given = {"team": team_id, "kind": kind, "subjects": wanted}
    held: dict[_Subject, list[Card]] = session.info.setdefault(_HELD, {})
    held |= {(team_id, kind, subject_id): [] for subject_id in wanted}
    for card in await session.scalars(_of_subjects(rows.dialect(session).name), given):
        held[team_id, kind, card.subject_id].append(card)
    return {card.channel_id for subject_id in wanted for card in held[team_id, kind, subject_id]}


async def of(session: AsyncSession, team_id: str, kind: str, subject_id: str) -> Sequence[Card]:
    """Every card of a subject, oldest first."""
    held: dict[_Subject, list[Card]] = session.info.get(_HELD, {})
    if (team_id, kind, subject_id) in held:
        return held[team_id, kind, subject_id]
    query = select(Card).where(
        col(Card.team_id) == team_id, col(Card.subject_kind) == kind, col(Card.subject_id) == subject_id
    )
    return (await session.scalars(query.order_by(col(Card.created_at), col(Card.id)))).all()


async def at(session: AsyncSession, team_id: str, channel_id: str, ts: str) -> Card | None:
    """The card whose message this is, wherever it was meant to stand."""
    query = select(Card).where(col(Card.team_id) == team_id, col(Card.posted_channel) == channel_id, col(Card.ts) == ts)
    return (await session.scalars(query)).first()


async def get(session: AsyncSession, team_id: str, card_id: str) -> Card | None:
    """A card by its id."""
    query = select(Card).where(col(Card.team_id) == team_id, col(Card.id) == card_id)
    return (await session.scalars(query)).first()


async def digested(session: AsyncSession, team_id: str, digest: Card) -> Sequence[str]:
    """The subjects (payment ids) that a digest's message stands for."""
    query = select(col(Card.subject_id)).where(col(Card.team_id) == team_id, col(Card.digest_id) == digest.id)
    return (await session.scalars(query.order_by(col(Card.created_at), col(Card.id)))).all()


async def dead(session: AsyncSession, team_id: str, limit: int = 100) -> Sequence[Card]:
    """Cards given up on, the latest first; `reason` says why."""
    query = select(Card).where(col(Card.team_id) == team_id, col(Card.state) == "dead")
    return (await session.scalars(query.order_by(col(Card.due_at).desc()).limit(limit))).all()


async def retry(session: AsyncSession, team_id: str, card_id: str, now: float) -> bool:
    """Try a dead card again from the first attempt; False when there is no such dead card."""
    statement = update(Card).where(col(Card.team_id) == team_id, col(Card.id) == card_id, col(Card.state) == "dead")
    revived = statement.values(state=awake(), attempts=0, reason="", due_at=now, wanted_at=now)
    return (await session.execute(revived.returning(col(Card.id)))).first() is not None


def awake() -> ColumnElement[str]:
    """The state of a card to be tried (again): `uncertain` while the outcome of an earlier post is unknown."""
    unknown = and_(_CARD.c.ts.is_(None), _CARD.c.posted_channel.is_not(None))
    return case((unknown, "uncertain"), else_="due")


async def _wish(session: AsyncSession, wish: _Wish, now: float, said: Mapping[str, str]) -> None:
    held: dict[_Wish, _Row] | None = session.info.get(_GATHERED)
    wishes = {} if held is None else held
    earlier = wishes.get(wish, _UNSAID)
    shares = said if said.get("shared_by") else earlier
    wishes[wish] = {
        "id": secrets.token_hex(8),
        "key": secrets.token_hex(8),
        "team_id": wish.team_id,
        "subject_kind": wish.kind,
        "subject_id": wish.subject_id,
        "channel_id": wish.channel_id,
        "note": said.get("note") or earlier["note"],
        "query": shares["query"],
        "shared_by": shares["shared_by"],
        "due_at": now,
        "wanted_at": now,
        "created_at": now,
        "updated_at": now,
    }
    if held is None:
        await _write(session, wishes)


async def _write(session: AsyncSession, wishes: dict[_Wish, _Row]) -> None:
    dialect = rows.dialect(session).name
    everywhere: dict[tuple[str, str], list[_Row]] = {}
    for wish, row in wishes.items():
        if not wish.channel_id:
            everywhere.setdefault((wish.team_id, wish.kind), []).append(row)
    for team_id, kind in sorted(everywhere):
        await session.execute(_bump(dialect), {"kind": kind} | _subjects(everywhere[team_id, kind]))
    named = [wishes[wish] for wish in sorted(wishes) if wish.channel_id]
    if named:
        await session.execute(_insert_or_bump(dialect), [_NEW | row for row in named])
    payments = [row for row in wishes.values() if row["subject_kind"] == "payment"]
    if payments:
        await session.execute(_bump_digests(dialect), _subjects(payments))


def _next_version(now: ColumnElement[float]) -> dict[str, Any]:
    """What a wish changes in a card: it wakes those standing by themselves and the dead, and hurries no other."""
    at_rest = or_(_CARD.c.state == "standing", _CARD.c.state == "dead")
    asleep = and_(at_rest, _CARD.c.digest_id.is_(None))
    return {
        "wanted": _CARD.c.wanted + 1,
        "state": case((asleep, awake()), else_=_CARD.c.state),
        "due_at": case((asleep, now), else_=_CARD.c.due_at),
        "wanted_at": case((asleep, now), else_=_CARD.c.wanted_at),
        "attempts": case((asleep, 0), else_=_CARD.c.attempts),
        "reason": case((asleep, ""), else_=_CARD.c.reason),
    }


def _subjects(wishes: Sequence[_Row]) -> _Row:
    """What `_bump` and `_bump_digests` are told of wishes in one workspace."""
    ids = [row["subject_id"] for row in wishes]
    return {"team": wishes[0]["team_id"], "subjects": ids, "moment": wishes[-1]["due_at"]}


@cache
def _of_subjects(dialect: str) -> Select[Card]:
    subjects = (_CARD.c.subject_kind == bindparam("kind"), rows.among(dialect, _CARD.c.subject_id, "subjects"))
    oldest_first = (_CARD.c.created_at, _CARD.c.id)
    return select(Card).where(_CARD.c.team_id == bindparam("team"), *subjects).order_by(*oldest_first)


@cache
def _bump(dialect: str) -> Executable:
    return (
        update(_CARD)
        .where(_CARD.c.team_id == bindparam("team"), _CARD.c.subject_kind == bindparam("kind"))
        .where(rows.among(dialect, _CARD.c.subject_id, "subjects"))
        .values(_next_version(bindparam("moment", type_=Float)))
    )


@cache
def _bump_digests(dialect: str) -> Executable:
    shown = _CARD.alias()
    digests = select(shown.c.digest_id).where(
        shown.c.team_id == bindparam("team"),
        shown.c.subject_kind == "payment",
        rows.among(dialect, shown.c.subject_id, "subjects"),
    )
    # In the order of their ids, as everywhere.
    found = select(_CARD.c.id).where(_CARD.c.id.in_(digests)).order_by(_CARD.c.id).with_for_update().cte("found")
    bump = update(_CARD).where(_CARD.c.id.in_(select(found.c.id)))
    return bump.values(_next_version(bindparam("moment", type_=Float)))


@cache
def _insert_or_bump(dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert(_CARD)
    note = case((statement.excluded.note != "", statement.excluded.note), else_=_CARD.c.note)
    shared = statement.excluded.shared_by != ""
    said = {"note": note}
    for name in ("query", "shared_by"):
        said[name] = case((shared, statement.excluded[name]), else_=_CARD.c[name])
    return statement.on_conflict_do_update(
        index_elements=["team_id", "subject_kind", "subject_id", "channel_id"],
        set_=_next_version(statement.excluded.due_at) | said,
    )
