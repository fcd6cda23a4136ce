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
    before: bool = False
    """Whether the request itself is held back, and never goes on."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the work is done and the answer waits; with `before`, once the request waits."""
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
    def hold(self, method: str, path: str, *, before: bool = False) -> Iterator[Held]:
        """Holds back the answer to the next such request, until the end of the block at the latest.

        With `before` the request is held back, and its connection cut in the end.
        """
        held = Held(method, path, before)
        self._holding.append(held)
        try:
            yield held
        finally:
            held.let_go.set()

    async def forward(self, request: web.Request) -> web.Response:
        """Passes one request on."""
        held = next((one for one in self._holding if (one.method, one.path) == (request.method, request.path)), None)
        if held is not None:
            self._holding.remove(held)
        if held is not None and held.before:
            held.done.set()
            await held.let_go.wait()
            return cut(request)
        async with self._client.request(
            request.method,
            self._target + request.path_qs,
            data=await request.read(),
            headers=end_to_end(request.headers),
        ) as response:
            body = await response.read()
        if held is not None:
            held.done.set()
            await held.let_go.wait()
        return web.Response(body=body, status=response.status, headers=end_to_end(response.headers))


def cut(request: web.Request) -> web.Response:
    """Closes the connection; the response returned has nowhere to go."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def end_to_end(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    """The headers that are for whoever is at the other end."""
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
