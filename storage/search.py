"""Finding rows by parts of their words, among a million, on both databases.

A search text is lower case (`fold`); a query's words must all occur in it, anywhere. PostgreSQL keeps a trigram index
(pg_trgm), and its planner chooses between that and walking the rows in the order asked for. SQLite's planner can't:
there an FTS5 trigram table gives the rows that may match, as long as they are few, and a query that matches many is
walked in order, where it soon has enough. Where the keys of that table are in the order of the list, as those of links
are, it gives the newest rows first, and a page is full without a count or a walk.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, TextClause, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from storage import rows

Row = TypeVar("Row", bound=SQLModel)
Place = tuple[float, str]
"""A row's place in a list, newest first: `(created_at, id)`."""

FEW = 1_000
"""Up to so many candidates it is cheaper to fetch and sort them than to walk in order."""

_A_SECOND = 1 << 20
"""A link's key in SQLite's search table is its second of creation times this, and its number within that second."""

_GRAM = 3
_MAX_PART = 150

# SQLite takes the keys of the first subquery as they come, and no more of them than it needs.
_PAGE = """
WITH
  hits AS MATERIALIZED (
    SELECT key FROM (SELECT rowid AS key FROM {name}_search WHERE {young} ORDER BY rowid DESC LIMIT {few}) AS young
    WHERE EXISTS (
      SELECT 1 FROM {name}_key AS its CROSS JOIN {name} USING (team_id, id) WHERE its.key = young.key AND {tests}
    )
    LIMIT :limit
  ),
  last AS (SELECT CASE WHEN count(*) = :limit THEN min(key) ELSE 0 END AS key FROM hits)
SELECT id FROM {name}_key WHERE key IN (SELECT key FROM hits)
UNION ALL
SELECT id FROM {name}_key
  WHERE key < (SELECT key FROM last) AND key >= (SELECT key - key % {second} FROM last)
"""


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


async def newest(
    session: AsyncSession,
    model: type[Row],
    equal: Mapping[str, str | bool],
    asked: Sequence[str],
    before: Place | None,
    limit: int,
) -> Sequence[Row]:
    """The newest rows after the place `before` that have the values of `equal`, a `team_id` among them, and whose
    search text holds every word asked for; on SQLite the keys of the model's search table have to be in order."""
    columns = rows.table(model).c
    query = select(model).where(*(columns[name] == value for name, value in equal.items()))
    if before is not None:
        created_at, row_id = before
        earlier = or_(columns.created_at < created_at, columns.id < row_id)
        query = query.where(columns.created_at <= created_at, earlier)
    query = query.order_by(columns.created_at.desc(), columns.id.desc()).limit(limit)
    if rows.dialect(session).name == "postgresql" or not _in_order(asked):
        return await first(session, model, query, str(equal["team_id"]), asked)
    query = query.where(*(_holds(columns.search, word, postgresql=False) for word in asked))
    young, parameters = _young(rows.table(model).name, asked, before)
    page = _page(rows.table(model).name, young, parameters, equal, asked, before, limit)
    found = (await session.scalars(query.where(columns.id.in_(page)))).all()
    keys = f"SELECT rowid AS key FROM {rows.table(model).name}_search WHERE {young}"  # noqa: S608
    if len(found) == limit or await _counted(session, keys, parameters, FEW) < FEW:
        return found
    return (await session.scalars(query)).all()


def _in_order(asked: Sequence[str]) -> bool:
    """Whether the trigrams alone leave few enough rows to look at one by one: not those beside a short word."""
    return bool(_grams(asked)) and not any(len(word) < _GRAM and _is_kept(word) for word in asked)


def _young(name: str, asked: Sequence[str], before: Place | None) -> tuple[str, dict[str, Any]]:
    """A condition, with its parameters, for the keys of rows that may hold the words (SQLite)."""
    condition, parameters = f"{name}_search MATCH :match", {"match": _match(_grams(asked))}
    if before is None:
        return condition, parameters
    return f"{condition} AND rowid < :until", {**parameters, "until": (int(before[0]) + 1) * _A_SECOND}


