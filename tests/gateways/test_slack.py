from collections.abc import AsyncIterator

import pytest

from bot.errors import GatewayError, SlackRateLimited, SlackRefused, SlackUnavailable, SlackUncertain
from bot.gateways.slack import Message, SlackGateway, Upload
from tests.gateways.edge import Edge

TOKEN = "xoxb-secret"
BLOCK = {"type": "section", "text": {"type": "mrkdwn", "text": "Hi"}}
MESSAGE = Message("Hi", (BLOCK,))


@pytest.fixture
async def slack(edge: Edge) -> AsyncIterator[SlackGateway]:
    gateway = SlackGateway(TOKEN, base_url=f"{edge.url}/api/", timeout=2)
    yield gateway
    await gateway.close()


async def test_a_post_carries_its_key_and_unfurls_nothing(slack: SlackGateway, edge: Edge) -> None:
    edge.answer({"ok": True, "ts": "1.5", "channel": "C1"})
    assert await slack.post("C1", MESSAGE, key="k1", thread_ts="1.0") == "1.5"
    assert edge.asked[0].path == "/api/chat.postMessage"
    assert edge.asked[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert edge.asked[0].given == {
        "channel": "C1",
        "text": "Hi",
        "blocks": [BLOCK],
        "thread_ts": "1.0",
        "metadata": {"event_type": "paylink_card", "event_payload": {"key": "k1"}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


async def test_an_update_without_blocks_takes_them_away(slack: SlackGateway, edge: Edge) -> None:
    edge.answer({"ok": True, "ts": "1.5", "channel": "C1"})
    await slack.update("C1", "1.5", Message("Plain"), "k1")
    assert (edge.asked[0].path, edge.asked[0].given["blocks"], edge.asked[0].given["text"]) == (
        "/api/chat.update",
        [],
        "Plain",
    )


async def test_find_reads_every_page_until_the_key_turns_up(slack: SlackGateway, edge: Edge) -> None:
    metadata = {"event_type": "paylink_card", "event_payload": {"key": "k1"}}
    edge.answer({"ok": True, "messages": [{"ts": "9.0"}, {"ts": "8.0"}], "response_metadata": {"next_cursor": "more"}})
    edge.answer({"ok": True, "messages": [{"ts": "7.0", "metadata": metadata}]})
    assert await slack.find("C1", "k1", since=5.25) == "7.0"
    assert await slack.find("C1", "k2", since=5.25) is None
    assert [(asked.given["oldest"], asked.given.get("cursor")) for asked in edge.asked] == [
        ("5.250000", None),
        ("5.250000", "more"),
        ("5.250000", None),
    ]
    assert edge.asked[0].given["include_all_metadata"] == "1"


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"ok": False, "error": "channel_not_found"}, SlackRefused),
        (200, {"ok": False, "error": "service_unavailable"}, SlackUnavailable),
        (200, {"ok": False, "error": "fatal_error"}, SlackUncertain),
        (200, {"ok": False, "error": "internal_error"}, SlackUncertain),
        (200, {"ok": False, "error": "ratelimited"}, SlackRateLimited),
        (429, {"ok": False, "error": "ratelimited"}, SlackRateLimited),
        (500, {"ok": False, "error": "whatever"}, SlackUncertain),
        (502, "<html>Bad gateway</html>", SlackUncertain),
        (503, {"ok": False, "error": "service_unavailable"}, SlackUnavailable),
        (503, {"ok": False, "error": "whatever"}, SlackUncertain),
        (503, "upstream connect error or disconnect/reset before headers", SlackUncertain),
        (200, {}, SlackUncertain),
    ],
)
async def test_what_an_answer_means(
    slack: SlackGateway, edge: Edge, status: int, body: dict[str, object] | str, expected: type[GatewayError]
) -> None:
    edge.answer(body, status)
    with pytest.raises(expected) as caught:
        await slack.post("C1", MESSAGE, key="k1")
    assert type(caught.value) is expected
    assert TOKEN not in str(caught.value)
    assert len(edge.asked) == 1


