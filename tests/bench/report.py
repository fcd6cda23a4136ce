"""RESULTS.md: the table, and on what it was measured."""

import asyncio
import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from tests.bench.figures import Row, markdown
from tests.bench.load import CLIENT
from tests.databases import POSTGRES_URL

LIBRARIES = ("aiohttp", "asyncpg", "pydantic", "slack-bolt", "slack-sdk", "sqlalchemy", "stripe", "uvloop")
REMARKS = Path(__file__).with_name("REMARKS.md")


def report(rows: Sequence[Row]) -> str:
    """The page in Markdown. What the profile shows where a target is missed is written by hand, in REMARKS.md."""
    parts = [
        "# How fast it is",
        "Written by `make bench`. Ratios compare what ran in turn in the same run; each figure is the median of its"
        " rounds, with the least and the greatest in brackets.",
        machine(),
        markdown(rows),
        REMARKS.read_text().strip(),
    ]
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """The machine and the versions, without names or paths."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({_processor()}), {_memory()} memory,"
        f" {platform.system()}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},"
        f" PostgreSQL {asyncio.run(_postgresql())}; {libraries}; load from {_client()}."
    )


async def _postgresql() -> str:
    """The server's version, without what its packager says of it."""
    connection = await asyncpg.connect(POSTGRES_URL)
    version = str(await connection.fetchval("SHOW server_version"))
    await connection.close()
    return version.partition(" ")[0]


def _client() -> str:
    """The client with its version, if it has one."""
    if CLIENT != "wrk":
        return CLIENT
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)  # wrk says it and exits with 1
    return " ".join(said.stdout.split()[:2])


def _processor() -> str:
    found = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return found[0].partition(":")[2].strip() if found else platform.machine()


def _memory() -> str:
    found = [line.split() for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return f"{int(found[0][1]) / 2**20:.0f} GB" if found else "unknown"


def _lines(file: str) -> list[str]:
    path = Path(file)
    return path.read_text().splitlines() if path.exists() else []
