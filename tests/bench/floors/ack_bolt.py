"""`python -m tests.bench.floors.ack_bolt SECRET`: Bolt for Python on aiohttp with its defaults, answering a text."""

import sys

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from tests.bench.floors.serving import serve


def bolt(secret: str) -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_user_id="U1")

    app = AsyncApp(signing_secret=secret, authorize=authorize)

    @app.command("/paylink")
    async def help_command(ack: AsyncAck) -> None:
        await ack("Type /paylink and what to sell.")

    return app


if __name__ == "__main__":
    serve(bolt(*sys.argv[1:]).server(path="/slack/events").web_app)
