"""The far end of the wire: a real HTTP server on loopback that answers as told and remembers what it was asked."""

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass
class Asked:
    """One request; `given` holds its arguments, wherever they travelled: query, form or JSON."""

    method: str
    path: str
    given: Json
    headers: dict[str, str]


@dataclass
class Edge:
    """`url` is where it listens. Answers come in the order given; the last one stays."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    answers: deque[web.Response | None] = field(default_factory=deque)

    def answer(self, body: Json | str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """The next answer."""
        if isinstance(body, str):
            self.answers.append(web.Response(text=body, status=status, headers=headers, content_type="text/html"))
        else:
            text = json.dumps(body)
            self.answers.append(
                web.Response(text=text, status=status, headers=headers, content_type="application/json")
            )

    def hang_up(self) -> None:
        """The next request is read and the connection cut without an answer."""
        self.answers.append(None)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await (request.json() if request.content_type == "application/json" else request.post())
        self.asked.append(Asked(request.method, request.path, {**request.query, **body}, dict(request.headers)))
        given = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        if given is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return web.Response(body=given.body, status=given.status, headers=given.headers)


@asynccontextmanager
async def listening() -> AsyncIterator[Edge]:
    """An Edge, until the end of the block."""
    edge = Edge("")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", edge.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    edge.url = f"http://{host}:{port}"
    try:
        yield edge
    finally:
        await runner.cleanup()
