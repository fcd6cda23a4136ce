"""Bolt, set up for one workspace whose requests were verified before they reach it."""

import logging

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.web.async_client import AsyncWebClient


class _OneWorkspace(AsyncAuthorize):
    """Every request is of the one workspace: the same answer each time.

    A class, because for a function Bolt copies the whole context on each request to find its arguments by name.
    """

    def __init__(self, installation: AuthorizeResult) -> None:
        self._installation = installation

    async def __call__(self, **_who: object) -> AuthorizeResult:
        return self._installation


def bolt_app(client: AsyncWebClient, *, team_id: str, bot_user_id: str) -> AsyncApp:
    """The app without listeners.

    `process_before_response` answers Slack as soon as a listener has acknowledged, without Bolt's polling. The logger
    keeps its own level: Bolt would otherwise take the root's, and its warnings quote whole requests. `authorize` keeps
    Bolt from turning to OAuth when it finds SLACK_CLIENT_ID in the environment, which is not its to read here.

    The middleware switched off would look at each request and find nothing: `bot/web/slack.py` has verified it and has
    answered the question whether the URL is ours, and of the events and workflow steps meant we subscribe to none.
    """
    installation = AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=client.token, bot_user_id=bot_user_id)
    return AsyncApp(
        client=client,
        authorize=_OneWorkspace(installation),
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        logger=logging.getLogger("slack_bolt"),
    )
