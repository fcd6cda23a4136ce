"""People, as Slack last described them."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Member


async def get(session: AsyncSession, team_id: str, user_id: str) -> Member | None:
    """The person, or None when never asked about."""
    return await session.get(Member, (team_id, user_id))


async def put(session: AsyncSession, member: Member) -> None:
    """Writes what is known of a person, replacing what was."""
    await rows.upsert(session, Member, [member.model_dump()])
