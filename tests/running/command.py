"""The `paylink` command within the test's process, in a thread of its own, where starting a process would only cost."""

import asyncio
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import structlog

from bot.cli import main
from tests.running.process import environment


@dataclass(frozen=True)
class Ended:
    """How the command ended, and what it printed."""

    status: int
    out: str
    err: str


async def command(settings: Mapping[str, Any], folder: Path, *arguments: str) -> Ended:
    """Runs `paylink <arguments>` in this working directory with these settings and no others, to its end."""
    return await asyncio.to_thread(_run, settings, folder, arguments)


def _run(settings: Mapping[str, Any], folder: Path, arguments: tuple[str, ...]) -> Ended:
    with (
        own_logging(),
        chdir(folder),
        patch.dict(os.environ, environment(settings), clear=True),
        patch.object(sys, "argv", ["paylink", *arguments]),
        redirect_stdout(StringIO()) as out,
        redirect_stderr(StringIO()) as err,
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code
        assert isinstance(status, int)
        return Ended(status, out.getvalue(), err.getvalue())


@contextmanager
def own_logging() -> Iterator[None]:
    """Whatever is configured within is undone afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quieted = {name: logging.getLogger(name).level for name in ("slack_bolt", "slack_sdk", "aiohttp.access", "stripe")}
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        for name, before in quieted.items():
            logging.getLogger(name).setLevel(before)
        structlog.reset_defaults()
