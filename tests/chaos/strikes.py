"""The kills of a run: at a named step, by an ambush on the roads, or anywhere."""

import asyncio
from collections import Counter

from tests.chaos.fleet import Fleet
from tests.chaos.plan import STEPS, Plan, Step
from tests.chaos.roads import Ambush, Roads
from tests.running.process import PATIENCE

STRIKE_SECONDS = 20.0
"""How long a process may escape an ambush before one is killed wherever it is."""

ANYWHERE = "any moment"


class Strikes:
    """`kills` counts those that have come, by step."""

    def __init__(self, plan: Plan, roads: Roads, fleet: Fleet) -> None:
        self.kills = Counter[str]()
        self._plan = plan
        self._roads = roads
        self._fleet = fleet
        self._steps = plan.random("steps")
        self._moments = plan.random("moments")
        self._open: list[Ambush] = []

    async def next(self, number: int) -> None:
        """The kill of this number: at a step it comes sooner or later, at any moment now."""
        step = self._step(number)
        if step is None:
            await self._anywhere()
            return
        ambush = Ambush(step)
        self._open.append(ambush)
        self._roads.ambushes.append(ambush)

    async def wait(self, most: int = 0) -> None:
        """Returns when at most so many kills are still to come."""
        self._open = [ambush for ambush in self._open if not self._counted(ambush)]
        while len(self._open) > most:
            await self._end(self._open.pop(0))

    async def _end(self, ambush: Ambush) -> None:
        while not await self._struck(ambush):
            if not ambush.taken:
                self._roads.ambushes.remove(ambush)
                await self._anywhere()
                return
        self._counted(ambush)

    async def _struck(self, ambush: Ambush) -> bool:
        try:
            async with asyncio.timeout(PATIENCE if self._plan.steps else STRIKE_SECONDS):
                return await ambush.struck.wait()
        except TimeoutError:
            return False

    async def _anywhere(self) -> None:
        await asyncio.sleep(self._moments.random() * 0.3)
        await self._fleet.kill_one()
        self.kills[ANYWHERE] += 1

    def _counted(self, ambush: Ambush) -> bool:
        if ambush.struck.is_set():
            self.kills[ambush.step.name] += 1
        return ambush.struck.is_set()

    def _step(self, number: int) -> Step | None:
        if self._plan.steps:
            return self._plan.steps[number % len(self._plan.steps)]
        return self._steps.choice((None, *STEPS))
