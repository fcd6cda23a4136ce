"""Slash commands and shortcuts: what the app gets, and what the person sees of its answer."""

import asyncio
import hashlib
import hmac
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.slack import AppError, Person, SlackError, SlackSandbox
from bot.sandbox.slack.app import DEFAULT_MANIFEST
from tests.sandbox.slack.samples import Json, section
from tests.sandbox.slack.stand_in import StandIn, stand_in


async def test_a_command_has_all_of_slacks_fields(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    await ada.command("/paylink 2 x Consulting 150 eur; ü&<", "sales")
    [payload] = app.seen
    response_url, trigger_id = payload.pop("response_url"), payload.pop("trigger_id")
    assert payload == {
        "token": "sandbox-verification-token",
        "team_id": slack.team.id,
        "team_domain": "acme",
        "channel_id": slack.channel("sales").id,
        "channel_name": "sales",
        "user_id": ada.id,
        "user_name": "ada",
        "command": "/paylink",
        "text": "2 x Consulting 150 eur; ü&<",
        "api_app_id": "A000000001",
        "is_enterprise_install": "false",
    }
    assert response_url.startswith(f"{slack.url}/response/")
    assert trigger_id.count(".") == 2


async def test_requests_are_signed(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    await ada.command("/paylink", "sales")
    [(headers, body)] = app.requests
    base = f"v0:{headers['X-Slack-Request-Timestamp']}:".encode() + body
    digest = hmac.new(slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={digest}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


async def test_in_the_apps_direct_message(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    await ada.command("/paylink")
    assert (app.seen[0]["channel_id"], app.seen[0]["channel_name"]) == (slack.team.dm(ada.id).id, "directmessage")


@pytest.mark.parametrize(
    ("answer", "text", "blocks"),
    [
        ("Only for you", "Only for you", None),
        ({"text": "As JSON"}, "As JSON", None),
        ({"text": "With blocks", "blocks": [section("a", "b")]}, "With blocks", [section("a", "b")]),
    ],
)
async def test_the_acknowledgement_becomes_an_ephemeral_message(
    slack: SlackSandbox, app: StandIn, ada: Person, answer: Any, text: str, blocks: Any
) -> None:
    app.replies(answer)
    await ada.command("/paylink", "sales")
    [message] = ada.ephemerals("sales")
    assert (message["text"], message.get("blocks")) == (text, blocks)
    assert slack.messages("sales") == []


async def test_the_acknowledgement_may_be_for_the_channel(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    app.replies({"response_type": "in_channel", "text": "For all"})
    await ada.command("/paylink", "sales")
    assert [message["text"] for message in slack.messages("sales")] == ["For all"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (500, "http_service_error"),
        (401, "http_client_error"),
        ({"text": ""}, "dispatch_unknown_error"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "dispatch_unknown_error"),
        (web.Response(text="{", content_type="application/json"), "dispatch_unknown_error"),
    ],
)
async def test_an_app_that_fails(slack: SlackSandbox, app: StandIn, ada: Person, answer: Any, code: str) -> None:
    app.replies(answer)
    with pytest.raises(AppError) as caught:
        await ada.command("/paylink", "sales")
    assert caught.value.code == code
    assert slack.app_errors == [caught.value]


async def test_an_app_that_is_late_or_away(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    released = asyncio.Event()

    async def late(payload: Json) -> None:
        await released.wait()

    app.answer = late
    slack.line.ack_seconds = 0.05
    with pytest.raises(AppError, match="operation_timeout"):
        await ada.command("/paylink", "sales")
    released.set()
    slack.request_url = "http://127.0.0.1:9/slack/events"
    slack.line.ack_seconds = 3
    with pytest.raises(AppError, match="dispatch_failed"):
        await ada.command("/paylink", "sales")
    slack.request_url = None
    with pytest.raises(AppError, match="no request URL"):
        await ada.command("/paylink", "sales")


async def test_where_commands_do_not_work(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    ts = ada.say("hello", "sales")["ts"]
    for attempt, error in (
        (ada.command("/paylink", "sales", thread_ts=ts), "command_in_thread"),
        (ada.command("/unknown", "sales"), "unknown_command"),
        (slack.person("linus").command("/paylink", "deals"), "channel_not_found"),
    ):
        with pytest.raises(SlackError, match=error):
            await attempt
    with pytest.raises(SlackError, match="command_in_thread"):
        ada.say("/paylink help", "sales", thread_ts=ts)
    slack.archive("sales")
    with pytest.raises(SlackError, match="is_archived"):
        await ada.command("/paylink", "sales")
    assert [sent for sent in app.seen if "command" in sent] == []


async def test_a_command_may_ask_for_escaped_names() -> None:
    command = {"command": "/give", "description": "Give", "should_escape": True}
    manifest = DEFAULT_MANIFEST | {"features": {"slash_commands": [command]}}
    async with SlackSandbox(manifest=manifest) as slack, stand_in() as app:
        slack.request_url = app.url
        await slack.person("ada").command("/give @grace & #sales a@grace", "sales")
        grace, sales = slack.team.user("grace").id, slack.channel("sales").id
        assert app.seen[0]["text"] == f"<@{grace}|grace> &amp; <#{sales}|sales> a@grace"


async def test_shortcuts(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    await ada.shortcut("new_link")
    message = ada.say("150 eur", "sales")
    await ada.shortcut("link_from_message", channel="sales", message=message)
    everywhere, here = app.seen
    assert everywhere.keys() == here.keys() - {"channel", "message_ts", "message", "response_url"}
    assert (everywhere["type"], everywhere["callback_id"]) == ("shortcut", "new_link")
    assert everywhere["user"] == {"id": ada.id, "username": "ada", "name": "ada", "team_id": slack.team.id}
    assert (here["type"], here["message_ts"]) == ("message_action", message["ts"])
    assert here["message"] == message
    assert here["channel"] == {"id": slack.channel("sales").id, "name": "sales"}
    with pytest.raises(SlackError, match="unknown_shortcut"):
        await ada.shortcut("link_from_message")
