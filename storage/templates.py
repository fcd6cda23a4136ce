"""What new links of a workspace can start from."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import Template


async def save(session: AsyncSession, template: Template) -> None:
    """Writes a new template or a changed one; raises `sqlalchemy.exc.IntegrityError` when another has its name."""
    await rows.add(session, template)


async def get(session: AsyncSession, team_id: str, template_id: str) -> Template | None:
    """The template, or None."""
    return await rows.find(session, Template, team_id, template_id, for_update=False)


async def named(session: AsyncSession, team_id: str, folded: str) -> Template | None:
    """The template of this name, folded."""
    query = select(Template).where(col(Template.team_id) == team_id, col(Template.folded) == folded)
    return (await session.scalars(query)).one_or_none()


async def every(session: AsyncSession, team_id: str, limit: int) -> Sequence[Template]:
    """The workspace's templates by their names."""
    query = select(Template).where(col(Template.team_id) == team_id).order_by(col(Template.folded)).limit(limit)
    return (await session.scalars(query)).all()


async def remove(session: AsyncSession, team_id: str, template_id: str) -> None:
    """Forgets a template; nothing happens when there is none."""
    await session.execute(delete(Template).where(col(Template.team_id) == team_id, col(Template.id) == template_id))
