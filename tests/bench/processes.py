"""The processes that are measured: started, found by the address they log, stopped by their own id."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.running.process import Running, python

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def program(module: str, *arguments: str, settings: Mapping[str, Any] | None = None) -> AsyncIterator[Running]:
    """`python -m module arguments` with these settings and no others; killed afterwards."""
    async with python(settings or {}, ROOT, "-m", module, *arguments) as running:
        yield running
