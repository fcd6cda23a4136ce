"""What the query modules share: finding one row by its workspace and id, and writing rows that may already exist."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Dialect, Table, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

Row = TypeVar("Row", bound=SQLModel)

_HELD = "rows.held"
_LOCK_KEYS = text("SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(CAST(:keys AS text[])) AS key")


def dialect(session: AsyncSession) -> Dialect:
    """The dialect the session speaks; `.name` is `sqlite` or `postgresql`."""
    return session.get_bind().dialect


def table(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


async def find(session: AsyncSession, model: type[Row], team_id: str, id: str, for_update: bool) -> Row | None:
    """The row of this workspace, or None.

    With `for_update` nobody else changes *or creates* it until the transaction ends: a row that isn't there can't be
    locked, so on PostgreSQL its key is (SQLite's write transactions exclude each other anyway).
    """
    columns = table(model).c
    query = select(model).where(columns.team_id == team_id, columns.id == id)
    held: dict[Any, Row | None] = session.info.get(_HELD, {})
    if for_update and (model, team_id, id) in held:
        return held[model, team_id, id]
    if not for_update:
        return (await session.scalars(query)).one_or_none()
    query = query.with_for_update().execution_options(populate_existing=True)
    row = (await session.scalars(query)).one_or_none()
    if row is None and dialect(session).name == "postgresql":
        key = f"{table(model).name}/{team_id}/{id}"
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
        row = (await session.scalars(query)).one_or_none()
    return row


async def hold(session: AsyncSession, model: type[Row], team_id: str, ids: Collection[str]) -> None:
    """Finds all these rows at once, as `find` with `for_update` does: in this transaction it then has them at hand."""
    columns, wanted = table(model).c, sorted(set(ids))
    query = select(model).where(columns.team_id == team_id).order_by(columns.id)
    query = query.with_for_update().execution_options(populate_existing=True)
    found: dict[str, Row] = {_id(row): row for row in await session.scalars(query.where(columns.id.in_(wanted)))}
    missing = [id for id in wanted if id not in found]
    if missing and dialect(session).name == "postgresql":
        keys = [f"{table(model).name}/{team_id}/{id}" for id in missing]
        await session.execute(_LOCK_KEYS, {"keys": keys})
        found |= {_id(row): row for row in await session.scalars(query.where(columns.id.in_(missing)))}
    session.info.setdefault(_HELD, {}).update({(model, team_id, id): found.get(id) for id in wanted})


def _id(row: Any) -> str:
    return str(row.id)


def keep(session: AsyncSession, row: SQLModel, team_id: str, id: str) -> None:
    """Has a row written by the end of the transaction, with the others of its table; `find` knows it from now on."""
    session.add(row)
    held = session.info.get(_HELD, {})
    if (type(row), team_id, id) in held:
        held[type(row), team_id, id] = row


async def add(session: AsyncSession, row: SQLModel) -> None:
    """Writes a new row, or a changed one, now; raises `sqlalchemy.exc.IntegrityError` when its key is taken."""
    session.add(row)
    await session.flush()


async def upsert(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Mapping[str, Any]], newer: str | None = None
) -> None:
    """Inserts rows, replacing those with the same primary key; with `newer`, only where that column isn't smaller.

    Rows of the model that the session has loaded before are not refreshed.
    """
    if not rows:
        return
    target = table(model)
    keys = list(target.primary_key.columns)
    make = sqlite.insert if dialect(session).name == "sqlite" else postgresql.insert
    insert: Any = make(target)
    insert = insert.on_conflict_do_update(
        index_elements=keys,
        set_={column.name: insert.excluded[column.name] for column in target.columns if not column.primary_key},
        where=None if newer is None else target.c[newer] <= insert.excluded[newer],
    )
    # With `returning` one statement writes many rows, in which none may come twice. On SQLite that is several times
    # cheaper: after each statement the search index writes out what it has gathered.
    oldest_first = rows if newer is None else sorted(rows, key=lambda row: row[newer])
    latest = {tuple(row[key.name] for key in keys): row for row in oldest_first}
    in_order = [latest[key] for key in sorted(latest)]  # in which everybody locks them
    await session.execute(insert.returning(keys[0]), in_order)
