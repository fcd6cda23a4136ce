"""Databases to measure on: as durable as in production, gone afterwards."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import make_url

from storage import migrate
from tests.databases import POSTGRES_URL


@asynccontextmanager
async def empty(kind: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a database without tables."""
    name = f"paylink_bench_{secrets.token_hex(6)}"
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{name}.db{suffix}").unlink(missing_ok=True)
        return
    admin = await asyncpg.connect(POSTGRES_URL)
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        yield make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@asynccontextmanager
async def migrated(kind: str, folder: Path) -> AsyncIterator[str]:
    """The URL of a database with our tables."""
    async with empty(kind, folder) as url:
        await migrate.upgrade(url)
        yield url


async def settle(url: str) -> None:
    """Has PostgreSQL do now what it does by itself soon after very many rows were written (autovacuum): it plans by
    that. SQLite plans by figures that the migrations give."""
    if url.startswith("sqlite"):
        return
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
