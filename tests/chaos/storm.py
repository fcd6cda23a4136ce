"""One run: links are made and paid while processes die and everything else stumbles; then the verdict."""

import asyncio
from dataclasses import replace
from math import inf
from pathlib import Path

from bot.payments.events import HANDLED
from bot.sandbox.sandbox import Sandbox
from tests.chaos import leftovers, verdict
from tests.chaos.cluster import Cluster
from tests.chaos.deliveries import Deliveries
from tests.chaos.figures import Figures, count, missing
from tests.chaos.fleet import Fleet, Tide, fleet
from tests.chaos.letters import Letters
from tests.chaos.plan import Plan, Trouble
from tests.chaos.poison import Poison
from tests.chaos.roads import Roads, roads
from tests.chaos.strikes import Strikes
from tests.chaos.traffic import Traffic
from tests.chaos.troubles import Say, Troubles
from tests.chaos.weather import Weather
from tests.harness import HANG, MANIFEST
from tests.running.town import Town

CALM_SECONDS = 300.0
"""How long everything may take to come right once nothing goes wrong any more, and once poison is mended."""

LOOK_SECONDS = 0.3
"""Between two looks at whether it has."""


class Storm:
    """The parts of a run."""

    def __init__(
        self,
        plan: Plan,
        town: Town,
        ways: Roads,
        members: Fleet,
        tide: Tide,
        server: Cluster | None,
        letters: Letters,
        say: Say,
    ) -> None:
        self.weather = Weather(town.sandbox, plan.random("weather"))
        self.traffic = Traffic(plan, town.sandbox)
        self.deliveries = Deliveries(plan, town.sandbox.stripe)
        self.strikes = Strikes(plan, ways, members)
        self.troubles = Troubles(plan, town, members, tide, self.traffic, self.deliveries, server, say)
        self.poison = Poison(plan, town.sandbox, self.traffic, ways)
        self.misjudged: list[str] = []
        """What was wrong with what `paylink inbox` said."""
        self._plan = plan
        self._town = town
        self._fleet = members
        self._tide = tide
        self._letters = letters
        self._say = say

    async def rage(self) -> None:
        """From the first link to the last kill."""
        plan, traffic = self._plan, self.traffic
        await self._fleet.open()
        await traffic.make_links(range(plan.calm_links), traffic.channels)
        traffic.sell()
        self.deliveries.spoil()
        if plan.weather:
            self.weather.begin()
        making = asyncio.create_task(traffic.make_links(range(plan.calm_links, plan.links), self.troubles.lasting))
        done = 0
        for number in range(1, plan.kills + 1):
            share = plan.events * number // plan.kills - done
            done += share
            await self.poison.come(number / plan.kills)
            self.troubles.come(number / plan.kills)
            await self.strikes.next(number - 1)
            await traffic.pay(share, plan.pace)
            await self.strikes.wait(plan.open_strikes)
            if number == (plan.kills + 1) // 2:
                await making
                traffic.sell()
            self._say(f"{number} of {plan.kills} kills, {len(traffic.ledger.bought):,} payments")
        await self.strikes.wait()
        last = asyncio.create_task(self.troubles.over())
        while not last.done():  # Only in a short run are there troubles left, which nobody notices without customers.
            await traffic.pay(1, plan.pace / 10)
        await last

    async def calm(self) -> None:
        """Lets everything come right, poison last, or gives up on it."""
        self.weather.end()
        await self.traffic.settle_all()
        if self._plan.late:
            await self.troubles.let_hours_go_by()
        await self._town.sandbox.stripe.delivered()
        self._say("nothing goes wrong any more")
        try:
            await self._come_right()
            if self._plan.poison:
                await self._mend_poison()
        except TimeoutError:
            self._say("time is up")
            self.misjudged.append(f"not everything came right within {CALM_SECONDS:.0f} s")

    async def _mend_poison(self) -> None:
        """It has been given up: others go on beside it, people see it, and have it tried again when it is mended."""
        self.deliveries.come_right()
        await self.poison.make_up()
        await self._come_right()
        await self.poison.sell_beside()
        await self._come_right()
        letters = await self._letters.listed()
        self.misjudged += self.poison.judged(letters, self.troubles.closed)
        self._say(f"{len(letters)} were given up on")
        self.poison.mend()
        retried = await self._letters.retry_all()
        if retried != len(letters):
            self.misjudged.append(f"{retried} were tried again, of {len(letters)}")
        await self._come_right()
        self.misjudged += self.poison.judged(await self._letters.listed(), self.troubles.closed)

    async def _come_right(self) -> None:
        """Returns when nothing waits and nothing is wrong. For poison that waits to be tried again, hours go by."""
        async with asyncio.timeout(CALM_SECONDS):
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                self.poison.spare(await leftovers.digested(self._town, self.poison.payments))
                waits = await leftovers.waiting(self._town)
                if min(waits.values(), default=inf) <= self._tide() or not waits.keys() <= self.poison.ids:
                    continue
                if self.problems():
                    continue
                if not waits:
                    return
                self.troubles.skip_hours()

    def problems(self) -> list[str]:
        """What is wrong now."""
        sandbox, troubles = self._town.sandbox, self.troubles
        return verdict.problems(
            sandbox.slack,
            sandbox.stripe,
            self.traffic.ledger,
            closed=troubles.closed,
            away=troubles.away,
            revoked=troubles.met[Trouble.REVOKED],
        )


async def storm(
    plan: Plan, database_url: str, folder: Path, say: Say = lambda line: None, server: Cluster | None = None
) -> Figures:
    """Runs the plan on a fresh, migrated database; `server` is the one it is on, if that may be crashed."""
    tide = Tide(plan.stride)
    async with Sandbox(MANIFEST, clock=tide, seed=plan.seed) as sandbox:
        _prepare(sandbox)
        town = Town(sandbox, database_url)
        more = {"paylink_poll_seconds": 20 if plan.kills > 20 else 5, "log_level": "info"}
        async with roads(sandbox.slack.url, sandbox.stripe.url, plan.random("roads")) as ways:
            chance = plan.random("fleet")
            async with fleet(plan, lambda: town.settings | more, ways, folder, tide, chance) as members:
                sandbox.connect(ways.url)
                run = Storm(plan, town, ways, members, tide, server, Letters(town, folder), say)
                await run.rage()
                await run.calm()
            problems = run.problems() + await _at_rest(run, town)
        figures = count(run, sandbox, members, problems)
        return replace(figures, problems=[*problems, *missing(plan, figures)]) if plan.whole else figures


def _prepare(sandbox: Sandbox) -> None:
    """Only one post a second in each channel is as in life; more would make the run longer without asking more."""
    sandbox.slack.line.ack_seconds = HANG
    sandbox.slack.limits.per_method.clear()
    sandbox.slack.limits.post_per_team = None
    for endpoint in sandbox.stripe.account.tables["webhook_endpoint"].values():
        endpoint["enabled_events"] = sorted(HANDLED)


async def _at_rest(run: Storm, town: Town) -> list[str]:
    """What is wrong once every process has stopped."""
    found = run.misjudged + await leftovers.stuck(town, run.troubles.closed, run.poison.events)
    found += await leftovers.lost(town, run.deliveries.acknowledged)
    return found + verdict.too_fast(town.sandbox.slack.calls)
