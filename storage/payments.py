"""Payments through links."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Literal, NamedTuple

from sqlalchemy import Executable, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import Link, Payment

_IDS_PER_QUERY = 5_000


By = Literal["payment_intent", "subscription"]
"""What events name a payment by that isn't its id."""


class Named(NamedTuple):
    """A payment's id, and its link's."""

    id: str
    link_id: str


class Total(NamedTuple):
    """Payments through a link, alike in status and currency: how many, what was paid and given back of it, in minor
    units; of refunds those of later invoices too."""

    status: str
    currency: str
    number: int
    amount: int
    refunded: int


class Sum(NamedTuple):
    """Payments alike in link, status and currency: how many, and their amounts together in minor units."""

    link_id: str
    status: str
    currency: str
    number: int
    amount: int


async def get(session: AsyncSession, team_id: str, payment_id: str) -> Payment | None:
    """The payment, or None."""
    return await rows.find(session, Payment, team_id, payment_id, for_update=False)


async def named(session: AsyncSession, team_id: str, by: By, names: Collection[str]) -> dict[str, Named]:
    """Those of the payments that are known, by how events name them: the oldest where there are several."""
    found = await session.execute(_named(rows.dialect(session).name, by), {"team": team_id, "names": names})
    # Put in order here: asked to do it, SQLite would rather walk all payments in the order of their creation.
    latest_first = sorted((tuple(row) for row in found), reverse=True)
    return {name: Named(id, link_id) for _, id, link_id, name in latest_first}


async def with_links(
    session: AsyncSession, team_id: str, payment_ids: Collection[str]
) -> dict[str, tuple[Payment, Link]]:
    """Those of the payments that are known, each with its link, by id."""
    found = await session.execute(_with_links(rows.dialect(session).name), {"team": team_id, "ids": payment_ids})
    return {payment.id: (payment, link) for payment, link in found}


async def totals(session: AsyncSession, team_id: str, link_ids: Collection[str]) -> dict[str, list[Total]]:
    """What was paid through links or still waits for the bank, by link; each list by status and currency."""
    found: dict[str, list[Total]] = {}
    summed = await session.execute(_totals(), {"team": team_id, "ids": list(link_ids)})
    for link_id, status, currency, number, amount, refunded in summed:
        found.setdefault(link_id, []).append(Total(status, currency, number, int(amount), int(refunded)))
    return found


@cache
def _named(dialect: str, by: By) -> Executable:
    name = rows.table(Payment).c[by]
    return select(col(Payment.created_at), col(Payment.id), col(Payment.link_id), name).where(
        col(Payment.team_id) == bindparam("team"), rows.among(dialect, name, "names")
    )


@cache
def _with_links(dialect: str) -> Executable:
    its_link = and_(col(Link.team_id) == col(Payment.team_id), col(Link.id) == col(Payment.link_id))
    named = (col(Payment.team_id) == bindparam("team"), rows.among(dialect, rows.table(Payment).c.id, "ids"))
    return select(Payment, Link).join(Link, its_link).where(*named)


@cache
def _totals() -> Executable:
    key = (col(Payment.link_id), col(Payment.status), col(Payment.currency))
    sums = (func.sum(col(Payment.amount_total)), func.sum(col(Payment.refunded)))
    named = (col(Payment.team_id) == bindparam("team"), col(Payment.link_id).in_(bindparam("ids", expanding=True)))
    counted = col(Payment.status).in_(("paid", "processing"))
    return select(*key, func.count(), *sums).where(*named, counted).group_by(*key).order_by(*key)


async def sums(session: AsyncSession, team_id: str, payment_ids: Sequence[str]) -> list[Sum]:
    """The given payments, added up by link, status and currency (in that order)."""
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    unique = list(dict.fromkeys(payment_ids))
    for start in range(0, len(unique), _IDS_PER_QUERY):
        for one in await _sums(session, team_id, unique[start : start + _IDS_PER_QUERY]):
            number, amount = found.get(one[:3], (0, 0))
            found[one[:3]] = (number + one.number, amount + one.amount)
    return [Sum(*key, *value) for key, value in sorted(found.items())]


async def _sums(session: AsyncSession, team_id: str, payment_ids: Sequence[str]) -> list[Sum]:
    key = (col(Payment.link_id), col(Payment.status), col(Payment.currency))
    query = (
        select(*key, func.count(), func.sum(col(Payment.amount_total)))
        .where(col(Payment.team_id) == team_id, col(Payment.id).in_(payment_ids))
        .group_by(*key)
    )
    result = await session.execute(query)
    return [Sum(link, status, currency, number, int(amount)) for link, status, currency, number, amount in result]
