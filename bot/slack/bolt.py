"""Bolt, set up for one workspace whose requests were verified before they reach it."""

import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


def bolt_app(client: AsyncWebClient, *, team_id: str, bot_user_id: str) -> AsyncApp:
    """The app without listeners.

    `process_before_response` answers Slack as soon as a listener has acknowledged, without Bolt's polling. The logger
    keeps its own level: Bolt would otherwise take the root's, and its warnings quote whole requests. `authorize` keeps
    Bolt from turning to OAuth when it finds SLACK_CLIENT_ID in the environment, which is not its to read here.
    """

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=client.token, bot_user_id=bot_user_id)

    return AsyncApp(
        client=client,
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
