"""Who may call the Web API, and in which form."""

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackSandbox
from bot.sandbox.slack.app import DEFAULT_MANIFEST
from tests.sandbox.slack.conftest import Refused
from tests.sandbox.slack.samples import Json


async def test_auth_test_tells_who_the_app_is(client: AsyncWebClient, slack: SlackSandbox) -> None:
    answer = await client.auth_test()
    assert answer.data == {
        "ok": True,
        "url": "https://acme.slack.com/",
        "team": "Acme",
        "user": "paylink",
        "team_id": slack.team.id,
        "user_id": slack.team.bot_user_id,
        "bot_id": slack.team.bot_id,
        "is_enterprise_install": False,
    }
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (None, "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        ("xoxb-ünicode", "invalid_auth"),
        ("app", "not_allowed_token_type"),
    ],
)
async def test_tokens_are_checked(slack: SlackSandbox, token: str | None, error: str) -> None:
    token = slack.app_token if token == "app" else token
    async with aiohttp.ClientSession() as http:
        form = {"token": token} if token else {}
        async with http.post(f"{slack.api_url}auth.test", data=form) as response:
            assert await response.json() == {"ok": False, "error": error}


async def test_a_token_may_come_in_the_body_and_a_body_as_form_or_json(slack: SlackSandbox) -> None:
    channel = slack.channel("sales").id
    form = {"token": slack.bot_token, "channel": channel, "text": "form", "unknown": "ignored"}
    header = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{slack.api_url}chat.postMessage", data=form) as response:
            assert (await response.json())["ok"]
        sent = {"channel": channel, "text": "json"}
        async with http.post(f"{slack.api_url}chat.postMessage", json=sent, headers=header) as response:
            assert (await response.json())["ok"]
        async with http.get(f"{slack.api_url}auth.test", headers=header) as response:
            assert (await response.json())["ok"]
    assert [message["text"] for message in slack.messages("sales")] == ["form", "json"]


@pytest.mark.parametrize(("body", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_json_must_be_an_object(slack: SlackSandbox, body: str, error: str) -> None:
    headers = {"Content-Type": "application/json"}
    url = f"{slack.api_url}api.test"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as response:
        assert (await response.json())["error"] == error


async def test_what_an_administrator_takes_away(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    slack.revoke_token()
    assert (await refused(client.auth_test()))["error"] == "token_revoked"
    slack.uninstall()
    assert (await refused(client.auth_test()))["error"] == "account_inactive"
    client.token = slack.reinstall()
    assert (await client.auth_test())["ok"]


async def test_scopes_are_needed(refused: Refused) -> None:
    manifest = DEFAULT_MANIFEST | {"oauth_config": {"scopes": {"bot": ["commands", "channels:read"]}}}
    async with SlackSandbox(manifest=manifest) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        sales = slack.channel("sales").id
        assert await refused(client.chat_postMessage(channel=sales, text="hello")) == {
            "ok": False,
            "error": "missing_scope",
            "needed": "chat:write",
            "provided": "channels:read,commands",
        }
        answer = await refused(client.conversations_list(types="private_channel"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")


async def test_workspaces_are_apart(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    globex = slack.add_team("Globex", "globex")
    theirs = AsyncWebClient(globex.bot_token, base_url=slack.api_url)
    assert (await theirs.auth_test())["team"] == "Globex"
    assert (await refused(theirs.chat_postMessage(channel=slack.channel("sales").id, text="x")))["error"] == (
        "channel_not_found"
    )
    assert (await refused(client.users_info(user=globex.user("hedy").id)))["error"] == "user_not_found"


async def test_missing_arguments_and_unknown_methods(client: AsyncWebClient, refused: Refused) -> None:
    assert await refused(client.api_call("chat.update", json={})) == {
        "ok": False,
        "error": "invalid_arguments",
        "response_metadata": {"messages": ["[ERROR] missing required field: channel"]},
    }
    assert (await refused(client.api_call("chat.dance")))["error"] == "unknown_method"
    assert (await client.api_test(foo="bar")).data == {"ok": True, "args": {"foo": "bar"}}
    assert (await refused(client.api_test(error="my_error")))["error"] == "my_error"


async def test_calls_are_logged_without_tokens(slack: SlackSandbox, client: AsyncWebClient) -> None:
    await client.api_call("users.info", params={"user": slack.team.user("ada").id, "token": slack.bot_token})
    [call] = slack.calls
    assert (call.method, call.error, call.team_id) == ("users.info", None, slack.team.id)
    assert slack.bot_token not in repr(call)


async def test_the_cast(slack: SlackSandbox, client: AsyncWebClient) -> None:
    people = {name: (await client.users_info(user=slack.team.user(name).id))["user"] for name in _NAMES}
    assert people["ada"]["is_owner"] is True
    assert people["guest"]["is_restricted"] is True
    assert people["ext"]["is_stranger"] is True
    assert people["ext"]["team_id"] != slack.team.id
    with_locale: Json = (await client.users_info(user=slack.team.user("linus").id, include_locale=True))["user"]
    assert (with_locale["locale"], with_locale["tz"]) == ("fi-FI", "Europe/Helsinki")
    assert with_locale["profile"]["email"] == "linus@acme.example"
    assert (await client.bots_info(bot=slack.team.bot_id))["bot"]["user_id"] == slack.team.bot_user_id


_NAMES = ("ada", "grace", "linus", "guest", "ext")
