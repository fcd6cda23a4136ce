"""Posting, losing the answer and finding the message again, against the sandbox."""

from collections.abc import AsyncIterator

import pytest

from bot.errors import SlackRefused, SlackUncertain
from bot.gateways.slack import Message, SlackGateway
from bot.sandbox.slack import SlackSandbox

HELLO = Message("Hello", ({"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}},))


@pytest.fixture
async def sandbox() -> AsyncIterator[SlackSandbox]:
    async with SlackSandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def slack(sandbox: SlackSandbox) -> AsyncIterator[SlackGateway]:
    gateway = SlackGateway(sandbox.bot_token, base_url=sandbox.api_url, timeout=5)
    yield gateway
    await gateway.close()


async def test_a_message_is_posted_found_and_replaced(slack: SlackGateway, sandbox: SlackSandbox) -> None:
    sales = sandbox.channel("sales").id
    ts = await slack.post(sales, HELLO, key="k1")
    assert await slack.find(sales, "k1", since=float(ts) - 1) == ts
    assert await slack.find(sales, "k2", since=float(ts) - 1) is None
    await slack.update(sales, ts, Message("Goodbye"), "k1")
    assert [(message["ts"], message["text"]) for message in sandbox.messages("sales")] == [(ts, "Goodbye")]
    assert await slack.find(sales, "k1", since=float(ts)) == ts


async def test_a_post_whose_answer_was_lost_can_be_found(slack: SlackGateway, sandbox: SlackSandbox) -> None:
    sales = sandbox.channel("sales").id
    sandbox.faults.add(match="POST /api/chat.postMessage", kind="drop_after", times=1)
    with pytest.raises(SlackUncertain):
        await slack.post(sales, HELLO, key="k1")
    (message,) = sandbox.messages("sales")
    assert await slack.find(sales, "k1", since=float(message["ts"]) - 1) == message["ts"]


async def test_a_channel_without_the_app_refuses(slack: SlackGateway, sandbox: SlackSandbox) -> None:
    with pytest.raises(SlackRefused) as caught:
        await slack.post(sandbox.channel("deals").id, HELLO, key="k1")
    assert caught.value.code in ("not_in_channel", "channel_not_found")


async def test_who_we_are(slack: SlackGateway, sandbox: SlackSandbox) -> None:
    identity = await slack.auth()
    assert identity["team_id"] == sandbox.team.id
    assert "chat:write" in identity["scopes"]


async def test_a_reply_is_posted_found_in_its_thread_and_shown_in_the_channel_if_asked(
    slack: SlackGateway, sandbox: SlackSandbox
) -> None:
    sandbox.limits.off()
    sales = sandbox.channel("sales").id
    parent = await slack.post(sales, HELLO, key="k1")
    quiet = await slack.post(sales, HELLO, key="k2", thread_ts=parent)
    loud = await slack.post(sales, Message("Hello", broadcast=True), key="k3", thread_ts=parent)
    since = float(parent) - 1
    assert await slack.find(sales, "k2", since, thread_ts=parent) == quiet
    assert await slack.find(sales, "k3", since, thread_ts=parent) == loud
    assert await slack.find(sales, "k2", since) is None
    assert await slack.find(sales, "k3", since) == loud
    kinds = {message["ts"]: message.get("subtype") for message in sandbox.messages("sales")}
    assert kinds == {parent: None, quiet: None, loud: "thread_broadcast"}
    await slack.post(sales, Message("Alone", broadcast=True), key="k4")
    assert "subtype" not in sandbox.messages("sales")[-1]


async def test_a_thread_that_isn_t_there_refuses(slack: SlackGateway, sandbox: SlackSandbox) -> None:
    sales = sandbox.channel("sales").id
    for asked in (slack.post(sales, HELLO, key="k1", thread_ts="1.5"), slack.find(sales, "k1", 0.0, thread_ts="1.5")):
        with pytest.raises(SlackRefused) as caught:
            await asked
        assert caught.value.code == "thread_not_found"
