"""Listening: from an aiohttp application to a socket, and back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import PaylinkError

SHUTDOWN_SECONDS = 10.0
"""How long requests in hand may take to finish once we stop."""


@asynccontextmanager
async def listening(application: web.Application, host: str, port: int) -> AsyncIterator[str]:
    """Serves the application while the block runs and gives its base URL; port 0 takes a free one.

    Raises PaylinkError when the address is taken or isn't ours. On the way out no new connection is taken, and requests
    in hand are finished.
    """
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            raise PaylinkError(
                f"Can't listen on {host}:{port}. Set HOST and PORT to an address that is free."
            ) from None
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
