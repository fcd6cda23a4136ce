"""The workspaces served."""

from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Workspace


async def get(session: AsyncSession, team_id: str) -> Workspace | None:
    """The workspace, or None when it was never served."""
    return await session.get(Workspace, team_id)


async def put(session: AsyncSession, workspace: Workspace) -> None:
    """Writes a workspace, replacing what was."""
    await rows.upsert(session, Workspace, [workspace.model_dump()])
