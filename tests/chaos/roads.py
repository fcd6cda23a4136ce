"""All roads between the app's processes and the outside. Here a process is killed while a request is on its way."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web

from bot.web.server import listening
from tests.chaos.plan import Role, Step, To
from tests.running.wire import cut, end_to_end

SLOWEST = 0.02
"""Seconds within which a kill `during` the work comes."""


class Traveller(Protocol):
    """A place for a process, as the roads know it. `url` is where that listens, None when it doesn't; `starts` counts
    the processes that were there."""

    name: str
    role: Role
    url: str | None
    starts: int

    async def kill(self) -> bool: ...


@dataclass(eq=False)
class Ambush:
    """The next request at this step takes its process down; `struck` is set once it has."""

    step: Step
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    taken: bool = False

    def meets(self, traveller: Traveller, to: To, request: web.Request, path: str) -> bool:
        """Whether this is the request; only once."""
        step = self.step
        there = (to, request.method) == (step.to, step.method) and path.startswith(step.path)
        if self.taken or not there or traveller.role not in step.roles:
            return False
        self.taken = True
        return True


class Roads:
    """`url` is the app's front door, before all processes that listen; `settings` leads a process's requests by here.

    A request to nobody, or whose other end dies, ends in a cut connection.
    """

    def __init__(self, client: ClientSession, slack: str, stripe: str, random: Random) -> None:
        self._client = client
        self._outside: Mapping[To, str] = {"slack": slack, "stripe": stripe}
        self._random = random
        self.travellers: dict[str, Traveller] = {}
        self.at_slack = 0
        """How many requests Slack is at work on, also for processes that are gone."""
        self.ambushes: list[Ambush] = []
        self.deadly: set[str] = set()
        """Paths at Stripe: each process that asks for one dies of it."""
        self.url = ""

    def settings(self, traveller: Traveller) -> dict[str, str]:
        """Where this process finds Slack and Stripe."""
        base = f"{self.url}/from/{traveller.name}/{traveller.starts}"
        return {"slack_api_url": f"{base}/slack/api/", "stripe_api_url": f"{base}/stripe"}

    async def out(self, request: web.Request) -> web.Response:
        """From a process to the outside."""
        traveller, path = self.travellers[request.match_info["name"]], f"/{request.match_info['path']}"
        to: To = "slack" if request.match_info["to"] == "slack" else "stripe"
        target = f"{self._outside[to]}{path}"
        alive = request.match_info["start"] == str(traveller.starts)
        self.at_slack += to == "slack"
        try:
            return await self._carry(request, f"{target}?{request.query_string}", traveller, to, path, alive)
        finally:
            self.at_slack -= to == "slack"

    async def come(self, request: web.Request) -> web.Response:
        """From the outside to whichever process listens."""
        open_doors = [one for one in self.travellers.values() if one.url is not None]
        if not open_doors:
            return cut(request)
        traveller = self._random.choice(open_doors)
        return await self._carry(request, f"{traveller.url}{request.path_qs}", traveller, "paylink", request.path)

    async def _carry(
        self, request: web.Request, target: str, traveller: Traveller, to: To, path: str, alive: bool = True
    ) -> web.Response:
        """`alive`: the request isn't one that an earlier process in the traveller's place left behind."""
        body = await request.read()
        if alive and to == "stripe" and path in self.deadly:
            await traveller.kill()
            return cut(request)
        ambush = self._ambush(traveller, to, request, path) if alive else None
        if ambush is None:
            try:
                return await self._send(request, target, body)
            except (ClientError, OSError, TimeoutError):
                return cut(request)
        sent = None
        if ambush.step.when != "before":
            sent = asyncio.create_task(self._send(request, target, body))
            within = SLOWEST * self._random.random() if ambush.step.when == "during" else None
            await asyncio.wait([sent], timeout=within)
        died = await traveller.kill()
        if sent is not None:
            await asyncio.gather(sent, return_exceptions=True)
        if died:
            self.ambushes.remove(ambush)
            ambush.struck.set()
        else:
            ambush.taken = False  # Another one was quicker: this ambush waits for the next process.
        return cut(request)

    def _ambush(self, traveller: Traveller, to: To, request: web.Request, path: str) -> Ambush | None:
        return next((one for one in self.ambushes if one.meets(traveller, to, request, path)), None)

    async def _send(self, request: web.Request, target: str, body: bytes) -> web.Response:
        headers = end_to_end(request.headers)
        async with self._client.request(request.method, target, data=body, headers=headers) as response:
            return web.Response(
                body=await response.read(), status=response.status, headers=end_to_end(response.headers)
            )


@asynccontextmanager
async def roads(slack: str, stripe: str, random: Random) -> AsyncIterator[Roads]:
    """Roads to the sandboxes at these addresses."""
    connector, timeout = TCPConnector(limit=0), ClientTimeout(total=60.0)
    async with ClientSession(cookie_jar=DummyCookieJar(), connector=connector, timeout=timeout) as client:
        paths = Roads(client, slack, stripe, random)
        application = web.Application(client_max_size=2**22)
        application.router.add_route("*", "/from/{name}/{start}/{to}/{path:.*}", paths.out)
        application.router.add_route("*", "/{path:.*}", paths.come)
        async with listening(application, "127.0.0.1", 0) as paths.url:
            yield paths
