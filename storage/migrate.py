"""Bringing a database's tables up to date (Alembic; the steps are in `storage/migrations/versions`)."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database

_LOCK = 0x5061796C696E6B
_TAKE_TURNS = {"postgresql": f"SELECT pg_advisory_xact_lock({_LOCK})", "sqlite": "SELECT 1"}
"""What makes processes starting together migrate one after the other. On SQLite any first statement takes the lock."""


async def upgrade(url: str) -> None:
    """Makes the tables what the code expects, all or nothing; does nothing when they are. Safe in several processes at
    once. Raises ValueError for an unusable URL, `sqlalchemy.exc.DBAPIError` or OSError when the database fails."""
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
    return await current(url) == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def _upgrade(connection: Connection) -> None:
    connection.execute(text(_TAKE_TURNS[connection.dialect.name]))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
