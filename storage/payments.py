"""Payments through links."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage import rows
from storage.models import Payment

_IDS_PER_QUERY = 5_000


class PaidTotal(NamedTuple):
    """What was paid in one currency, and given back of it, in minor units."""

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


async def get(session: AsyncSession, team_id: str, payment_id: str, for_update: bool = False) -> Payment | None:
    """The payment, or None; with `for_update`, nobody else changes or creates it until the transaction ends."""
    return await rows.find(session, Payment, team_id, payment_id, for_update)


async def several(session: AsyncSession, team_id: str, payment_ids: Collection[str]) -> dict[str, Payment]:
    """Those of the payments that are known, by id."""
    query = select(Payment).where(col(Payment.team_id) == team_id, col(Payment.id).in_(payment_ids))
    return {found.id: found for found in await session.scalars(query)}


async def hold(session: AsyncSession, team_id: str, payment_ids: Collection[str]) -> None:
    """Makes `get(for_update=True)` find all these in one go."""
    await rows.hold(session, Payment, team_id, payment_ids)


async def named(
    session: AsyncSession, team_id: str, *, payment_intent: str | None = None, subscription: str | None = None
) -> Payment | None:
    """The payment that an event names by its payment intent or its subscription, the oldest where there are several."""
    mine = col(Payment.team_id) == team_id
    if payment_intent is not None:
        query = select(Payment).where(mine, col(Payment.payment_intent) == payment_intent)
    elif subscription is not None:
        query = select(Payment).where(mine, col(Payment.subscription) == subscription)
    else:
        return None
    return (await session.scalars(query.order_by(col(Payment.created_at), col(Payment.id)).limit(1))).first()


async def save(session: AsyncSession, payment: Payment) -> None:
    """Has a payment written that is new or came from `get(for_update=True)`, by the end of the transaction. Give `data`
    a new dict; changes inside the old one aren't noticed."""
    rows.keep(session, payment, payment.team_id, payment.id)


async def paid_totals(session: AsyncSession, team_id: str, link_id: str) -> list[PaidTotal]:
    """What was paid through a link, by currency; of refunds those of later invoices too."""
    sums = (func.sum(col(Payment.amount_total)), func.sum(col(Payment.refunded)))
    query = (
        select(col(Payment.currency), func.count(), *sums)
        .where(col(Payment.team_id) == team_id, col(Payment.link_id) == link_id, col(Payment.status) == "paid")
        .group_by(col(Payment.currency))
        .order_by(col(Payment.currency))
    )
    found = await session.execute(query)
    return [PaidTotal(currency, number, int(amount), int(back)) for currency, number, amount, back in found]


async def processing_count(session: AsyncSession, team_id: str, link_id: str) -> int:
    """How many payments through a link still wait for the bank."""
    query = select(func.count()).where(
        col(Payment.team_id) == team_id, col(Payment.link_id) == link_id, col(Payment.status) == "processing"
    )
    return (await session.scalars(query)).one()


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
