"""Bringing a database's tables up to date (Alembic; the steps are in `storage/migrations/versions`)."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import Database

_STEPS = Path(__file__).parent / "migrations" / "versions"
_LOCK = 0x5061796C696E6B
_TAKE_TURNS = {"postgresql": f"SELECT pg_advisory_xact_lock({_LOCK})", "sqlite": "SELECT 1"}
"""What makes processes starting together migrate one after the other. On SQLite any first statement takes the lock."""


async def upgrade(url: str) -> None:
    """Makes the tables what the code expects, all or nothing; does nothing when they are. Safe in several processes at
    once. Raises ValueError for an unusable URL, `sqlalchemy.exc.DBAPIError` or OSError when the database fails."""
    if await is_current(url):
        return
    database = Database(url, limits=None)
    try:
        async with database.begin() as session:
            connection = await session.connection()
            await connection.run_sync(_upgrade)
    finally:
        await database.close()


async def current(url: str) -> str | None:
    """The database's revision; None when it was never migrated."""
    database = Database(url)
    try:
        async with database.read() as session:
            connection = await session.connection()
            return await connection.run_sync(_revision)
    finally:
        await database.close()


async def is_current(url: str) -> bool:
    """Whether the tables are what the code expects."""
    return await current(url) == newest()


def newest() -> str:
    """The revision that the code expects: of the steps, whose files are named by their numbers, the last."""
    return max(step.name for step in _STEPS.glob("[0-9]*.py")).partition("_")[0]


def _upgrade(connection: Connection) -> None:
    # Only here: an app whose tables are current, as at nearly every start, does without these megabytes.
    from alembic import command
    from alembic.config import Config

    connection.execute(text(_TAKE_TURNS[connection.dialect.name]))
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
