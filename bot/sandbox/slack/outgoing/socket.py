"""Socket Mode ("Using Socket Mode", docs.slack.dev): envelopes over WebSockets that the app has opened."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.outgoing.http import Answer, Kind

MAX_CONNECTIONS = 10


class SocketHub:
    """The app's WebSocket connections. A request goes to one of them, in turn."""

    def __init__(self, ids: Ids, changes: Changes, app_id: str) -> None:
        self._ids = ids
        self._changes = changes
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: list[web.WebSocketResponse] = []
        self._waiting: dict[str, asyncio.Future[Answer]] = {}
        self.base = ""

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._open)

    def ticket(self) -> str:
        """A URL for one connection, as `apps.connections.open` gives it."""
        if len(self._open) >= MAX_CONNECTIONS:
            raise SlackError("too_many_websockets", f"at most {MAX_CONNECTIONS} connections at once")
        ticket = self._ids.token("ticket")
        self._tickets.add(ticket)
        return f"{self.base.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket endpoint."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=None)
        await socket.prepare(request)
        self._open.append(socket)
        try:
            await socket.send_json(self._hello())
            self._changes.wake()
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            if socket in self._open:
                self._open.remove(socket)
            self._changes.wake()
        return socket

    async def send(self, kind: Kind, payload: Json, seconds: float, extra: Mapping[str, Any]) -> Answer:
        """Deliver one envelope and return the payload of its acknowledgement; `AppError` without one."""
        socket = self._open.pop(0)
        self._open.append(socket)
        envelope_id = self._ids.token("envelope")
        waiter: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiter
        accepts = kind != "events_api"
        envelope = {"envelope_id": envelope_id, "type": kind, "accepts_response_payload": accepts}
        try:
            await socket.send_json({**envelope, "payload": payload, **extra})
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError:
            raise AppError("operation_timeout", f"no acknowledgement within {seconds:g} s") from None
        except ConnectionError:
            raise AppError("dispatch_failed", "the Socket Mode connection broke") from None
        finally:
            del self._waiting[envelope_id]

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to leave every connection, as Slack does every few hours, and close them."""
        for socket in self._open[:]:
            self._open.remove(socket)
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            await socket.close()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18_060},
        }

    def _acknowledged(self, data: str) -> None:
        try:
            message = json.loads(data)
        except ValueError:
            return
        waiter = self._waiting.get(message.get("envelope_id", ""))
        if waiter is not None and not waiter.done():
            waiter.set_result(message.get("payload") or None)
