"""The app's processes under a supervisor that starts again whatever ends, as a platform does."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.plan import Plan, Role
from tests.chaos.roads import Roads
from tests.chaos.until import until
from tests.running.process import Over, Running, paylink

REST = 0.3
"""Seconds between the end of a process and the next one in its place."""

Json = dict[str, Any]


class Tide:
    """The time of day for everyone outside, and for processes started from now on. It jumps by `stride` seconds."""

    def __init__(self, stride: float = 0.0) -> None:
        self._stride = stride
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def jump(self) -> None:
        """Moves on, so that leases held so far run out."""
        self.ahead += self._stride


class Member:
    """One place in the fleet, and the process that fills it now. `settings` is asked anew for each process."""

    def __init__(self, name: str, role: Role, settings: Callable[["Member"], Json], folder: Path, tide: Tide) -> None:
        self.name = name
        self.role = role
        self.url: str | None = None
        self.log: list[Json] = []
        """What its processes so far have logged at `warning` and above."""
        self.starts = 0
        self.there = asyncio.Event()
        """Set while a process fills it, which may only be starting."""
        self._settings = settings
        self._folder = folder
        self._tide = tide
        self._running: Running | None = None
        self._dying: Running | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._stopping = False
        self._outdated = False

    def start(self, keepers: asyncio.TaskGroup) -> None:
        """Fills the place. When that fails, so do the keepers."""
        self._keeper = keepers.create_task(self._keep())

    def limit_files(self, size: int) -> None:
        """No file may become longer than this for the process that is there now."""
        if self._running is not None and not self._running.is_over:
            resource.prlimit(self._running.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def skip_hours(self) -> None:
        """Lets hours go by for the process that is there now; one that is only starting ends, and another follows."""
        self._outdated = True
        if self._running is not None and not self._running.is_over:
            self._running.let_hours_go_by()

    async def kill(self) -> bool:
        """`kill -9`; whether a process was there that nobody else was killing. Another one follows."""
        self.url = None
        running = self._running
        if running is None or running.is_over or running is self._dying:
            return False
        self._dying = running
        self._tide.jump()
        await running.kill()
        self._vacate(running)
        return True

    async def restart(self) -> None:
        """`kill -9`, also of one that is only starting. Another one follows, which asks for its settings anew."""
        self._outdated = True
        await self.kill()

    async def stop(self) -> None:
        """Asks the process to stop, even one that is starting, and returns when it has."""
        self._stopping = True
        self.url = None
        if self._running is not None and not self._running.is_over:
            self._running.terminate()
        if self._keeper is not None:
            await asyncio.wait([self._keeper])

    async def _keep(self) -> None:
        while not self._stopping:
            self.starts += 1
            self._outdated = False
            arguments, ahead = (self.role.value,), self._tide.ahead
            async with paylink(self._settings(self), self._folder, *arguments, seconds_ahead=ahead) as running:
                self._running = running
                self.there.set()
                # An outdated one is ended at once: it would live with settings, or in a time, that nobody else has.
                if not self._stopping and not self._outdated:
                    await self._follow(running)
            self._vacate(running)
            self.log += [line for line in running.log if line.get("level") not in ("info", "debug")]
            if not self._stopping:
                await asyncio.sleep(REST)

    async def _follow(self, running: Running) -> None:
        if self.role is not Role.WORKER:
            with suppress(Over):
                self.url = await self._listening(running)
        await running.end()

    @staticmethod
    async def _listening(running: Running) -> str:
        """Where it listens. On a busy machine it may take long to start, which is no failure here."""
        while True:
            with suppress(TimeoutError):
                return await running.url()

    def _vacate(self, running: Running) -> None:
        if self._running is running:
            self.url, self._running = None, None
            self.there.clear()


class Fleet:
    """All processes of a run."""

    def __init__(self, members: list[Member], roads: Roads, random: Random) -> None:
        self._roads = roads
        self._random = random
        self.members = members

    async def kill_one(self) -> None:
        """Kills one of them, at random."""
        member = self._random.choice(self.members)
        killed = False
        while not killed:
            await member.there.wait()
            killed = await member.kill()

    async def open(self) -> None:
        """Returns when one of them listens."""
        await until(lambda: any(member.url for member in self.members))

    async def answered(self) -> None:
        """Returns at a moment when Slack is at work for none of them."""
        await until(lambda: not self._roads.at_slack)

    async def restart(self) -> None:
        """Ends every process and lets the next ones come, which ask for their settings anew."""
        await asyncio.gather(*(member.restart() for member in self.members))

    def skip_hours(self) -> None:
        """Lets hours go by for the processes that are there."""
        for member in self.members:
            member.skip_hours()

    @property
    def starts(self) -> int:
        """How many processes were started so far."""
        return sum(member.starts for member in self.members)

    @property
    def log(self) -> list[Json]:
        """What processes that have ended logged at `warning` and above."""
        return [line for member in self.members for line in member.log]


@asynccontextmanager
async def fleet(
    plan: Plan, settings: Callable[[], Json], roads: Roads, folder: Path, tide: Tide, random: Random
) -> AsyncIterator[Fleet]:
    """The plan's processes, started; stopped in the end. When one can't be kept going, the block is broken off."""
    web, worker = [Role.WEB] * plan.web, [Role.WORKER] * plan.workers
    members = [
        Member(f"{role}{number}", role, lambda own: settings() | roads.settings(own), folder, tide)
        for number, role in enumerate(web + worker if plan.web else [Role.SERVE], 1)
    ]
    async with asyncio.TaskGroup() as keepers:
        for member in members:
            roads.travellers[member.name] = member
            member.start(keepers)
        try:
            yield Fleet(members, roads, random)
        finally:
            await asyncio.gather(*(member.stop() for member in members))
