"""The line to the app: Socket Mode while the app has a connection open, the request URL otherwise."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.errors import AppError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.outgoing.http import Answer, HttpSender, Kind
from bot.sandbox.slack.outgoing.socket import SocketHub

ACK_SECONDS = 3.0


@dataclass
class Sent:
    """One request to the app, and how it went: `error` is `None` when it was acknowledged."""

    kind: Kind
    payload: Json
    answer: Answer = None
    error: str | None = None
    retry: int = 0


class Line:
    """Sends to the app, and remembers what was sent."""

    def __init__(self, http: HttpSender, sockets: SocketHub) -> None:
        self.http = http
        self.sockets = sockets
        self.sent: list[Sent] = []
        self.ack_seconds = ACK_SECONDS
        self.event_retry_seconds = (0.0, 60.0, 300.0)
        """How long the Events API waits before each retry."""
        self._background: set[asyncio.Task[None]] = set()

    async def send(self, kind: Kind, payload: Json) -> Answer:
        """Deliver a command or an interaction; `AppError` when the app doesn't acknowledge in time."""
        return await self._once(Sent(kind, payload), {}, {})

    def post_event(self, payload: Json) -> asyncio.Future[None]:
        """Deliver an event in the background, with Slack's retries; the future is done after the first attempt."""
        tried: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.get_running_loop().create_task(self._with_retries(payload, tried))
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return tried

    async def idle(self) -> None:
        """Wait until no event is on its way any more."""
        while self._background:
            await asyncio.wait(tuple(self._background))

    async def close(self) -> None:
        """Drop what is on its way, and every connection."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.sockets.disconnect()
        await self.http.close()

    async def _with_retries(self, payload: Json, tried: asyncio.Future[None]) -> None:
        reason = ""
        for number, wait in enumerate((0.0, *self.event_retry_seconds)):
            await asyncio.sleep(wait)
            headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason} if number else {}
            envelope = {"retry_attempt": number, "retry_reason": reason}
            try:
                await self._once(Sent("events_api", payload, retry=number), headers, envelope)
            except AppError as error:
                reason = _RETRY_REASONS.get(error.code, "unknown_error")
            else:
                return
            finally:
                if not tried.done():
                    tried.set_result(None)

    async def _once(self, sent: Sent, headers: Mapping[str, str], envelope: Mapping[str, Any]) -> Answer:
        self.sent.append(sent)
        try:
            if self.sockets.connections:
                sent.answer = await self.sockets.send(sent.kind, sent.payload, self.ack_seconds, envelope)
            else:
                sent.answer = await self.http.send(sent.kind, sent.payload, self.ack_seconds, headers)
        except AppError as error:
            sent.error = error.code
            raise
        return sent.answer


_RETRY_REASONS = {
    "operation_timeout": "http_timeout",
    "dispatch_failed": "connection_failed",
    "http_client_error": "http_error",
    "http_service_error": "http_error",
}
