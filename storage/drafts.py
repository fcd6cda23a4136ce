"""Links being written or edited."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import Draft

_INSERT = insert(rows.table(Draft))

_NEWEST = (
    select(Draft)
    .where(
        col(Draft.team_id) == bindparam("team_id"),
        col(Draft.user_id) == bindparam("user_id"),
        col(Draft.state) == "open",
    )
    .order_by(col(Draft.updated_at).desc(), col(Draft.id))
    .limit(bindparam("limit"))
)
_NEWEST_NEW = _NEWEST.where(col(Draft.link_id).is_(None)).with_only_columns(col(Draft.id), col(Draft.data))
"""Made once and without objects: it is asked before every new link's modal, which people wait for. Most of these drafts
hold nothing, as whoever closes the modal leaves one."""

_NEWEST_EDITS = _NEWEST.where(col(Draft.link_id) == bindparam("link_id"))


async def add(session: AsyncSession | AsyncConnection, draft: Draft) -> None:
    """Writes a new draft, in one statement."""
    await session.execute(_INSERT, draft.model_dump())


async def get(session: AsyncSession, team_id: str, draft_id: str, for_update: bool = False) -> Draft | None:
    """The draft, or None; with `for_update`, nobody else changes it until the transaction ends."""
    return await rows.find(session, Draft, team_id, draft_id, for_update)


async def newest_new(
    session: AsyncSession, team_id: str, user_id: str, limit: int = 20
) -> Sequence[tuple[str, dict[str, Any]]]:
    """Id and data of a person's open drafts of new links, last touched first."""
    values = {"team_id": team_id, "user_id": user_id, "limit": limit}
    return [(id, data) for id, data in await session.execute(_NEWEST_NEW, values)]


async def newest_edits(
    session: AsyncSession, team_id: str, user_id: str, link_id: str, limit: int = 20
) -> Sequence[Draft]:
    """A person's open edits of a link, last touched first."""
    values = {"team_id": team_id, "user_id": user_id, "link_id": link_id, "limit": limit}
    return (await session.scalars(_NEWEST_EDITS, values)).all()


async def submitted_for(session: AsyncSession, team_id: str, link_id: str) -> Draft | None:
    """A draft that is on its way to Stripe to change or replace this link, if there is one."""
    query = select(Draft).where(
        col(Draft.team_id) == team_id, col(Draft.state) == "submitting", col(Draft.link_id) == link_id
    )
    return (await session.scalars(query)).first()


async def claim_submitting(
    session: AsyncSession, team_id: str, now: float, lease_until: float, limit: int
) -> Sequence[Draft]:
    """Takes submitting drafts whose lease has run out, longest waiting first, and leases them until `lease_until`.

    No other claim gets them before that moment, in this process or another.
    """
    query = (
        select(Draft)
        .where(col(Draft.team_id) == team_id, col(Draft.state) == "submitting", col(Draft.lease_until) <= now)
        .order_by(col(Draft.lease_until), col(Draft.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    drafts = (await session.scalars(query)).all()
    for draft in drafts:
        draft.lease_until = lease_until
    await session.flush()
    return drafts
