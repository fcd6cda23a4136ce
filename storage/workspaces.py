"""The workspaces served, and whether Slack lets us into them.

A workspace is paused while Slack doesn't accept our token: `paused_since` is when that was first noticed and
`pause_reason` Slack's error code.
"""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Workspace

_PAUSE = {"paused_since", "pause_reason"}


async def get(session: AsyncSession, team_id: str) -> Workspace | None:
    """The workspace, or None when it was never served."""
    return await session.get(Workspace, team_id)


async def of_token(session: AsyncSession, token_digest: str) -> Workspace | None:
    """The workspace whose token last had this digest."""
    table = rows.table(Workspace)
    query = select(Workspace).where(table.c.token_digest == token_digest).order_by(table.c.updated_at.desc())
    return (await session.scalars(query.limit(1))).first()


async def put(session: AsyncSession, workspace: Workspace) -> None:
    """Writes who a workspace is, replacing what was; a pause stays."""
    table = rows.table(Workspace)
    who = workspace.model_dump(exclude=_PAUSE)
    known = update(table).where(table.c.team_id == workspace.team_id).values(who).returning(table.c.team_id)
    if (await session.execute(known)).first() is None:
        await rows.upsert(session, Workspace, [workspace.model_dump()])


async def pause(session: AsyncSession, team_id: str, reason: str, now: float) -> bool:
    """Notes that Slack doesn't let us in; False when that was noted before."""
    table = rows.table(Workspace)
    running = update(table).where(table.c.team_id == team_id, table.c.paused_since.is_(None))
    paused = running.values(paused_since=now, pause_reason=reason).returning(table.c.team_id)
    return (await session.execute(paused)).first() is not None


async def resume(session: AsyncSession, team_id: str) -> Workspace | None:
    """Ends the pause, and answers the workspace as it was during it; None when it wasn't paused (any more)."""
    table = rows.table(Workspace)
    query = select(Workspace).where(table.c.team_id == team_id, table.c.paused_since.is_not(None)).with_for_update()
    was = (await session.scalars(query)).one_or_none()
    if was is None:
        return None
    session.expunge(was)
    running = update(table).where(table.c.team_id == team_id)
    await session.execute(running.values(paused_since=None, pause_reason=""))
    return was
