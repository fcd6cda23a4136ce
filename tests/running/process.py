"""Paylink as a real process: started with settings in its environment, watched by its log, stopped or killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PATIENCE = 60.0
"""Seconds after which a process that says or does nothing has failed the test."""

INHERITED = ("PATH", "HOME", "LANG", "SYSTEMROOT", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE")
HOURS = 2 * 3600.0
"""So many seconds later it is at once, when they go by for a process."""

LATER = Path(__file__).with_name("later.py")


class Over(AssertionError):
    """The process has ended without doing what was waited for."""


class Running:
    """One process. `log` is what it has logged so far, a dict for each line of JSON."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.log: list[Json] = []
        self._news = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def logged(self, event: str) -> Json:
        """The first line of the log with this event, as soon as it is there. Raises Over when none can come."""
        async with asyncio.timeout(PATIENCE), self._news:
            while True:
                for line in self.log:
                    if line.get("event") == event:
                        return line
                if self._reading.done():
                    raise Over(f"ended without {event!r}: {self.log}")
                await self._news.wait()

    async def url(self) -> str:
        """Where it listens, once it does."""
        return str((await self.logged("listening"))["url"])

    async def said(self) -> str:
        """The next line of its standard output."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self._process.stdout.readline()).decode()

    async def printed(self) -> str:
        """All the rest of its standard output, to its end, which must come soon."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self._process.stdout.read()).decode()

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()

    def terminate(self) -> None:
        """Asks it to stop, as a platform does."""
        self._process.terminate()

    def let_hours_go_by(self) -> None:
        """Two hours, for a process that was started `seconds_ahead`; any other ends."""
        self._process.send_signal(signal.SIGUSR1)

    async def stop(self) -> int:
        """Asks it to stop, and gives its exit status once it has."""
        self.terminate()
        return await self.ended()

    async def ended(self) -> int:
        """Its exit status, once it has ended, which must be soon."""
        async with asyncio.timeout(PATIENCE):
            return await self.end()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._process.returncode is not None

    async def end(self) -> int:
        """Its exit status, whenever it ends."""
        await asyncio.wait([self._reading])
        return await self._process.wait()

    async def clear_away(self) -> None:
        """Leaves nothing behind."""
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()
        # A pipe whose end hasn't been read keeps its transport.
        if self._process.stdout is not None:
            await self._process.stdout.read()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            async with self._news:
                self.log.append(_parsed(line.decode()))
                self._news.notify_all()
        async with self._news:
            self._news.notify_all()


def _parsed(line: str) -> Json:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {"text": line}
    return parsed if isinstance(parsed, dict) else {"text": line}


def environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a process with these settings and no others."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {name.upper(): str(value) for name, value in settings.items()}


@asynccontextmanager
async def python(settings: Mapping[str, Any], folder: Path, *command: str) -> AsyncIterator[Running]:
    """`python <command>` with these settings and no others, in this working directory; killed at the end if it still
    runs."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        env=environment(settings),
        cwd=folder,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
    )
    running = Running(started)
    try:
        yield running
    finally:
        await running.clear_away()


@asynccontextmanager
async def paylink(
    settings: Mapping[str, Any], folder: Path, *arguments: str, seconds_ahead: float = 0
) -> AsyncIterator[Running]:
    """`paylink <arguments>`, as `python`.

    With `seconds_ahead` it lives that far in the future, so that leases of those before it have run out; the argument
    is then `serve`, `web` or `worker`.
    """
    command: Sequence[str] = ("-m", "bot", *arguments)
    if seconds_ahead:
        command = (str(LATER), str(seconds_ahead), *arguments)
    async with python(settings, folder, *command) as running:
        yield running
