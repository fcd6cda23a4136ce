"""Bolt, for Socket Mode: it keeps the connection, and hands us what comes over it."""

import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.listeners.dispatch import Dispatch


class _Ours(AsyncMiddleware):
    """Answers what we have a listener for, in place of Bolt's search through all of its own."""

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: object) -> BoltResponse:
        answer = await self._dispatch(req.body)
        return BoltResponse(status=404) if answer is None else BoltResponse(status=200, body=answer.decode())


def bolt_app(client: AsyncWebClient, dispatch: Dispatch, *, team_id: str, bot_user_id: str) -> AsyncApp:
    """The app.

    The logger keeps its own level: Bolt would otherwise take the root's, and its warnings quote whole requests.
    `authorize` keeps Bolt from turning to OAuth when it finds SLACK_CLIENT_ID in the environment, which is not its to
    read here.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=client.token, bot_user_id=bot_user_id)

    app = AsyncApp(
        client=client,
        authorize=authorize,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
    app.use(_Ours(dispatch))
    return app
