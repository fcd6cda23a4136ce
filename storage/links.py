"""Payment links, as far as we know them."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped
from sqlmodel import col

from storage import rows, search
from storage.models import Link

Place = search.Place


async def add(session: AsyncSession, link: Link) -> None:
    """Writes a new link; raises `sqlalchemy.exc.IntegrityError` when the workspace has it already."""
    await rows.add(session, link)


async def get(session: AsyncSession, team_id: str, link_id: str, for_update: bool = False) -> Link | None:
    """The link, or None; with `for_update`, nobody else changes or creates it until the transaction ends."""
    return await rows.find(session, Link, team_id, link_id, for_update)


async def several(session: AsyncSession, team_id: str, link_ids: Collection[str]) -> dict[str, Link]:
    """Those of the links that are known, by id."""
    given = {"team": team_id, "ids": link_ids}
    return {found.id: found for found in await session.scalars(_several(rows.dialect(session).name), given)}


async def by_draft(session: AsyncSession, team_id: str, draft_id: str) -> Link | None:
    """The link that was created from a draft, or None."""
    query = select(Link).where(col(Link.team_id) == team_id, col(Link.draft_id) == draft_id)
    return (await session.scalars(query)).one_or_none()


async def page(
    session: AsyncSession,
    team_id: str,
    active: bool | None = None,
    text: str | None = None,
    before: Place | None = None,
    limit: int = 20,
) -> Sequence[Link]:
    """Links, newest first: those after the place `before`, active or not if asked, holding every word of `text`."""
    equal = {"team_id": team_id} | ({} if active is None else {"active": active})
    return await search.newest(session, Link, equal, search.words(text or ""), before, limit)


async def find(session: AsyncSession, team_id: str, text: str, limit: int = 20) -> Sequence[Link]:
    """Links a person may mean: the one with exactly this id or URL; else those of exactly this name, followed by those
    that hold every word, both newest first. Nothing is found by an empty text."""
    wanted = search.clean(text).strip()
    if not wanted:
        return []
    for column in (col(Link.id), col(Link.url)):
        if link := await _equal(session, team_id, column, wanted, 1):
            return link
    named = await _equal(session, team_id, col(Link.name), wanted, limit)
    held = await page(session, team_id, text=wanted, limit=limit)
    found = {link.id: link for link in (*named, *held)}
    return list(found.values())[:limit]


@cache
def _several(dialect: str) -> Select[Link]:
    return select(Link).where(col(Link.team_id) == bindparam("team"), rows.among(dialect, rows.table(Link).c.id, "ids"))


async def _equal(session: AsyncSession, team_id: str, column: Mapped[str], value: str, limit: int) -> Sequence[Link]:
    query = select(Link).where(col(Link.team_id) == team_id, column == value)
    newest = query.order_by(col(Link.created_at).desc(), col(Link.id).desc())
    return (await session.scalars(newest.limit(limit))).all()
