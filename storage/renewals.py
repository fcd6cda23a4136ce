"""Paid renewals of subscriptions that began with a payment through a link."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import Renewal


class RenewedTotal(NamedTuple):
    """What renewals brought in one currency, in minor units."""

    currency: str
    number: int
    amount: int


async def add(session: AsyncSession, renewals: Sequence[Renewal]) -> bool:
    """Writes renewals, each once; whether any of them is new."""
    if not renewals:
        return False
    insert = postgresql.insert if rows.dialect(session).name == "postgresql" else sqlite.insert
    statement = insert(rows.table(Renewal)).values([renewal.model_dump() for renewal in renewals])
    written = await session.execute(statement.on_conflict_do_nothing().returning(col(Renewal.id)))
    return written.first() is not None


async def totals(session: AsyncSession, team_id: str, link_id: str) -> list[RenewedTotal]:
    """What renewals brought through a link, by currency."""
    query = (
        select(col(Renewal.currency), func.count(), func.sum(col(Renewal.amount)))
        .where(col(Renewal.team_id) == team_id, col(Renewal.link_id) == link_id)
        .group_by(col(Renewal.currency))
        .order_by(col(Renewal.currency))
    )
    return [RenewedTotal(currency, number, int(amount)) for currency, number, amount in await session.execute(query)]
