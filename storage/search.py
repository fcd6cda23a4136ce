"""Finding rows by parts of their words, among a million, on both databases.

A search text is lower case (`fold`); a query's words must all occur in it, anywhere. PostgreSQL keeps a trigram index
(pg_trgm), and its planner chooses between that and walking the rows in the order asked for. SQLite's planner can't:
there an FTS5 trigram table gives the few rows that may match, and a query that matches many is walked in order, where
it soon has enough.
"""

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
        keys = await _candidates(session, rows.table(model).name, team_id, grams)
        if len(keys) <= FEW:
            query = query.where(columns.id.in_(keys))
    return (await session.scalars(query)).all()


def _holds(column: ColumnElement[str], word: str, postgresql: bool) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True) if postgresql else func.instr(column, word) > 0


def _grams(asked: Sequence[str]) -> list[str]:
    """Every run of three characters in the words; words shorter than that have none."""
    found = (word[at : at + _GRAM] for word in asked for at in range(len(word) - _GRAM + 1))
    return list(dict.fromkeys(found))


async def _candidates(session: AsyncSession, name: str, team_id: str, grams: Sequence[str]) -> Sequence[str]:
    """Ids of the rows that hold all the grams, one more than FEW at most (SQLite)."""
    match = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
    query = text(
        f"SELECT id FROM {name}_search JOIN {name}_key ON key = {name}_search.rowid"  # noqa: S608 (our own table names)
        f" WHERE {name}_search MATCH :match AND team_id = :team_id LIMIT {FEW + 1}"
    )
    return (await session.scalars(query, {"match": match, "team_id": team_id})).all()
