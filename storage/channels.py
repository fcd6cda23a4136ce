"""What channels want to hear."""

from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import ChannelNotices

_HELD = "channels.held"


async def get(session: AsyncSession, team_id: str, channel_ids: Collection[str]) -> Mapping[str, ChannelNotices]:
    """By channel, what was chosen there; channels where nothing was chosen are left out."""
    held: dict[tuple[str, str], ChannelNotices | None] = session.info.get(_HELD, {})
    if missing := {id for id in channel_ids if (team_id, id) not in held}:
        held = held | await _read(session, team_id, missing)
    return {id: chosen for id in channel_ids if (chosen := held[team_id, id])}


async def hold(session: AsyncSession, team_id: str, channel_ids: Collection[str]) -> None:
    """Reads what was chosen in all these channels at once: in this transaction `get` then has it at hand."""
    if channel_ids:
        session.info.setdefault(_HELD, {}).update(await _read(session, team_id, channel_ids))


async def put(session: AsyncSession, notices: ChannelNotices) -> None:
    """Writes a channel's choice, in the place of the one it had."""
    await rows.upsert(session, ChannelNotices, [notices.model_dump()])


async def _read(
    session: AsyncSession, team_id: str, channel_ids: Collection[str]
) -> dict[tuple[str, str], ChannelNotices | None]:
    given = {"team": team_id, "ids": channel_ids}
    found = await session.scalars(_of_channels(rows.dialect(session).name), given)
    chosen = {(team_id, notices.channel_id): notices for notices in found}
    return {(team_id, id): chosen.get((team_id, id)) for id in channel_ids}


@cache
def _of_channels(dialect: str) -> Select[ChannelNotices]:
    return select(ChannelNotices).where(
        col(ChannelNotices.team_id) == bindparam("team"),
        rows.among(dialect, rows.table(ChannelNotices).c.channel_id, "ids"),
    )
