"""What channels want to hear."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import ChannelNotices


async def get(session: AsyncSession, team_id: str, channel_ids: Collection[str]) -> Mapping[str, ChannelNotices]:
    """By channel, what was chosen there; channels where nothing was chosen are left out."""
    if not channel_ids:
        return {}
    query = select(ChannelNotices).where(
        col(ChannelNotices.team_id) == team_id, col(ChannelNotices.channel_id).in_(sorted(channel_ids))
    )
    return {found.channel_id: found for found in await session.scalars(query)}


async def put(session: AsyncSession, notices: ChannelNotices) -> None:
    """Writes a channel's choice, in the place of the one it had."""
    await rows.upsert(session, ChannelNotices, [notices.model_dump()])
