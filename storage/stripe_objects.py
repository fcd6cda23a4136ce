"""The mirror of Stripe's smaller things, each a whole object of Stripe's: coupons, promotion codes, shipping rates."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows, search
from storage.models import StripeObject

Place = tuple[float, str]
"""An object's place in the list: `(created_at, id)`."""


async def put(session: AsyncSession, objects: Sequence[StripeObject]) -> None:
    """Mirrors objects; one that is older (`stripe_at`) than what we hold changes nothing."""
    await rows.upsert(session, StripeObject, [found.model_dump() for found in objects], newer="stripe_at")


async def delete(session: AsyncSession, team_id: str, kind: str, id: str, stripe_at: float) -> None:
    """Stripe deleted an object. It stays as a deleted row, so that an older event arriving late can't revive it."""
    held = await get(session, team_id, kind, id)
    gone = StripeObject(
        team_id=team_id,
        kind=kind,
        id=id,
        active=False,
        deleted=True,
        data={"id": id, "deleted": True},
        stripe_at=stripe_at,
        created_at=held.created_at if held else stripe_at,
    )
    await put(session, [gone])


async def retire(session: AsyncSession, team_id: str, kind: str, parent_id: str, stripe_at: float) -> None:
    """What belongs to a parent can't be used any more, unless we hold something newer about it."""
    mine = (
        col(StripeObject.team_id) == team_id,
        col(StripeObject.kind) == kind,
        col(StripeObject.parent_id) == parent_id,
        col(StripeObject.stripe_at) <= stripe_at,
    )
    await session.execute(update(StripeObject).where(*mine).values(active=False))


async def get(session: AsyncSession, team_id: str, kind: str, id: str) -> StripeObject | None:
    """The object, a deleted one too, or None. Always as it is in the database."""
    query = _all(team_id, kind).where(col(StripeObject.id) == id).execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def unseen(session: AsyncSession, team_id: str, kind: str, since: float) -> Sequence[str]:
    """Ids of what we hold as there although it was last known to be true before `since`."""
    query = select(col(StripeObject.id)).where(col(StripeObject.team_id) == team_id, col(StripeObject.kind) == kind)
    return (
        await session.scalars(query.where(col(StripeObject.deleted).is_(False), col(StripeObject.stripe_at) < since))
    ).all()


async def some(session: AsyncSession, team_id: str, kind: str, ids: Collection[str]) -> dict[str, StripeObject]:
    """Those of the objects that are mirrored, by id; deleted ones too."""
    query = _all(team_id, kind).where(col(StripeObject.id).in_(ids))
    return {found.id: found for found in await session.scalars(query)}


async def page(
    session: AsyncSession,
    team_id: str,
    kind: str,
    text: str = "",
    *,
    active: bool | None = None,
    before: Place | None = None,
    limit: int = 20,
) -> Sequence[StripeObject]:
    """Objects not deleted, newest first: those after the place `before`, active or not if asked, holding every word of
    `text`."""
    query = _all(team_id, kind).where(col(StripeObject.deleted).is_(False))
    if active is not None:
        query = query.where(col(StripeObject.active).is_(active))
    if before is not None:
        created_at, id = before
        earlier = or_(col(StripeObject.created_at) < created_at, col(StripeObject.id) < id)
        query = query.where(col(StripeObject.created_at) <= created_at, earlier)
    query = query.order_by(col(StripeObject.created_at).desc(), col(StripeObject.id).desc()).limit(limit)
    return await search.first(session, StripeObject, query, team_id, search.words(text))


async def children(
    session: AsyncSession, team_id: str, kind: str, parent_id: str, limit: int
) -> Sequence[StripeObject]:
    """What belongs to a parent, active first, then the newest; deleted ones left out."""
    query = _all(team_id, kind).where(col(StripeObject.parent_id) == parent_id, col(StripeObject.deleted).is_(False))
    newest = query.order_by(
        col(StripeObject.active).desc(), col(StripeObject.created_at).desc(), col(StripeObject.id).desc()
    )
    return (await session.scalars(newest.limit(limit))).all()


async def count(session: AsyncSession, team_id: str, kind: str, parent_ids: Collection[str]) -> dict[str, int]:
    """How many active objects belong to each of the parents."""
    query = (
        select(col(StripeObject.parent_id), func.count().label("number"))
        .where(
            col(StripeObject.team_id) == team_id,
            col(StripeObject.kind) == kind,
            col(StripeObject.parent_id).in_(parent_ids),
            col(StripeObject.active).is_(True),
        )
        .group_by(col(StripeObject.parent_id))
    )
    return {row.parent_id: row.number for row in await session.execute(query)}


def _all(team_id: str, kind: str) -> Select[StripeObject]:
    return select(StripeObject).where(col(StripeObject.team_id) == team_id, col(StripeObject.kind) == kind)
