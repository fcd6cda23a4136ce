"""How far the readers of Stripe's lists have come, and what else is remembered of a workspace by a name."""

from sqlalchemy import delete
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


async def take(session: AsyncSession, team_id: str, name: str) -> str | None:
    """Forgets a place and answers it; of several who try at once one gets it, the others None."""
    table = rows.table(Cursor)
    gone = delete(table).where(table.c.team_id == team_id, table.c.name == name).returning(table.c.value)
    found: str | None = (await session.execute(gone)).scalar()
    return found
