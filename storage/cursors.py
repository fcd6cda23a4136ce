"""How far the readers of Stripe's lists have come."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Cursor


async def get(session: AsyncSession, team_id: str, name: str) -> str | None:
    """The reader's place, or None when it never started."""
    cursor = await session.get(Cursor, (team_id, name))
    return None if cursor is None else cursor.value


async def moved_at(session: AsyncSession, team_id: str, name: str) -> float:
    """When the reader's place was last put, in seconds since the epoch; 0 when it never started."""
    cursor = await session.get(Cursor, (team_id, name))
    return 0.0 if cursor is None else cursor.updated_at


async def put(session: AsyncSession, team_id: str, name: str, value: str, now: float) -> None:
    """Remembers the reader's place."""
    await rows.upsert(session, Cursor, [{"team_id": team_id, "name": name, "value": value, "updated_at": now}])
