"""Finding rows by parts of their words, among a million, on both databases.

A search text is lower case (`fold`); a query's words must all occur in it, anywhere. PostgreSQL keeps a trigram index
(pg_trgm), and its planner chooses between that and walking the rows in the order asked for. SQLite's planner can't:
there an FTS5 trigram table gives the few rows that may match, and a query that matches many is walked in order, where
it soon has enough.
"""

import json
from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage import rows

Row = TypeVar("Row", bound=SQLModel)

FEW = 1_000
"""Up to so many candidates it is cheaper to fetch and sort them than to walk in order."""

_GRAM = 3
_MAX_PART = 150


def clean(text: str) -> str:
    """The text without what a database can't hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def fold(*parts: str | None) -> str:
    """The search text of its parts: lower case, one space between words, each part cut at 150 characters (an index row
    of PostgreSQL holds 2,700 bytes)."""
    folded = (" ".join(clean(part).lower().split())[:_MAX_PART] for part in parts if part)
    return " ".join(part for part in folded if part)


def words(query: str) -> list[str]:
    """The words a person's query asks for, folded as the search text is."""
    return list(dict.fromkeys(fold(query).split()))


async def first(
    session: AsyncSession, model: type[Row], query: Select[Row], team_id: str, asked: Sequence[str]
) -> Sequence[Row]:
    """The rows of `query` (ordered and limited already) whose search text holds every word asked for."""
    columns = rows.table(model).c
    postgresql = rows.dialect(session).name == "postgresql"
    query = query.where(*(_holds(columns.search, word, postgresql) for word in asked))
    if postgresql:
        # A plan made without seeing the words can't know whether they are rare.
        await session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    elif grams := _grams(asked):
        name = rows.table(model).name
        keys = await _candidates(session, name, grams)
        if len(keys) <= FEW:
            query = query.where(columns.id.in_(await _ids(session, name, team_id, keys)))
    return (await session.scalars(query)).all()


def _holds(column: ColumnElement[str], word: str, postgresql: bool) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True) if postgresql else func.instr(column, word) > 0


def _grams(asked: Sequence[str]) -> list[str]:
    """Runs of three characters that cover the words; a word shorter than that has none."""
    starts = ((word, start) for word in asked for start in (*range(0, len(word) - _GRAM, _GRAM), len(word) - _GRAM))
    return list(dict.fromkeys(word[start : start + _GRAM] for word, start in starts if start >= 0))


async def _candidates(session: AsyncSession, name: str, grams: Sequence[str]) -> Sequence[int]:
    """Keys of the rows that hold all the grams, one more than FEW at most (SQLite)."""
    match = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
    found = f"SELECT rowid AS key FROM {name}_search WHERE {name}_search MATCH :match LIMIT {FEW + 1}"  # noqa: S608
    query = text(f"SELECT json_group_array(key) FROM ({found})")  # noqa: S608 (our own table names)
    keys: list[int] = json.loads((await session.scalars(query, {"match": match})).one())
    return keys


async def _ids(session: AsyncSession, name: str, team_id: str, keys: Sequence[int]) -> Sequence[str]:
    """The ids of this workspace's rows among the keys (SQLite, whose CROSS JOIN means: one key after the other)."""
    query = text(
        f"SELECT k.id FROM json_each(:keys) j CROSS JOIN {name}_key k ON k.key = j.value"  # noqa: S608
        " WHERE k.team_id = :team_id"
    )
    return (await session.scalars(query, {"keys": json.dumps(keys), "team_id": team_id})).all()
