"""The processes that are measured: started, found by the address they log, stopped by their own id."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.running.process import Running, environment

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def program(module: str, *arguments: str, settings: Mapping[str, Any] | None = None) -> AsyncIterator[Running]:
    """`python -m module arguments` with these settings and no others; killed afterwards."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env=environment(settings or {}),
        cwd=ROOT,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    running = Running(started)
    try:
        yield running
    finally:
        await running.clear_away()
