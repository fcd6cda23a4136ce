"""People, as Slack last described them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Member


async def get(session: AsyncSession, team_id: str, user_id: str) -> Member | None:
    """The person, or None when never asked about."""
    return await session.get(Member, (team_id, user_id))


async def latest(session: AsyncSession, team_id: str, limit: int) -> Sequence[Member]:
    """Those who may edit, who was asked about last first."""
    table = rows.table(Member)
    query = select(Member).where(table.c.team_id == team_id, table.c.may_edit)
    return (await session.scalars(query.order_by(table.c.checked_at.desc(), table.c.user_id).limit(limit))).all()


async def put(session: AsyncSession, member: Member) -> None:
    """Writes what is known of a person, replacing what was."""
    await rows.upsert(session, Member, [member.model_dump()])
