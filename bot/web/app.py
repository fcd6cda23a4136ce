"""The HTTP face: one aiohttp application, with a reference id on every request and a limit on every body."""

import logging
import time
from collections.abc import Mapping
from secrets import token_hex

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.web.metrics import Metrics

MAX_BODY = 1024 * 1024
"""Bytes; a larger body is answered with 413 before it is looked at."""

log = structlog.get_logger()
access = logging.getLogger(__name__)
"""Asked whether anybody reads a line for each request, before one is made."""


def create(posts: Mapping[str, Handler], gets: Mapping[str, Handler], metrics: Metrics) -> web.Application:
    """The application that serves these handlers by path."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[_observed(metrics)])
    app.add_routes([web.post(path, handler) for path, handler in posts.items()])
    app.add_routes([web.get(path, handler) for path, handler in gets.items()])
    return app


def _observed(metrics: Metrics) -> Middleware:
    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        reference = token_hex(4)
        started = time.perf_counter()
        bound = structlog.contextvars.bind_contextvars(reference=reference)
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            allow = {"Allow": refused.headers["Allow"]} if "Allow" in refused.headers else None
            response = web.json_response({"error": refused.reason}, status=refused.status, headers=allow)
        except Exception as error:
            if _is_the_sender_s(error, request):
                response = web.json_response({"error": "malformed_body"}, status=400)
            else:
                log.exception("request failed", path=request.path)
                response = web.json_response({"error": "internal_error", "reference": reference}, status=500)
        finally:
            structlog.contextvars.reset_contextvars(**bound)
        seconds = time.perf_counter() - started
        metrics.request(_route(request), response.status, seconds)
        if access.isEnabledFor(logging.DEBUG):
            shown = {"path": request.path, "status": response.status, "seconds": round(seconds, 4)}
            log.debug("request", reference=reference, **shown)
        response.headers["X-Request-Id"] = reference
        return response

    return observe


def _is_the_sender_s(error: Exception, request: web.Request) -> bool:
    """Whether the body isn't encoded as its headers say, or its sender has gone before its end. Bodies are read before
    any signature is checked, so anyone can send these."""
    gone = isinstance(error, ConnectionResetError) and request.transport is None
    return gone or isinstance(error, web.RequestPayloadError)


def _route(request: web.Request) -> str:
    """The route's own path, so that a scanner's made-up paths don't become label values."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "other"
