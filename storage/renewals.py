"""Paid renewals of subscriptions that began with a payment through a link."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Executable, bindparam, func, select
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
    statement = insert(rows.table(Renewal)).on_conflict_do_nothing().returning(col(Renewal.id))
    written = await session.execute(statement, [renewal.model_dump() for renewal in renewals])
    return written.first() is not None


async def totals(session: AsyncSession, team_id: str, link_ids: Collection[str]) -> dict[str, list[RenewedTotal]]:
    """What renewals brought through links, by link; each list by currency."""
    found: dict[str, list[RenewedTotal]] = {}
    brought = await session.execute(_totals(), {"team": team_id, "ids": list(link_ids)})
    for link_id, currency, number, amount in brought:
        found.setdefault(link_id, []).append(RenewedTotal(currency, number, int(amount)))
    return found


@cache
def _totals() -> Executable:
    key = (col(Renewal.link_id), col(Renewal.currency))
    named = (col(Renewal.team_id) == bindparam("team"), col(Renewal.link_id).in_(bindparam("ids", expanding=True)))
    return select(*key, func.count(), func.sum(col(Renewal.amount))).where(*named).group_by(*key).order_by(*key)