def _page(
    name: str,
    young: str,
    parameters: Mapping[str, Any],
    equal: Mapping[str, Any],
    asked: Sequence[str],
    before: Place | None,
    limit: int,
) -> TextClause:
    """The ids of as many rows as the limit among the FEW youngest, if so many are what is looked for, and of all that
    are as young as the last of them. (Whatever the workspace: ids are for a query that has its own.)"""
    values = {f"is_{column}": value for column, value in equal.items()}
    words = {f"word_{number}": word for number, word in enumerate(asked)}
    tests = [f"{column} = :is_{column}" for column in equal] + [f"instr(search, :{word}) > 0" for word in words]
    if before is not None:
        tests.append("(created_at, id) < (:created_at, :id)")
        values |= {"created_at": before[0], "id": before[1]}
    ids = _PAGE.format(name=name, young=young, tests=" AND ".join(tests), few=FEW, second=_A_SECOND)
    return text(ids).bindparams(**parameters, **values, **words, limit=limit)


async def _counted(session: AsyncSession, keys: str, parameters: Mapping[str, Any], most: int) -> int:
    """How many keys a query gives (SQLite); it is asked for no more than `most` of them."""
    counted = text(f"SELECT count(*) FROM ({keys} LIMIT {most})")  # noqa: S608 (our own table names)
    return int((await session.scalars(counted, parameters)).one())


def _holds(column: ColumnElement[str], word: str, postgresql: bool) -> ColumnElement[bool]:
    return column.contains(word, autoescape=True) if postgresql else func.instr(column, word) > 0


async def _few(session: AsyncSession, name: str, team_id: str, asked: Sequence[str]) -> TextClause | None:
    """The ids of all rows that may hold the words, as a subquery, unless they are more than FEW (SQLite)."""
    for keys, parameters in _narrowings(name, asked):
        if await _counted(session, keys, parameters, FEW + 1) <= FEW:
            # CROSS JOIN means to SQLite: one key after the other.
            ids = f"SELECT k.id FROM ({keys}) CROSS JOIN {name}_key k USING (key) WHERE k.team_id = :team_id"  # noqa: S608
            return text(ids).bindparams(team_id=team_id, **parameters)
    return None


def _narrowings(name: str, asked: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Queries, each with its parameters, of keys among which are those of all rows that hold the words: one by the
    trigrams of all longer words, one for each shorter word by the trigrams that begin with it."""
    if grams := _grams(asked):
        keys = f"SELECT rowid AS key FROM {name}_search WHERE {name}_search MATCH :match"  # noqa: S608
        yield keys, {"match": _match(grams)}
    grams_table = f"{name}_search_grams"
    for word in (word for word in asked if len(word) < _GRAM and _is_kept(word)):
        last = word + _GRAM * "\U0010ffff"
        query = f"SELECT doc AS key FROM {grams_table} WHERE term BETWEEN :word AND :last"  # noqa: S608
        yield query, {"word": word, "last": last}


def _grams(asked: Sequence[str]) -> list[str]:
    """Runs of three characters that cover the words; a word shorter than that has none."""
    starts = ((word, start) for word in asked for start in (*range(0, len(word) - _GRAM, _GRAM), len(word) - _GRAM))
    return list(dict.fromkeys(word[start : start + _GRAM] for word, start in starts if start >= 0))


def _match(grams: Sequence[str]) -> str:
    """What FTS5 is asked for: all of these."""
    return " AND ".join('"' + gram.replace('"', '""') + '"' for gram in grams)


def _is_kept(word: str) -> bool:
    """Whether the index holds the word's letters as they are: it folds some further than `fold` does (ς to σ)."""
    return word.isascii() or word == word.upper()
