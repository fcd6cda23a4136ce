"""`chat.*` and what stands in a channel afterwards."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.conftest import Refused
from tests.sandbox.slack.samples import Json, actions, button, section


@pytest.fixture
def sales(slack: SlackSandbox) -> str:
    return slack.channel("sales").id


async def test_a_message_as_slack_stores_it(slack: SlackSandbox, client: AsyncWebClient, sales: str) -> None:
    metadata = {"event_type": "payment", "event_payload": {"id": "p1"}}
    answer = await client.chat_postMessage(
        channel=sales, text="Paid", blocks=[section("a", "*Paid*")], metadata=metadata, unfurl_links=False
    )
    expected = {
        "type": "message",
        "user": slack.team.bot_user_id,
        "bot_id": slack.team.bot_id,
        "app_id": "A000000001",
        "team": slack.team.id,
        "username": "Paylink",
        "text": "Paid",
        "ts": "1800000000.000000",
        "blocks": [section("a", "*Paid*")],
        "metadata": metadata,
    }
    assert answer.data == {"ok": True, "channel": sales, "ts": "1800000000.000000", "message": expected}
    assert slack.messages("sales") == [expected]


async def test_timestamps_are_unique_even_when_time_stands_still(client: AsyncWebClient, sales: str) -> None:
    stamps = [(await client.chat_postMessage(channel=sales, text="x"))["ts"] for _ in range(3)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"blocks": [section("a", "only blocks")]}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"text": "x", "blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"text": "x", "blocks": [section(str(n), "y" * 3000) for n in range(5)]}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "t"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": 1, "event_payload": {}}}, "invalid_metadata_schema"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "username": "Someone"}, "missing_scope"),
        ({"text": "x", "attachments": [{"text": "old"}]}, "invalid_attachments"),
        ({"text": "x", "channel": "C999"}, "channel_not_found"),
        ({"text": 5}, "invalid_arguments"),
    ],
)
async def test_what_slack_refuses(
    slack: SlackSandbox, client: AsyncWebClient, sales: str, refused: Refused, arguments: Json, error: str
) -> None:
    answer = await refused(client.api_call("chat.postMessage", json={"channel": sales, **arguments}))
    assert answer["error"] == error
    assert slack.messages("sales") == []


async def test_where_the_app_may_post(slack: SlackSandbox, client: AsyncWebClient, refused: Refused) -> None:
    async def error(name: str) -> str:
        answer = await refused(client.chat_postMessage(channel=slack.channel(name).id, text="x"))
        return str(answer["error"])

    assert await error("random") == "not_in_channel"
    assert await error("deals") == "channel_not_found"
    slack.kick_app("payments")
    assert await error("payments") == "not_in_channel"
    slack.archive("sales")
    assert await error("sales") == "is_archived"


async def test_a_person_or_a_name_is_an_address(slack: SlackSandbox, client: AsyncWebClient) -> None:
    grace = slack.team.user("grace").id
    posted = await client.chat_postMessage(channel=grace, text="privately")
    assert posted["channel"] == (await client.conversations_open(users=grace))["channel"]["id"]
    assert [message["text"] for message in slack.direct_messages("grace")] == ["privately"]
    await client.chat_postMessage(channel="#sales", text="by name")
    assert [message["text"] for message in slack.messages("sales")] == ["by name"]


async def test_an_update_replaces_what_it_names(slack: SlackSandbox, client: AsyncWebClient, sales: str) -> None:
    metadata = {"event_type": "t", "event_payload": {}}
    block = section("a", "one")
    ts = (await client.chat_postMessage(channel=sales, text="one", blocks=[block], metadata=metadata))["ts"]
    await client.chat_update(channel=sales, ts=ts, text="two")
    [message] = slack.messages("sales")
    assert (message["text"], message["blocks"], message["metadata"]) == ("two", [block], metadata)
    assert message["edited"]["user"] == slack.team.bot_user_id
    await client.chat_update(channel=sales, ts=ts, text="three", blocks=[])
    assert "blocks" not in slack.messages("sales")[0]


async def test_only_ones_own_messages_can_be_changed(
    slack: SlackSandbox, client: AsyncWebClient, ada: Person, sales: str, refused: Refused
) -> None:
    hers = ada.say("hello", "sales")["ts"]
    assert (await refused(client.chat_update(channel=sales, ts=hers, text="x")))["error"] == "cant_update_message"
    assert (await refused(client.chat_delete(channel=sales, ts=hers)))["error"] == "cant_delete_message"
    assert (await refused(client.chat_update(channel=sales, ts="1.0", text="x")))["error"] == "message_not_found"


async def test_deleting(slack: SlackSandbox, client: AsyncWebClient, sales: str) -> None:
    ts = (await client.chat_postMessage(channel=sales, text="one"))["ts"]
    await client.chat_delete(channel=sales, ts=ts)
    assert slack.messages("sales") == []


async def test_only_one_person_sees_an_ephemeral_message(
    slack: SlackSandbox, client: AsyncWebClient, ada: Person, sales: str, refused: Refused
) -> None:
    answer = await client.chat_postEphemeral(channel=sales, user=ada.id, text="psst")
    assert [message["ts"] for message in ada.ephemerals("sales")] == [answer["message_ts"]]
    assert slack.messages("sales") == slack.person("grace").sees("sales") == []
    change = client.chat_update(channel=sales, ts=answer["message_ts"], text="x")
    assert (await refused(change))["error"] == "message_not_found"
    outsider = slack.team.bot_user_id
    slack.channel("sales").members.remove(ada.id)
    for user, error in ((ada.id, "user_not_in_channel"), ("U9", "user_not_found")):
        assert (await refused(client.chat_postEphemeral(channel=sales, user=user, text="x")))["error"] == error
    assert outsider in slack.channel("sales").members


async def test_threads_are_counted(slack: SlackSandbox, client: AsyncWebClient, ada: Person, sales: str) -> None:
    ts = (await client.chat_postMessage(channel=sales, text="parent"))["ts"]
    reply = await client.chat_postMessage(channel=sales, text="first", thread_ts=ts)
    ada.say("second", "sales", thread_ts=ts)
    replies = (await client.conversations_replies(channel=sales, ts=ts))["messages"]
    assert [message["text"] for message in replies] == ["parent", "first", "second"]
    assert replies[0]["reply_count"] == 2
    history = (await client.conversations_history(channel=sales))["messages"]
    assert [message["text"] for message in history] == ["parent"]
    await client.chat_delete(channel=sales, ts=reply["ts"])
    assert slack.messages("sales")[0]["reply_count"] == 1


async def test_history_pages_from_the_newest_and_hides_metadata(client: AsyncWebClient, sales: str) -> None:
    stamps = []
    for number in range(3):
        metadata = {"event_type": "n", "event_payload": {"n": number}}
        stamps.append((await client.chat_postMessage(channel=sales, text=str(number), metadata=metadata))["ts"])
    first = await client.conversations_history(channel=sales, limit=2)
    assert [message["text"] for message in first["messages"]] == ["2", "1"]
    assert first["has_more"] is True
    assert all("metadata" not in message for message in first["messages"])
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=sales, limit=2, cursor=cursor, include_all_metadata=True)
    assert [message["metadata"]["event_payload"] for message in rest["messages"]] == [{"n": 0}]
    since = await client.conversations_history(channel=sales, oldest=stamps[1])
    assert [message["text"] for message in since["messages"]] == ["2"]
    inclusive = await client.conversations_history(channel=sales, oldest=stamps[1], inclusive=True)
    assert len(inclusive["messages"]) == 2


async def test_a_permalink_leads_to_the_page(slack: SlackSandbox, client: AsyncWebClient, sales: str) -> None:
    ts = (await client.chat_postMessage(channel=sales, text="x"))["ts"]
    link = (await client.chat_getPermalink(channel=sales, message_ts=ts))["permalink"]
    assert link == f"{slack.url}/archives/{sales}/p1800000000000000"


@pytest.mark.parametrize(
    ("text", "notified"),
    [
        ("plain", []),
        ("<!channel> and <!here|here>", ["channel", "here"]),
        ("<@U000000002> <@U000000002|ada>", ["U000000002"]),
        ("&lt;!channel&gt; @channel <https://example.com|<!here>", ["here"]),
    ],
)
async def test_whom_a_text_notifies(
    slack: SlackSandbox, client: AsyncWebClient, sales: str, text: str, notified: list[str]
) -> None:
    ts = (await client.chat_postMessage(channel=sales, text=text))["ts"]
    assert [one.whom for one in slack.notified] == notified
    assert all((one.channel, one.ts) == (sales, ts) for one in slack.notified)


async def test_blocks_notify_too_but_only_where_they_are_formatted(
    slack: SlackSandbox, client: AsyncWebClient, sales: str
) -> None:
    rich: Json = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}
    rich["elements"][0]["elements"] = [{"type": "user", "user_id": "U1"}, {"type": "broadcast", "range": "here"}]
    blocks = [section("a", "<!everyone>"), actions("b", button("x", "<!channel>")), rich]
    await client.chat_postMessage(channel=sales, text="x", blocks=blocks)
    assert [one.whom for one in slack.notified] == ["everyone", "U1", "here"]


async def test_what_people_type_is_escaped_and_mentions_are_linked(slack: SlackSandbox, ada: Person) -> None:
    grace = slack.team.user("grace").id
    assert ada.say("<!channel> & @grace", "sales")["text"] == f"&lt;!channel&gt; &amp; <@{grace}>"