async def test_retry_after_is_in_seconds(slack: SlackGateway, edge: Edge) -> None:
    edge.answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "17"})
    edge.answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "soon"})
    waits = []
    for _ in range(2):
        with pytest.raises(SlackRateLimited) as caught:
            await slack.post("C1", MESSAGE, key="k1")
        waits.append(caught.value.retry_after)
    assert waits == [17.0, 30.0]


async def test_a_refusal_says_where(slack: SlackGateway, edge: Edge) -> None:
    details = ["[ERROR] must be less than 76 characters [json-pointer:/blocks/0]"]
    edge.answer({"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": details}})
    with pytest.raises(SlackRefused) as caught:
        await slack.post("C1", MESSAGE, key="k1")
    assert caught.value.code == "invalid_blocks"
    assert str(caught.value) == f"Slack refused: invalid_blocks. {details[0]}"


async def test_a_lost_answer_is_uncertain_and_never_sent_twice(slack: SlackGateway, edge: Edge) -> None:
    edge.hang_up()
    with pytest.raises(SlackUncertain):
        await slack.post("C1", MESSAGE, key="k1")
    assert len(edge.asked) == 1


async def test_nobody_there_is_certainly_not_done() -> None:
    gateway = SlackGateway(TOKEN, base_url="http://127.0.0.1:1/api/", timeout=2)
    with pytest.raises(SlackUnavailable):
        await gateway.post("C1", MESSAGE, key="k1")
    await gateway.close()
    await gateway.close()


async def test_views_answer_slacks_view(slack: SlackGateway, edge: Edge) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Link"}, "blocks": []}
    edge.answer({"ok": True, "view": {"id": "V1", "hash": "h1"}})
    assert await slack.open_view("t", view) == {"id": "V1", "hash": "h1"}
    assert await slack.push_view("t", view) == {"id": "V1", "hash": "h1"}
    assert await slack.update_view("V1", view, hash="h0") == {"id": "V1", "hash": "h1"}
    assert await slack.publish_home("U1", {"type": "home", "blocks": []}) == {"id": "V1", "hash": "h1"}
    assert [asked.path for asked in edge.asked] == [
        "/api/views.open",
        "/api/views.push",
        "/api/views.update",
        "/api/views.publish",
    ]
    assert edge.asked[2].given["hash"] == "h0"


async def test_looking_things_up(slack: SlackGateway, edge: Edge) -> None:
    edge.answer({"ok": True, "user": {"id": "U1", "locale": "de-DE"}})
    edge.answer({"ok": True, "channel": {"id": "C1", "is_member": True}})
    edge.answer({"ok": True, "channel": {"id": "D1"}})
    edge.answer({"ok": True, "url": "wss://example.com/link"})
    edge.answer({"ok": True, "message_ts": "1.0"})
    edge.answer({"ok": True, "team_id": "T1"}, headers={"x-oauth-scopes": "chat:write, users:read"})
    assert await slack.user("U1") == {"id": "U1", "locale": "de-DE"}
    assert await slack.channel("C1") == {"id": "C1", "is_member": True}
    assert await slack.dm("U1") == "D1"
    assert await slack.connection_url("xapp-1") == "wss://example.com/link"
    await slack.ephemeral("C1", "U1", Message("Only you"))
    assert await slack.auth() == {"ok": True, "team_id": "T1", "scopes": ("chat:write", "users:read")}
    assert edge.asked[0].given["include_locale"] == "1"
    assert edge.asked[3].headers["Authorization"] == "Bearer xapp-1"
    assert edge.asked[4].given == {"channel": "C1", "user": "U1", "text": "Only you"}


async def test_upload_goes_the_three_steps(slack: SlackGateway, edge: Edge) -> None:
    edge.answer({"ok": True, "file_id": "F1", "upload_url": f"{edge.url}/upload"})
    edge.answer("OK - 3")
    edge.answer({"ok": True, "files": [{"id": "F1", "title": "QR code"}]})
    await slack.upload("C1", [Upload("qr.png", b"png", "QR code", "A QR code")], thread_ts="1.0")
    assert [asked.path for asked in edge.asked] == [
        "/api/files.getUploadURLExternal",
        "/upload",
        "/api/files.completeUploadExternal",
    ]
    assert edge.asked[0].given["alt_txt"] == "A QR code"
    assert edge.asked[2].given["thread_ts"] == "1.0"
