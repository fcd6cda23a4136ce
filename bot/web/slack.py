"""`POST /slack/events`: everything Slack sends over HTTP (commands, interactions, options, events)."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock, SignatureVerifier

from bot.web.slack_body import parse


class _Clock(Clock):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock()


def receiver(app: AsyncApp, signing_secret: str, clock: Callable[[], float]) -> Handler:
    """A handler that verifies the request ("Verifying requests from Slack": ±5 minutes), then lets Bolt dispatch it.

    401 for a wrong signature or a stale time, 400 for a body that isn't what Slack sends.
    """
    verifier = SignatureVerifier(signing_secret, clock=_Clock(clock))

    async def receive(request: web.Request) -> web.StreamResponse:
        try:
            text = (await request.read()).decode("utf-8")
            if not _is_signed(verifier, text, request):
                return web.json_response({"error": "invalid_signature"}, status=401)
            body = parse(text, request.content_type)
        except (ValueError, RecursionError):
            return web.json_response({"error": "malformed_body"}, status=400)
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": body.get("challenge")})
        # "socket_mode" tells Bolt that the body is verified and parsed already. Its own parser takes any command whose
        # text contains the word "payload" for an interaction and drops it. The headers say nothing more, and aren't
        # signed.
        answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        return web.Response(status=answer.status, body=answer.body.encode(), headers=answer.first_headers())

    return receive


def _is_signed(verifier: SignatureVerifier, text: str, request: web.Request) -> bool:
    try:
        return verifier.is_valid(
            text, request.headers.get("X-Slack-Request-Timestamp"), request.headers.get("X-Slack-Signature")
        )
    except (ValueError, TypeError, OverflowError):
        return False
