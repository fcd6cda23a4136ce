"""Payments while events are merged into them: read under a lock, and written together."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, bindparam, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage import rows
from storage.models import Payment

_PAYMENT = rows.table(Payment)
_GATHERED = "held_payments.gathered"


class Held(NamedTuple):
    """A payment's row; the columns as in `storage.models.Payment`, but `data` is JSON as text, for whoever needs it to
    read."""

    team_id: str
    id: str
    link_id: str
    status: str
    amount_total: int
    currency: str
    refunded: int
    payment_intent: str | None
    subscription: str | None
    data: str
    version: int
    created_at: float
    updated_at: float


class _Gathered(NamedTuple):
    found: dict[str, Held | None]
    changed: dict[str, Held]


_POSTGRESQL_TYPES = {str: "text", int: "int8", float: "float8", str | None: "text"}


async def several(session: AsyncSession, team_id: str, payment_ids: Collection[str]) -> dict[str, Held]:
    """Those of the payments that are known, by id."""
    return await _read(session, _query(rows.dialect(session).name), team_id, payment_ids)


async def get(session: AsyncSession, team_id: str, payment_id: str) -> Held | None:
    """The payment, or None; nobody else changes or creates it until the transaction ends."""
    gathered: _Gathered | None = session.info.get(_GATHERED)
    if gathered is None or payment_id not in gathered.found:
        return (await _hold(session, team_id, [payment_id])).get(payment_id)
    return gathered.found[payment_id]


async def put(session: AsyncSession, payment: Held) -> None:
    """Writes a payment that `get` answered, or answered None for."""
    gathered: _Gathered | None = session.info.get(_GATHERED)
    if gathered is None:
        await _write(session, [payment])
    else:
        gathered.found[payment.id] = gathered.changed[payment.id] = payment


@asynccontextmanager
async def gathered(session: AsyncSession, team_id: str, payment_ids: Collection[str]) -> AsyncIterator[None]:
    """Within this block `get` has these payments at hand, and what is `put` is written at its end.

    Nothing is written when the block raises.
    """
    ids = sorted(payment_ids)
    held = await _hold(session, team_id, ids)
    gathered = _Gathered({id: held.get(id) for id in ids}, {})
    session.info[_GATHERED] = gathered
    try:
        yield
    finally:
        del session.info[_GATHERED]
    await _write(session, list(gathered.changed.values()))


async def _hold(session: AsyncSession, team_id: str, ids: Sequence[str]) -> dict[str, Held]:
    """In the order of their ids, so that two transactions with many payments can't lock each other out."""
    if not ids:
        return {}
    dialect = rows.dialect(session).name
    found = await _read(session, _locking_query(dialect), team_id, ids)
    missing = [id for id in ids if id not in found]
    if missing and dialect == "postgresql":
        await rows.lock_missing(session, Payment, team_id, missing)
        found |= await _read(session, _locking_query(dialect), team_id, missing)
    return found


async def _read(session: AsyncSession, query: Select[Any], team_id: str, ids: Collection[str]) -> dict[str, Held]:
    return {row.id: Held(*row) for row in await session.execute(query, {"team": team_id, "ids": ids})}


@cache
def _query(dialect: str) -> Select[Any]:
    text = cast(_PAYMENT.c.data, Text).label("data")
    columns = (text if name == "data" else _PAYMENT.c[name] for name in Held._fields)
    named = rows.among(dialect, _PAYMENT.c.id, "ids")
    return select(*columns).where(_PAYMENT.c.team_id == bindparam("team"), named)


@cache
def _locking_query(dialect: str) -> Select[Any]:
    return _query(dialect).order_by(_PAYMENT.c.id).with_for_update()


async def _write(session: AsyncSession, payments: Sequence[Held]) -> None:
    """Straight to the driver: these rows are what the inbox writes most, and need nothing made of them on the way."""
    if not payments:
        return
    connection = await session.connection()
    if rows.dialect(session).name == "postgresql":
        columns = tuple(list(column) for column in zip(*payments, strict=True))
        await connection.exec_driver_sql(_postgresql_upsert(), columns)
    else:
        await connection.exec_driver_sql(_sqlite_upsert(), [tuple(payment) for payment in payments])


@cache
def _postgresql_upsert() -> str:
    types = [_POSTGRESQL_TYPES[kind] for kind in Held.__annotations__.values()]
    given = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    names = ", ".join(Held._fields)
    values = ", ".join("data::json" if name == "data" else name for name in Held._fields)
    select = f"SELECT {values} FROM unnest({given}) AS given ({names})"  # noqa: S608
    return f"INSERT INTO payment ({names}) {select} {_on_conflict()}"


@cache
def _sqlite_upsert() -> str:
    marks = ", ".join("?" * len(Held._fields))
    return f"INSERT INTO payment ({', '.join(Held._fields)}) VALUES ({marks}) {_on_conflict()}"  # noqa: S608


def _on_conflict() -> str:
    fields = ", ".join(f"{name} = excluded.{name}" for name in Held._fields if name not in ("team_id", "id"))
    return f"ON CONFLICT (team_id, id) DO UPDATE SET {fields}"
