"""`POST /slack/events`: everything Slack sends over HTTP (commands, interactions, options, events)."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.slack_body import parse

MOST_SECONDS = 300
"""How far the time of a request may be from ours, before or after."""

_JSON = {"Content-Type": "application/json; charset=utf-8"}

Dispatch = Callable[[dict[str, Any]], Awaitable[bytes | None]]
"""Takes a body and gives that of the answer, JSON or nothing; None when nobody listens for it."""


def receiver(dispatch: Dispatch, signing_secret: str, clock: Callable[[], float]) -> Handler:
    """A handler that verifies the request ("Verifying requests from Slack": ±5 minutes) and dispatches it.

    401 for a wrong signature or a stale time, 400 for a body that isn't what Slack sends, 404 for what we don't ask
    Slack to send.
    """
    key = signing_secret.encode()

    async def receive(request: web.Request) -> web.StreamResponse:
        sent = await request.read()
        if not _is_signed(key, sent, request, clock()):
            return web.json_response({"error": "invalid_signature"}, status=401)
        try:
            body = parse(sent.decode("utf-8"), request.content_type)
        except (ValueError, RecursionError):
            return web.json_response({"error": "malformed_body"}, status=400)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body.get("challenge")})
        answer = await dispatch(body)
        if answer is None:
            return web.json_response({"error": "unhandled_request"}, status=404)
        return web.Response(body=answer, headers=_JSON) if answer else web.Response()

    return receive


def _is_signed(key: bytes, body: bytes, request: web.Request, now: float) -> bool:
    time, signature = (request.headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature"))
    if not (time.isascii() and time.isdigit() and len(time) < 20) or abs(now - int(time)) > MOST_SECONDS:
        return False
    expected = "v0=" + hmac.digest(key, b"v0:%b:%b" % (time.encode(), body), "sha256").hex()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
