"""Finding rows by parts of their words, among a million, on both databases.

A search text is lower case (`fold`); a query's words must all occur in it, anywhere. PostgreSQL keeps a trigram index
(pg_trgm), and its planner chooses between that and walking the rows in the order asked for. SQLite's planner can't:
there an FTS5 trigram table gives the rows that may match, as long as they are few, and a query that matches many is
walked in order, where it soon has enough.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, TextClause, func, text
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
    elif (few := await _few(session, rows.table(model).name, team_id, asked)) is not None:
        query = query.where(columns.id.in_(few))
    return (await session.scalars(query)).all()


def _holds(column: ColumnElement[str], word: str, postgresql: bool) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True) if postgresql else func.instr(column, word) > 0


async def _few(session: AsyncSession, name: str, team_id: str, asked: Sequence[str]) -> TextClause | None:
    """The ids of all rows that may hold the words, as a subquery, unless they are more than FEW (SQLite)."""
    for keys, parameters in _narrowings(name, asked):
        counted = text(f"SELECT count(*) FROM ({keys} LIMIT {FEW + 1})")  # noqa: S608 (our own table names)
        if (await session.scalars(counted, parameters)).one() <= FEW:
            # CROSS JOIN means to SQLite: one key after the other.
            ids = f"SELECT k.id FROM ({keys}) CROSS JOIN {name}_key k USING (key) WHERE k.team_id = :team_id"  # noqa: S608
            return text(ids).bindparams(team_id=team_id, **parameters)
    return None


def _narrowings(name: str, asked: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Queries, each with its parameters, of keys among which are those of all rows that hold the words: one by the
    trigrams of all longer words, one for each shorter word by the trigrams that begin with it."""
    if grams := _grams(asked):
        match = " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)
        yield f"SELECT rowid AS key FROM {name}_search WHERE {name}_search MATCH :match", {"match": match}  # noqa: S608
    grams_table = f"{name}_search_grams"
    for word in (word for word in asked if len(word) < _GRAM and _is_kept(word)):
        last = word + _GRAM * "\U0010ffff"
        query = f"SELECT doc AS key FROM {grams_table} WHERE term BETWEEN :word AND :last"  # noqa: S608
        yield query, {"word": word, "last": last}


def _grams(asked: Sequence[str]) -> list[str]:
    """Runs of three characters that cover the words; a word shorter than that has none."""
    starts = ((word, start) for word in asked for start in (*range(0, len(word) - _GRAM, _GRAM), len(word) - _GRAM))
    return list(dict.fromkeys(word[start : start + _GRAM] for word, start in starts if start >= 0))


def _is_kept(word: str) -> bool:
    """Whether the index holds the word's letters as they are: it folds some further than `fold` does (ς to σ)."""
    return word.isascii() or word == word.upper()
