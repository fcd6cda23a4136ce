"""Rate limits and faults."""

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Rate, SlackSandbox
from bot.sandbox.slack.errors import RateLimited
from bot.sandbox.slack.limits import Limits
from tests.conftest import Clock


async def test_one_message_a_second_per_channel(slack: SlackSandbox, client: AsyncWebClient, clock: Clock) -> None:
    sales, payments = slack.channel("sales").id, slack.channel("payments").id
    for _ in range(3):
        await client.chat_postMessage(channel=sales, text="burst")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=sales, text="too many")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert caught.value.response.data == {"ok": False, "error": "ratelimited"}
    assert slack.limits.violations == {f"chat.postMessage {sales}": 1}
    await client.chat_postMessage(channel=payments, text="elsewhere")
    clock.now += 1
    await client.chat_postMessage(channel=sales, text="a second later")
    assert len(slack.messages("sales")) == 4


async def test_a_workspace_has_a_limit_too(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.limits.post_per_team = Rate(1, 1)
    await client.chat_postMessage(channel=slack.channel("sales").id, text="x")
    with pytest.raises(SlackApiError, match="ratelimited"):
        await client.chat_postMessage(channel=slack.channel("payments").id, text="x")


async def test_methods_have_tiers(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.limits.per_method["users.info"] = Rate.per_minute(2)
    user = slack.team.user("ada").id
    for _ in range(2):
        await client.users_info(user=user)
    with pytest.raises(SlackApiError) as caught:
        await client.users_info(user=user)
    assert caught.value.response.headers["Retry-After"] == "30"


async def test_limits_can_be_switched_off(slack: SlackSandbox, client: AsyncWebClient) -> None:
    slack.limits.off()
    for _ in range(20):
        await client.chat_postMessage(channel=slack.channel("sales").id, text="x")
    assert not slack.limits.violations


@given(
    gaps=st.lists(st.integers(0, 30), max_size=40),
    rate=st.builds(Rate, st.sampled_from([0.25, 0.5, 1.0, 2.0]), st.integers(1, 4)),
)
def test_never_more_than_the_rate_allows(gaps: list[int], rate: Rate) -> None:
    clock = Clock()
    start = clock.now
    limits = Limits(clock, post_per_channel=rate)
    passed = 0
    for gap in gaps:
        clock.now += gap / 10
        try:
            limits.post("C1", "T1")
            passed += 1
        except RateLimited:
            continue
    assert passed <= rate.burst + (clock.now - start) * rate.per_second + 1e-6


@given(rate=st.builds(Rate, st.sampled_from([0.25, 0.5, 1.0, 2.0]), st.integers(1, 4)))
def test_waiting_as_long_as_told_is_enough(rate: Rate) -> None:
    clock = Clock()
    limits = Limits(clock, post_per_channel=rate)
    for _ in range(10):
        try:
            limits.post("C1", "T1")
        except RateLimited as error:
            clock.now += error.retry_after
            limits.post("C1", "T1")


async def test_faults_on_demand(slack: SlackSandbox, client: AsyncWebClient) -> None:
    sales = slack.channel("sales").id
    where = "POST /api/chat.postMessage"
    slack.faults.add(where, "status", status=429, headers={"Retry-After": "7"})
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=sales, text="limited")
    assert (caught.value.response["error"], caught.value.response.headers["Retry-After"]) == ("ratelimited", "7")
    slack.faults.add(where, "status", status=500)
    with pytest.raises(SlackApiError, match="internal_error"):
        await client.chat_postMessage(channel=sales, text="failed")
    slack.faults.add(where, "drop_before")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=sales, text="lost")
    slack.faults.add(where, "drop_after")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=sales, text="posted")
    assert [message["text"] for message in slack.messages("sales")] == ["posted"]


async def test_a_fault_may_be_about_what_is_said_and_come_ahead(slack: SlackSandbox, client: AsyncWebClient) -> None:
    sales, refusal = slack.channel("sales").id, {"ok": False, "error": "msg_too_long"}
    where, about = "POST /api/chat.postMessage", "jenny@example.com"
    slack.faults.add(where, "drop_after", times=None, holding="jenny")
    rule = slack.faults.add(where, "status", status=200, body=refusal, times=None, holding=about, ahead=True)
    await client.chat_postMessage(channel=sales, text="something else")
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_postMessage(channel=sales, text=f"{about} has paid")
    slack.faults.remove(rule)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=sales, text=f"{about} has paid")
    assert rule.struck == 1
    assert [message["text"] for message in slack.messages("sales")] == ["something else", f"{about} has paid"]
