"""What the query modules share: finding one row by its workspace and id, and writing rows that may already exist."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Table,
    Text,
    TypeDecorator,
    any_,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

Row = TypeVar("Row", bound=SQLModel)

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
    if not for_update:
        return (await session.scalars(query)).one_or_none()
    query = query.with_for_update().execution_options(populate_existing=True)
    row = (await session.scalars(query)).one_or_none()
    if row is None and dialect(session).name == "postgresql":
        await lock_missing(session, model, team_id, [id])
        row = (await session.scalars(query)).one_or_none()
    return row


async def lock_missing(session: AsyncSession, model: type[SQLModel], team_id: str, ids: Sequence[str]) -> None:
    """On PostgreSQL: nobody else who asks so creates these rows until the transaction ends. Give the ids in order."""
    keys = [f"{table(model).name}/{team_id}/{id}" for id in ids]
    await session.execute(_LOCK_KEYS, {"keys": keys})


def among(dialect: str, column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether the column is one of the values that the parameter `name` is given as: the same statement for any number
    of them, which can be made once, and which the database need not read and plan anew each time."""
    texts = bindparam(name, type_=_Texts())
    if dialect == "postgresql":
        return column == any_(texts)
    return column.in_(select(func.json_each(texts).table_valued("value").c.value))


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """The column's text, where no index of it is to be used: SQLite has no figures for what waits in queues, and would
    rather walk all of it than look up the few rows that are asked for by their ids."""
    return column + ""


class _Texts(TypeDecorator[Collection[str]]):
    """Any number of texts as one value: an array, or JSON where there are no arrays."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(Text) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> list[str] | str:
        texts = sorted(value or ())
        return texts if dialect.name == "postgresql" else json.dumps(texts)


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
