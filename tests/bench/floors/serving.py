"""What the floors share: a server on a free port that says where it listens."""

import asyncio
import json
import signal
import sys

import uvloop
from aiohttp import web


def serve(application: web.Application) -> None:
    """Serves until SIGTERM, on the same event loop as the app."""
    uvloop.run(_serve(application))


async def _serve(application: web.Application) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(json.dumps({"event": "listening", "url": f"http://{host}:{port}"}), file=sys.stderr, flush=True)
    await stop.wait()
    await runner.cleanup()
