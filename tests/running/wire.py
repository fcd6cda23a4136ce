"""The wire between the app and a sandbox, on which an answer can be held back after the work was done."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, DummyCookieJar, web

from bot.web.server import listening

HOP_BY_HOP = frozenset({"connection", "content-encoding", "content-length", "host", "keep-alive", "transfer-encoding"})


@dataclass
class Held:
    """One answer that is held back."""

    method: str
    path: str
    done: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the work is done and the answer waits."""
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    """To be set to let the answer go on."""


class Wire:
    """Forwards every request to `target` and the answers back."""

    def __init__(self, target: str, client: ClientSession) -> None:
        self._target = target
        self._client = client
        self._holding: list[Held] = []
        self.url = ""

    @contextmanager
    def hold(self, method: str, path: str) -> Iterator[Held]:
        """Holds back the answer to the next such request, until the end of the block at the latest."""
        held = Held(method, path)
        self._holding.append(held)
        try:
            yield held
        finally:
            held.let_go.set()

    async def forward(self, request: web.Request) -> web.Response:
        """Passes one request on."""
        async with self._client.request(
            request.method,
            self._target + request.path_qs,
            data=await request.read(),
            headers=_end_to_end(request.headers),
        ) as response:
            body = await response.read()
        for held in self._holding:
            if (held.method, held.path) == (request.method, request.path):
                self._holding.remove(held)
                held.done.set()
                await held.let_go.wait()
                break
        return web.Response(body=body, status=response.status, headers=_end_to_end(response.headers))


def _end_to_end(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if name.lower() not in HOP_BY_HOP]


@asynccontextmanager
async def wire(target: str) -> AsyncIterator[Wire]:
    """A wire to this base URL; its own is `url`."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as client:
        forwarding = Wire(target.rstrip("/"), client)
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", forwarding.forward)
        async with listening(application, "127.0.0.1", 0) as forwarding.url:
            yield forwarding
