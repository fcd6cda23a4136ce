"""`/healthz` (the process lives), `/readyz` (it can do its work) and `/metrics`."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.web.metrics import Metrics

Check = Callable[[], Awaitable[str | None]]
"""Answers what is wrong, in words, or None."""


async def healthz(_request: web.Request) -> web.Response:
    """200 as long as the event loop turns."""
    return web.json_response({"ok": True})


def readyz(checks: dict[str, Check]) -> Handler:
    """200 when no check complains, 503 with the complaints otherwise."""

    async def ready(_request: web.Request) -> web.Response:
        complaints = {name: complaint for name, check in checks.items() if (complaint := await check())}
        return web.json_response({"ok": not complaints, "problems": complaints}, status=503 if complaints else 200)

    return ready


def exposition(metrics: Metrics, refresh: Callable[[], Awaitable[None]]) -> Handler:
    """Prometheus's text format; `refresh` brings the gauges up to date first."""

    async def expose(_request: web.Request) -> web.Response:
        await refresh()
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return expose
