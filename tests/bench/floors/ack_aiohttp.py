"""`python -m tests.bench.floors.ack_aiohttp SECRET`: Slack's signature checked, an empty 200."""

import hashlib
import hmac
import sys
import time

from aiohttp import web

from tests.bench.floors.serving import serve


def application(secret: str) -> web.Application:
    key = secret.encode()

    async def command(request: web.Request) -> web.Response:
        body = await request.read()
        sent = request.headers["X-Slack-Request-Timestamp"]
        expected = "v0=" + hmac.new(key, b"v0:" + sent.encode() + b":" + body, hashlib.sha256).hexdigest()
        if (
            not hmac.compare_digest(expected, request.headers["X-Slack-Signature"])
            or abs(time.time() - int(sent)) > 300
        ):
            return web.Response(status=401)
        return web.Response()

    app = web.Application()
    app.router.add_post("/slack/events", command)
    return app


if __name__ == "__main__":
    serve(application(*sys.argv[1:]))
