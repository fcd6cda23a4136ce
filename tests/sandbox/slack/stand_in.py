"""An app of a few lines that records what Slack sends and answers as a test says, without any SDK."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[Any]]
"""A status, a JSON object, a text, nothing, or a whole response."""


class StandIn:
    """`seen` are the payloads in order; `answer` makes the acknowledgement of each."""

    def __init__(self) -> None:
        self.seen: list[Json] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answer: Answer = nothing
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((dict(request.headers), body))
        payload = decode(request.content_type, body)
        self.seen.append(payload)
        answer = await self.answer(payload)
        if isinstance(answer, web.Response):
            return answer
        if isinstance(answer, int):
            return web.Response(status=answer)
        if isinstance(answer, dict):
            return web.json_response(answer)
        return web.Response(text=answer or "")

    def replies(self, answer: Any) -> None:
        """Always answer this."""

        async def reply(payload: Json) -> Any:
            return answer

        self.answer = reply


async def nothing(payload: Json) -> None:
    """An empty acknowledgement."""


def decode(content_type: str, body: bytes) -> Json:
    if content_type == "application/json":
        decoded: Json = json.loads(body)
        return decoded
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return json.loads(form["payload"]) if "payload" in form else form


@asynccontextmanager
async def serve(app: web.Application) -> AsyncIterator[str]:
    """Serve an aiohttp application on a free port; gives its URL."""
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """A running stand-in."""
    app = StandIn()
    application = web.Application()
    application.router.add_post("/slack/events", app.handle)
    async with serve(application) as url:
        app.url = f"{url}/slack/events"
        yield app
