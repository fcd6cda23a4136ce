"""`/healthz` (the process lives), `/readyz` (it can do its work) and `/metrics`."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.web.metrics import Metrics

Check = Callable[[], Awaitable[str | None]]
"""Answers what is wrong, in words, or None."""


async def healthz(_request: web.Request) -> web.Response:
    """200 as long as the event loop turns."""
    return web.json_response({"ok": True})


def readyz(checks: Mapping[str, Check], notes: Mapping[str, Check]) -> Handler:
    """200 when no check complains, 503 with the complaints otherwise.

    `notes` are said as well but fail nothing: of what another process could do no better.
    """

    async def ready(_request: web.Request) -> web.Response:
        problems, noted = await _complaints(checks), await _complaints(notes)
        body = {"ok": not problems, "problems": problems} | ({"notes": noted} if noted else {})
        return web.json_response(body, status=503 if problems else 200)

    return ready


async def _complaints(checks: Mapping[str, Check]) -> dict[str, str]:
    return {name: complaint for name, check in checks.items() if (complaint := await check())}


def exposition(metrics: Metrics, refresh: Callable[[], Awaitable[None]]) -> Handler:
    """Prometheus's text format; `refresh` brings the gauges up to date first."""

    async def expose(_request: web.Request) -> web.Response:
        await refresh()
        return web.Response(body=metrics.render(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return expose
