from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackSandbox
from tests.conftest import Clock
from tests.sandbox.slack.samples import Json, modal
from tests.sandbox.slack.stand_in import StandIn, stand_in


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def app(slack: SlackSandbox) -> AsyncIterator[StandIn]:
    async with stand_in() as running:
        slack.request_url = running.url
        yield running


@pytest.fixture
def ada(slack: SlackSandbox) -> Person:
    return slack.person("ada")


Opens = Callable[[Json], Awaitable[Person]]


@pytest.fixture
def opens(app: StandIn, ada: Person, client: AsyncWebClient) -> Opens:
    """Let Ada type a command to which the app answers with this modal."""

    async def open_for_ada(view: Json) -> Person:
        await ada.command("/paylink", "sales")
        await client.views_open(trigger_id=app.seen[-1]["trigger_id"], view=view)
        return ada

    return open_for_ada


@pytest.fixture
async def filled_in(opens: Opens) -> Person:
    """Ada, with a small modal open and its name filled in."""
    ada = await opens(modal())
    await ada.fill({"Name": "Consulting"})
    return ada


Refused = Callable[[Awaitable[object]], Awaitable[Json]]


@pytest.fixture
def refused() -> Refused:
    """Await a call that Slack refuses; gives Slack's answer."""

    async def answer_of(call: Awaitable[object]) -> Json:
        with pytest.raises(SlackApiError) as caught:
            await call
        answer: Json = caught.value.response.data
        return answer

    return answer_of
