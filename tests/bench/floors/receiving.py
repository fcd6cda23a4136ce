"""The floor of receiving: aiohttp, the HMAC, and one insert for all who wait."""

import asyncio
import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod

from aiohttp import web

Event = tuple[str, str, bytes]
Waiting = tuple[Event, "asyncio.Future[None]"]


class Floor(ABC):
    """Answers 200 once the event is written."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/stripe/webhook", self._receive)
        app.on_startup.append(self._open)
        app.on_cleanup.append(self._close)
        return app

    @abstractmethod
    async def open(self) -> None: ...

    @abstractmethod
    async def write(self, events: list[Event]) -> None: ...

    @abstractmethod
    async def close(self) -> None: ...

    async def _open(self, _app: web.Application) -> None:
        await self.open()

    async def _close(self, _app: web.Application) -> None:
        await self.close()

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        time_part, _, signature = request.headers["Stripe-Signature"].partition(",v1=")
        signed = time_part[2:].encode() + b"." + body
        expected = hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature) or abs(time.time() - int(time_part[2:])) > 300:
            return web.Response(status=400)
        event = json.loads(body)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((event["id"], event["type"], body), future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        await future
        return web.Response(text="ok")

    async def _write_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            await self.write([event for event, _ in group])
            for _, future in group:
                future.set_result(None)
        self._writer = None
