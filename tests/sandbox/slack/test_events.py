"""The Events API: what the app hears of, and Slack's retries."""

import json
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackError, SlackSandbox
from bot.sandbox.slack.app import DEFAULT_MANIFEST
from tests.sandbox.slack.samples import Json
from tests.sandbox.slack.stand_in import StandIn, stand_in


async def test_an_event_envelope(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    await ada.open_home()
    [payload] = app.seen
    event = payload.pop("event")
    assert event.pop("event_ts")
    dm = slack.team.dm(ada.id).id
    assert event == {"type": "app_home_opened", "user": ada.id, "channel": dm, "tab": "home"}
    bot = {"enterprise_id": None, "team_id": slack.team.id, "user_id": slack.team.bot_user_id, "is_bot": True}
    assert payload == {
        "token": "sandbox-verification-token",
        "team_id": slack.team.id,
        "context_team_id": slack.team.id,
        "api_app_id": "A000000001",
        "type": "event_callback",
        "event_id": "Ev000000001",
        "event_time": 1_800_000_000,
        "authorizations": [bot | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": "4-Ev000000001",
    }
    [(headers, body)] = app.requests
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["event_id"] == "Ev000000001"


async def test_what_becomes_of_the_app_in_channels(slack: SlackSandbox, app: StandIn, ada: Person) -> None:
    bot = slack.team.bot_user_id
    random, deals = slack.channel("random").id, slack.channel("deals").id
    await ada.invite_app("random")
    await ada.invite_app("deals")
    slack.kick_app("random")
    slack.archive("random")
    slack.uninstall()
    await slack.delivered()
    events = [{k: v for k, v in seen["event"].items() if k != "event_ts"} for seen in app.seen]
    joined = {"type": "member_joined_channel", "user": bot, "team": slack.team.id, "inviter": ada.id}
    by_type = {event["type"]: event for event in events}
    assert events[:2] == [
        joined | {"channel": random, "channel_type": "C"},
        joined | {"channel": deals, "channel_type": "G"},
    ]
    assert by_type["channel_left"] == {"type": "channel_left", "channel": random, "actor_id": ada.id}
    assert by_type["channel_archive"]["channel"] == random
    assert by_type["tokens_revoked"]["tokens"] == {"oauth": [], "bot": [bot]}
    assert by_type["app_uninstalled"] == {"type": "app_uninstalled"}


async def test_joining_by_the_web_api_is_an_event_too(
    slack: SlackSandbox, app: StandIn, client: AsyncWebClient
) -> None:
    answer = await client.conversations_join(channel=slack.channel("random").id)
    assert answer["channel"]["is_member"] is True
    await slack.delivered()
    assert app.seen[0]["event"]["type"] == "member_joined_channel"
    again = await client.conversations_join(channel=slack.channel("random").id)
    assert again["warning"] == "already_in_channel"


async def test_the_home_event_carries_the_view_that_stands(app: StandIn, ada: Person, client: AsyncWebClient) -> None:
    view: Json = {"type": "home", "blocks": [{"type": "divider"}]}
    published = await client.views_publish(user_id=ada.id, view=view)
    await ada.open_home()
    assert app.seen[0]["event"]["view"] == published["view"]


@pytest.mark.parametrize(("failures", "retries"), [(0, []), (2, ["1", "2"]), (9, ["1", "2", "3"])])
async def test_failed_events_are_tried_three_times_more(
    slack: SlackSandbox, app: StandIn, ada: Person, failures: int, retries: list[str]
) -> None:
    left = iter([500] * failures)

    async def fail_at_first(payload: Json) -> Any:
        return next(left, None)

    app.answer = fail_at_first
    slack.line.event_retry_seconds = (0.0, 0.0, 0.0)
    await ada.open_home()
    await slack.delivered()
    headers = [headers for headers, _ in app.requests]
    assert [header.get("X-Slack-Retry-Num") for header in headers] == [None, *retries]
    assert {header.get("X-Slack-Retry-Reason") for header in headers[1:]} <= {"http_error"}
    assert len({payload["event_id"] for payload in app.seen}) == 1


async def test_only_events_the_manifest_subscribes_to() -> None:
    manifest = {key: value for key, value in DEFAULT_MANIFEST.items() if key != "settings"}
    async with SlackSandbox(manifest=manifest) as slack, stand_in() as app:
        slack.request_url = app.url
        await slack.person("ada").open_home()
        await slack.delivered()
        assert app.seen == []


async def test_inviting_twice_or_into_a_direct_message(slack: SlackSandbox, ada: Person) -> None:
    with pytest.raises(SlackError, match="already_in_channel"):
        await ada.invite_app("sales")
    with pytest.raises(SlackError, match="channel_not_found"):
        await slack.person("linus").invite_app("deals")
