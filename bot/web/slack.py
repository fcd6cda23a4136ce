"""`POST /slack/events`: everything Slack sends over HTTP (commands, interactions, options, events)."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier


class _Clock(Clock):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock()


def receiver(app: AsyncApp, signing_secret: str, clock: Callable[[], float]) -> Handler:
    """A handler that verifies the raw bytes ("Verifying requests from Slack": ±5 minutes), then lets Bolt dispatch.

    401 for a wrong signature or a stale time, 400 for a body that isn't what Slack sends.
    """
    verifier = SignatureVerifier(signing_secret, clock=_Clock(clock))

    async def receive(request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if not _is_signed(verifier, raw, request):
            return web.json_response({"error": "invalid_signature"}, status=401)
        try:
            body = parse(raw, request.content_type)
        except ValueError:
            return web.json_response({"error": "malformed_body"}, status=400)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body.get("challenge")})
        headers = {name: [value] for name, value in request.headers.items()}
        # "socket_mode" tells Bolt that the body is verified and parsed already. Its own parser takes any command whose
        # text contains the word "payload" for an interaction and drops it.
        bolt_request = AsyncBoltRequest(body=body, headers=headers, mode="socket_mode")  # type: ignore[arg-type]
        return await to_aiohttp_response(await app.async_dispatch(bolt_request))

    return receive


def parse(raw: bytes, content_type: str) -> dict[str, Any]:
    """The body as Bolt wants it: the JSON of an event, the `payload` of an interaction, or a command's form fields.

    Raises ValueError for anything else.
    """
    text = raw.decode("utf-8")
    if content_type == "application/json":
        body = json.loads(text)
    else:
        fields = dict(parse_qsl(text, keep_blank_values=True, strict_parsing=True))
        body = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(body, dict):
        raise ValueError("not an object")
    return body


def _is_signed(verifier: SignatureVerifier, raw: bytes, request: web.Request) -> bool:
    try:
        return verifier.is_valid(
            raw, request.headers.get("X-Slack-Request-Timestamp"), request.headers.get("X-Slack-Signature")
        )
    except (ValueError, TypeError):
        return False
