"""What befalls everybody at once: channels closed, tokens revoked, hours gone by, a database that fails."""

import asyncio
import resource
import sqlite3
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import closing

from bot.sandbox.slack.workspace import Channel
from storage import workspaces
from tests.chaos import leftovers
from tests.chaos.cluster import Cluster, cut_connections
from tests.chaos.deliveries import Deliveries
from tests.chaos.fleet import Fleet, Tide
from tests.chaos.plan import Plan, Trouble
from tests.chaos.traffic import Traffic
from tests.running.process import HOURS
from tests.running.town import Town

Say = Callable[[str], None]

AWAY_SECONDS = 20.0
"""How long the app stays out of a channel."""

REVOKED_SECONDS = 65.0
"""How long Slack doesn't let the app in: of less than a minute nobody is told."""

NOTICED_SECONDS = 180.0
"""How long the app may take to notice that Slack doesn't let it in, or does again, however much else goes wrong."""

FAILING_SECONDS = 8.0
"""How long the database fails: longer than SQLite waits for a lock."""

_CLOSING = (Trouble.ARCHIVED, Trouble.REMOVED)


class Troubles:
    """Those of the plan, one after another. `met` counts them; `closed` are channels where nothing can be said or
    changed any more, `away` those where the app wasn't for a while (ids)."""

    def __init__(
        self,
        plan: Plan,
        town: Town,
        fleet: Fleet,
        tide: Tide,
        traffic: Traffic,
        deliveries: Deliveries,
        server: Cluster | None,
        say: Say,
    ) -> None:
        self.met = Counter[Trouble]()
        self.closed = set[str]()
        self.away = set[str]()
        self._town = town
        self._fleet = fleet
        self._tide = tide
        self._traffic = traffic
        self._deliveries = deliveries
        self._server = server
        self._say = say
        self._coming = deque(plan.random("troubles").sample(plan.troubles, len(plan.troubles)))
        self._number = len(plan.troubles)
        closing = sum(one in _CLOSING for one in plan.troubles)
        self.lasting = traffic.channels[: plan.channels - closing]
        """The channels that nothing befalls."""
        self._closing = deque(traffic.channels[plan.channels - closing :])
        self._acts: dict[Trouble, Callable[[], Awaitable[None]]] = {
            Trouble.ARCHIVED: self._archive,
            Trouble.REMOVED: self._remove,
            Trouble.REVOKED: self._revoke,
            Trouble.HOURS: self.let_hours_go_by,
            Trouble.LOCKED: self._lock,
            Trouble.FULL: self._fill,
            Trouble.CRASHED: self._crash,
            Trouble.CUT: self._cut,
        }
        self._last: asyncio.Task[None] | None = None

    def come(self, share: float) -> None:
        """Begins the next one when this share of the events calls for it and the last one is over."""
        due = self._number - len(self._coming) + 0.5 <= share * self._number
        if not due or (self._last is not None and not self._last.done()):
            return
        if self._last is not None:
            self._last.result()
        self._last = asyncio.create_task(self._meet(self._coming.popleft()))

    async def over(self) -> None:
        """Returns when the last one is; those that are still to come, come now."""
        if self._last is not None:
            await self._last
        while self._coming:
            await self._meet(self._coming.popleft())

    async def _meet(self, trouble: Trouble) -> None:
        self._say(trouble.value)
        await self._acts[trouble]()
        self.met[trouble] += 1

    async def let_hours_go_by(self) -> None:
        """For everybody; the processes start again, so that they notice. Then Stripe delivers what it has
        kept back for so long."""
        # Slack is at work on no request for hours: nobody would find in time what it has yet to post.
        await self._fleet.answered()
        late = self._deliveries.kept_back(until=self._tide())
        self._tide.ahead += HOURS
        await self._fleet.restart()
        await self._fleet.open()
        await self._deliveries.deliver_late(late, await leftovers.stored(self._town))

    def skip_hours(self) -> None:
        """For everybody while nobody has anything in hand: the processes that are there go on."""
        self._tide.ahead += HOURS
        self._fleet.skip_hours()

    async def _archive(self) -> None:
        channel = self._closing.popleft()
        self.closed.add(channel.id)
        self._town.sandbox.slack.archive(channel.id)

    async def _remove(self) -> None:
        channel: Channel = self._closing.popleft()
        self.away.add(channel.id)
        self._town.sandbox.slack.kick_app(channel.id)
        await asyncio.sleep(AWAY_SECONDS)
        await self._town.ada.invite_app(channel.name)

    async def _revoke(self) -> None:
        slack = self._town.sandbox.slack
        self._traffic.people_work.clear()
        slack.revoke_token()
        await self._noticed(True)
        await asyncio.sleep(REVOKED_SECONDS)
        slack.reinstall()
        await self._fleet.restart()
        await self._noticed(False)
        self._traffic.people_work.set()

    async def _noticed(self, pause: bool) -> None:
        """Returns when the app has noticed that Slack doesn't let it in, or does again. It must."""
        try:
            async with asyncio.timeout(NOTICED_SECONDS):
                noticed = False
                while not noticed:
                    await asyncio.sleep(1.0)
                    noticed = await self._paused() is pause
        except TimeoutError:
            what = "its token was revoked" if pause else "Slack lets it in again"
            raise AssertionError(f"the app didn't notice within {NOTICED_SECONDS:.0f} s that {what}") from None

    async def _paused(self) -> bool:
        async with self._town.reading() as session:
            workspace = await workspaces.get(session, self._town.sandbox.slack.team.id)
            return workspace is not None and workspace.paused_since is not None

    async def _lock(self) -> None:
        path = self._town.database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None, timeout=60.0, check_same_thread=False)) as intruder:
            await asyncio.to_thread(intruder.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(FAILING_SECONDS)
            intruder.execute("ROLLBACK")

    async def _fill(self) -> None:
        """No process that is there can make a file longer: it meets an I/O error, as on a disk that is full."""
        for member in self._fleet.members:
            member.limit_files(1)
        await asyncio.sleep(FAILING_SECONDS)
        for member in self._fleet.members:
            member.limit_files(resource.RLIM_INFINITY)

    async def _crash(self) -> None:
        assert self._server is not None
        await asyncio.to_thread(self._server.crash)
        await asyncio.sleep(FAILING_SECONDS)
        await asyncio.to_thread(self._server.start)

    async def _cut(self) -> None:
        await cut_connections(self._town.database_url)
