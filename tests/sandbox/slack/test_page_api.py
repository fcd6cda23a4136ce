"""The page's endpoints and the stream of changes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.conftest import Opens
from tests.sandbox.slack.samples import Json, actions, button, home, modal, option, question
from tests.sandbox.slack.stand_in import StandIn


class Browser:
    """One tab: posts and gets as the page does."""

    def __init__(self, http: aiohttp.ClientSession, url: str, user: str) -> None:
        self.http, self.url, self.user = http, url, user

    async def get(self, name: str, **query: str) -> Json:
        async with self.http.get(f"{self.url}/client/{name}", params={"user": self.user, **query}) as response:
            answer: Json = await response.json()
            return answer

    async def post(self, name: str, **body: Any) -> Json:
        async with self.http.post(f"{self.url}/client/{name}", json={"user": self.user, **body}) as response:
            answer: Json = await response.json()
            return answer

    @asynccontextmanager
    async def events(self) -> AsyncIterator["Events"]:
        async with self.http.get(f"{self.url}/client/events", params={"user": self.user}) as response:
            assert response.content_type == "text/event-stream"
            yield Events(response)


class Events:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, kind: str) -> Json:
        """The next event of this type."""
        async with asyncio.timeout(5):
            while line := await self._response.content.readline():
                if line.startswith(b"data: "):
                    event: Json = json.loads(line[6:])
                    if event["type"] == kind:
                        return event
        raise AssertionError("the stream has ended")


@pytest.fixture
async def browser(slack: SlackSandbox, ada: Person) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as http:
        yield Browser(http, slack.url, ada.id)


async def test_the_state(slack: SlackSandbox, browser: Browser, ada: Person) -> None:
    slack.links["dashboard"] = "http://127.0.0.1/dashboard"
    state = await browser.get("state")
    assert state["me"]["real_name"] == "Ada Lovelace"
    assert state["team"] == {"id": slack.team.id, "name": "Acme", "domain": "acme"}
    assert [channel["name"] for channel in state["channels"]] == [
        "general",
        "sales",
        "payments",
        "random",
        "deals",
        "Paylink",
    ]
    assert state["channels"][-1]["user"] == state["app"]["bot_user_id"] == slack.team.bot_user_id
    assert [channel["app_is_member"] for channel in state["channels"]] == [True, True, True, False, False, True]
    assert state["commands"] == [
        {
            "command": "/paylink",
            "description": "Create a payment link",
            "usage_hint": "[2 x Consulting 150 eur]",
        }
    ]
    assert {shortcut["type"] for shortcut in state["shortcuts"]} == {"global", "message"}
    assert state["links"] == {"dashboard": "http://127.0.0.1/dashboard"}
    browser.user = ""
    assert (await browser.get("state"))["me"]["id"] == ada.id


async def test_the_page_and_its_files(slack: SlackSandbox, browser: Browser) -> None:
    async with browser.http.get(slack.url) as response:
        assert (response.status, response.content_type) == (200, "text/html")
    async with browser.http.get(f"{slack.url}/static/index.html") as response:
        assert response.status == 200
    async with browser.http.get(f"{slack.url}/archives/C1/p1", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (302, "/?channel=C1")


async def test_messages_come_and_go_on_the_stream(
    slack: SlackSandbox, browser: Browser, client: AsyncWebClient
) -> None:
    sales = slack.channel("sales").id
    async with browser.events() as events:
        written = await browser.post("message", channel=sales, text="hello")
        assert (await events.next("message"))["message"] == written["message"]
        ts = (await client.chat_postMessage(channel=sales, text="one"))["ts"]
        assert (await events.next("message"))["channel"] == sales
        await client.chat_update(channel=sales, ts=ts, text="two")
        assert (await events.next("message_changed"))["message"]["text"] == "two"
        await client.chat_delete(channel=sales, ts=ts)
        assert await events.next("message_deleted") == {"type": "message_deleted", "channel": sales, "ts": ts}
    listed = await browser.get("messages", channel=sales)
    assert listed == {"ok": True, "messages": [written["message"]]}


async def test_a_command_and_a_modal_through_the_page(
    slack: SlackSandbox, browser: Browser, app: StandIn, client: AsyncWebClient
) -> None:
    sales = slack.channel("sales").id
    view = modal(question("name", "Name"), actions("do", button("more", "More")))
    async with browser.events() as events:
        assert (await events.next("views"))["stack"] == []
        assert await browser.post("command", channel=sales, text="/paylink") == {"ok": True}
        assert (await events.next("pending"))["pending"] is True
        assert (await events.next("pending"))["pending"] is False
        await client.views_open(trigger_id=app.seen[0]["trigger_id"], view=view)
        [shown] = (await events.next("views"))["stack"]
        container = {"type": "view", "view_id": shown["id"]}
        state: Json = {"name": {"value": {"type": "plain_text_input", "value": "half"}}}
        where = {"container": container, "block_id": "do", "action_id": "more"}
        assert await browser.post("action", **where, value=None, state=state) == {"ok": True}
        assert app.seen[1]["view"]["state"]["values"] == state
        state["name"]["value"]["value"] = ""
        refused = await browser.post("view/submit", view_id=shown["id"], state=state)
        assert refused == {
            "ok": False,
            "error": "errors",
            "errors": {"name": "Please complete this required field."},
        }
        assert (await events.next("views"))["stack"][0]["errors"] == refused["errors"]
        state["name"]["value"]["value"] = "whole"
        assert await browser.post("view/submit", view_id=shown["id"], state=state) == {"ok": True}
        assert (await events.next("views"))["stack"] == []


async def test_options_and_closing_through_the_page(browser: Browser, opens: Opens, app: StandIn) -> None:
    external = question("price", "Price", {"type": "external_select", "min_query_length": 0})
    ada = await opens(modal(external))
    assert ada.modal is not None
    container = {"type": "view", "view_id": ada.modal["id"]}
    app.replies({"options": [option("One")]})
    where = {"container": container, "block_id": "price", "action_id": "value"}
    assert await browser.post("options", **where, value="o") == {"ok": True, "options": [option("One")]}
    assert await browser.post("view/close", view_id=ada.modal["id"]) == {"ok": True}
    assert ada.stack == []


async def test_failures_are_told(slack: SlackSandbox, browser: Browser, filled_in: Person, app: StandIn) -> None:
    sales = slack.channel("sales").id
    app.replies(500)
    assert filled_in.modal is not None
    async with browser.events() as events:
        refused = await browser.post("view/submit", view_id=filled_in.modal["id"])
        assert (refused["error"], refused["message"]) == ("app_error", "We had some trouble connecting. Try again?")
        assert (await events.next("toast"))["text"] == refused["message"]
        await browser.post("command", channel=sales, text="/paylink")
        toast = await events.next("toast")
        assert toast["text"] == '/paylink failed with the error "http_service_error"'
    unknown = await browser.post("command", channel=sales, text="/dance")
    assert unknown == {"ok": False, "error": "unknown_command", "message": "/dance is not a valid command."}
    assert (await browser.post("command", channel=sales))["error"] == "invalid_arguments"
    assert (await browser.post("message", channel="C9", text="x"))["error"] == "channel_not_found"
    assert (await browser.get("messages", channel="C9"))["error"] == "channel_not_found"
    browser.user = "U9"
    assert (await browser.get("state"))["error"] == "user_not_found"
    assert (await browser.get("events"))["error"] == "user_not_found"


async def test_home_shortcuts_and_invitations_through_the_page(
    slack: SlackSandbox, browser: Browser, app: StandIn, client: AsyncWebClient, ada: Person
) -> None:
    async with browser.events() as events:
        assert await browser.post("home") == {"ok": True}
        await client.views_publish(user_id=ada.id, view=home())
        assert (await events.next("home"))["view"]["type"] == "home"
        assert await browser.post("shortcut", callback_id="new_link") == {"ok": True}
        assert await browser.post("invite", channel=slack.channel("random").id) == {"ok": True}
        channels = (await events.next("channels"))["channels"]
        assert {channel["name"]: channel["app_is_member"] for channel in channels}["random"] is True
        assert await browser.post("read", channel=slack.channel("random").id) == {"ok": True}
    await slack.delivered()
    assert {seen.get("type") for seen in app.seen} == {"event_callback", "shortcut"}
