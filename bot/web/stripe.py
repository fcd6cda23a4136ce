"""Stripe's webhook: verify, store, answer. Everything else happens later."""

from collections.abc import Callable
from typing import Annotated

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.delivery.inbox import Inbox, InboxUnavailable
from bot.errors import PaylinkError
from bot.web.app import MAX_BODY

Verify = Callable[[bytes, str | None], None]
"""Checks the raw body against the `Stripe-Signature` header; raises PaylinkError when it doesn't hold."""

log = structlog.get_logger()


_RECEIVED = b'{"received": true}'
_JSON = {"Content-Type": "application/json; charset=utf-8"}

_Word = Annotated[str, Field(pattern=r"^[!-~]{1,255}$")]


class _Envelope(BaseModel):
    """As much of an event as is needed to store it."""

    # pydantic keeps short strings of JSON for the next time; an event's id never comes again.
    model_config = ConfigDict(cache_strings="keys")

    id: _Word
    type: _Word
    created: Annotated[int, Field(strict=True, ge=0, lt=2**37)]


def receiver(inbox: Inbox, verify: Verify) -> Handler:
    """The handler of `POST /stripe/webhook`.

    200 once the event is durable, or was already; 400 for a bad, old or future signature and for anything that isn't
    an event; 413 for a body over 1 MiB; 503 when the event can't be stored, so that Stripe sends it again. Nothing is
    read from or written to the database before the signature holds.
    """

    async def receive(request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            verify(body, request.headers.get("Stripe-Signature"))
        except PaylinkError as refused:
            log.warning("webhook refused", reason=str(refused))
            return _error(400, str(refused))
        try:
            event = _Envelope.model_validate_json(body)
        except ValidationError:
            return _error(400, "This is not a Stripe event.")
        try:
            await inbox.receive(event.id, event.type, event.created, body)
        except InboxUnavailable as unavailable:
            return _error(503, str(unavailable))
        return web.Response(body=_RECEIVED, headers=_JSON)

    return receive


async def _body(request: web.Request) -> bytes:
    """The body, to the byte; raises 413 as soon as it is known to be too large."""
    if (request.content_length or 0) > MAX_BODY:
        raise web.HTTPRequestEntityTooLarge(MAX_BODY, request.content_length or 0)
    chunks, size = [], 0
    while not request.content.at_eof():
        chunks.append(await request.content.readany())
        size += len(chunks[-1])
        if size > MAX_BODY:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY, size)
    return b"".join(chunks)


def _error(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
