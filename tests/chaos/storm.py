"""One run: links are made and paid while processes die and both sides stumble; then the verdict."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.payments.events import HANDLED
from bot.sandbox.sandbox import Sandbox
from tests.chaos import verdict
from tests.chaos.fleet import Fleet, Tide, fleet
from tests.chaos.plan import STEPS, Plan, Step
from tests.chaos.roads import Ambush, Roads, roads
from tests.chaos.traffic import Traffic
from tests.chaos.weather import Weather
from tests.harness import HANG, MANIFEST
from tests.running.process import PATIENCE
from tests.running.town import Town

_LOGGED = ("event", "text", "worker", "kind", "type", "reason", "error", "origin")

STRIKE_SECONDS = 15.0
"""How long a process may escape an ambush before it is killed wherever it is."""

CALM_SECONDS = 240.0
"""How long everything may take to come right once nothing goes wrong any more."""


@dataclass(frozen=True)
class Figures:
    """What happened in a run. `kills` is by the step at which it came, or `any moment`."""

    events: int
    deliveries: int
    payments: int
    links: int
    kills: Counter[str]
    starts: int
    faults: int
    closest: float
    problems: list[str]
    logged: Counter[str]


class Storm:
    """The parts of a run."""

    def __init__(self, plan: Plan, town: Town, ways: Roads, members: Fleet, say: Callable[[str], None]) -> None:
        sandbox = town.sandbox
        self.kills = Counter[str]()
        self.weather = Weather(sandbox, plan.seed)
        self.traffic = Traffic(plan, sandbox, Random(plan.seed))
        self._plan = plan
        self._town = town
        self._sandbox = sandbox
        self._roads = ways
        self._fleet = members
        self._random = Random(plan.seed)
        self._say = say

    async def rage(self) -> None:
        """From the first link to the last kill."""
        plan = self._plan
        await self.traffic.make_links(plan.calm_links)
        self.traffic.spoil_webhooks()
        if plan.weather:
            self.weather.begin()
        done = 0
        for number in range(1, plan.kills + 1):
            share = plan.events * number // plan.kills - done
            done += share
            links = plan.calm_links + (plan.links - plan.calm_links) * number // plan.kills
            await self._strike(number - 1, share, links - self.traffic.made)
            self._say(f"{number} of {plan.kills} kills, {len(self.traffic.ledger.bought):,} payments")

    async def calm(self) -> list[str]:
        """Lets everything come right; answers what didn't."""
        self.weather.end()
        await self.traffic.settle_all()
        await self._sandbox.stripe.delivered()
        found: list[str] = []
        for _ in range(int(CALM_SECONDS)):
            found = verdict.problems(self._sandbox.slack, self._sandbox.stripe, self.traffic.ledger)
            if not found and await self._town.nothing_waits():
                break
            await asyncio.sleep(1.0)
        return found

    async def _strike(self, number: int, events: int, links: int) -> None:
        step = self._step(number)
        ambush = Ambush(step) if step else None
        self._roads.ambush = ambush
        await asyncio.gather(self.traffic.pay(events), self.traffic.make_links(links))
        if ambush is not None:
            try:
                async with asyncio.timeout(PATIENCE if self._plan.steps else STRIKE_SECONDS):
                    await ambush.struck.wait()
                self.kills[ambush.step.name] += 1
                return
            except TimeoutError:
                self._roads.ambush = None
                if ambush.taken:
                    await ambush.struck.wait()
                    self.kills[ambush.step.name] += 1
                    return
        await asyncio.sleep(self._random.random() * 0.3)
        await self._fleet.kill_one()
        self.kills["any moment"] += 1

    def _step(self, number: int) -> Step | None:
        if self._plan.steps:
            return self._plan.steps[number % len(self._plan.steps)]
        return self._random.choice((None, *STEPS))


async def storm(plan: Plan, database_url: str, folder: Path, say: Callable[[str], None] = lambda line: None) -> Figures:
    """Runs the plan on a fresh, migrated database."""
    tide = Tide(plan.stride)
    async with Sandbox(MANIFEST, clock=tide, seed=plan.seed) as sandbox:
        sandbox.slack.line.ack_seconds = HANG
        sandbox.slack.limits.per_method.clear()
        sandbox.slack.limits.post_per_team = None
        for endpoint in sandbox.stripe.account.tables["webhook_endpoint"].values():
            endpoint["enabled_events"] = sorted(HANDLED)
        town = Town(sandbox, database_url)
        settings = {**town.settings, "paylink_poll_seconds": 20 if plan.kills > 20 else 5, "log_level": "info"}
        async with roads(sandbox.slack.url, sandbox.stripe.url, Random(plan.seed)) as ways:
            async with fleet(plan, lambda: settings, ways, folder, tide, Random(plan.seed)) as members:
                sandbox.connect(ways.url)
                run = Storm(plan, town, ways, members, say)
                await run.rage()
                struck = run.weather.struck
                found = await run.calm()
            found = found or await _at_rest(run, town)
        handled = [event for event in sandbox.stripe.events.values() if event["type"] in HANDLED]
        return Figures(
            events=len(handled),
            deliveries=sum(one.ok for event in handled for one in sandbox.stripe.webhooks.attempts(event["id"])),
            payments=len(run.traffic.ledger.bought),
            links=len(sandbox.stripe.payment_links),
            kills=run.kills,
            starts=members.starts,
            faults=struck,
            closest=verdict.fastest(sandbox.slack.calls),
            problems=found,
            logged=Counter(" ".join(str(line.get(key, "")) for key in _LOGGED) for line in members.log),
        )


async def _at_rest(run: Storm, town: Town) -> list[str]:
    """What is wrong once every process has stopped."""
    found = verdict.problems(town.sandbox.slack, town.sandbox.stripe, run.traffic.ledger)
    if not await town.nothing_waits():
        found.append("rows still wait in the database")
    if (least := verdict.fastest(town.sandbox.slack.calls)) < 1.0:
        found.append(f"two posts in one channel were {least:.3f} s apart")
    return found
