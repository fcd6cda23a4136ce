"""Socket Mode, with slack_sdk's own client."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import AppError, Person, SlackSandbox
from tests.sandbox.slack.conftest import Refused
from tests.sandbox.slack.samples import Json, modal


@asynccontextmanager
async def connected(slack: SlackSandbox, client: AsyncWebClient) -> AsyncIterator[SocketModeClient]:
    """slack_sdk's client, connected; it comes back by itself."""
    socket: Any = SocketModeClient(app_token=slack.app_token, web_client=client)
    await socket.connect()
    await slack.until(lambda: slack.line.sockets.connections == 1)
    try:
        yield socket
    finally:
        await socket.close()


class Receiver:
    """Records envelopes and acknowledges each with `payload` (`None`: not at all)."""

    def __init__(self) -> None:
        self.seen: list[SocketModeRequest] = []
        self.payload: Json | None = {}

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.seen.append(request)
        if self.payload is not None:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, self.payload))


@pytest.fixture
async def receiver(slack: SlackSandbox, client: AsyncWebClient) -> AsyncIterator[Receiver]:
    async with connected(slack, client) as socket:
        receiver = Receiver()
        socket.socket_mode_request_listeners.append(receiver)
        yield receiver


async def test_commands_and_forms_travel_in_envelopes(
    slack: SlackSandbox, receiver: Receiver, ada: Person, client: AsyncWebClient
) -> None:
    receiver.payload = {"text": "hello"}
    await ada.command("/paylink help", "sales")
    [command] = receiver.seen
    assert (command.type, command.payload["text"], command.accepts_response_payload) == ("slash_commands", "help", True)
    assert [message["text"] for message in ada.ephemerals("sales")] == ["hello"]
    await client.views_open(trigger_id=command.payload["trigger_id"], view=modal())
    await ada.fill({"Name": "x"})
    receiver.payload = {"response_action": "errors", "errors": {"name": "Taken"}}
    assert await ada.submit() == {"name": "Taken"}
    assert receiver.seen[-1].type == "interactive"
    receiver.payload = {}
    assert await ada.submit() == {}


async def test_events_count_their_attempts(slack: SlackSandbox, receiver: Receiver, ada: Person) -> None:
    slack.line.ack_seconds = 0.05
    slack.line.event_retry_seconds = (0.0, 0.0, 0.0)
    receiver.payload = None
    await ada.open_home()
    await slack.delivered()
    assert [(one.type, one.retry_attempt, one.retry_reason) for one in receiver.seen] == [
        ("events_api", 0, ""),
        ("events_api", 1, "http_timeout"),
        ("events_api", 2, "http_timeout"),
        ("events_api", 3, "http_timeout"),
    ]


async def test_an_envelope_not_acknowledged_is_a_timeout(slack: SlackSandbox, receiver: Receiver, ada: Person) -> None:
    slack.line.ack_seconds = 0.05
    receiver.payload = None
    with pytest.raises(AppError, match="operation_timeout"):
        await ada.command("/paylink", "sales")


async def test_slack_disconnects_and_a_client_comes_back(slack: SlackSandbox, client: AsyncWebClient) -> None:
    async with connected(slack, client):
        await slack.line.sockets.disconnect()
        assert slack.line.sockets.connections == 0
        await slack.until(lambda: slack.line.sockets.connections == 1)


async def test_hello_tickets_and_the_number_of_connections(
    slack: SlackSandbox, client: AsyncWebClient, refused: Refused
) -> None:
    wrong = client.apps_connections_open(app_token=slack.bot_token)
    assert (await refused(wrong))["error"] == "not_allowed_token_type"
    assert (await refused(client.apps_connections_open(app_token="xapp-wrong")))["error"] == "invalid_auth"
    async with aiohttp.ClientSession() as http:
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        async with http.ws_connect(url) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(url)
            urls = [(await client.apps_connections_open(app_token=slack.app_token))["url"] for _ in range(9)]
            more = await asyncio.gather(*(http.ws_connect(one) for one in urls))
            assert [(await one.receive_json())["num_connections"] for one in more][-1] <= 10
            full = client.apps_connections_open(app_token=slack.app_token)
            assert (await refused(full))["error"] == "too_many_websockets"
            for one in more:
                await one.close()
