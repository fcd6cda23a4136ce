"""`response_url`: five times, for half an hour."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.slack import Person, SlackSandbox
from tests.conftest import Clock
from tests.sandbox.slack.samples import Json, actions, button, section
from tests.sandbox.slack.stand_in import StandIn


@pytest.fixture
async def answer(app: StandIn, ada: Person) -> AsyncWebhookClient:
    """Where the app may answer to a command of Ada in #sales."""
    await ada.command("/paylink", "sales")
    return AsyncWebhookClient(app.seen[0]["response_url"])


async def test_five_uses(answer: AsyncWebhookClient, ada: Person) -> None:
    for number in range(5):
        sent = await answer.send(text=str(number), blocks=[section("a", "x")])
        assert (sent.status_code, sent.body) == (200, "ok")
    sixth = await answer.send(text="5")
    assert (sixth.status_code, "used_url" in sixth.body) == (404, True)
    assert [message["text"] for message in ada.ephemerals("sales")] == ["0", "1", "2", "3", "4"]


async def test_thirty_minutes(answer: AsyncWebhookClient, ada: Person, clock: Clock) -> None:
    clock.now += 30 * 60
    assert (await answer.send(text="in time")).status_code == 200
    clock.now += 1
    late = await answer.send(text="late")
    assert (late.status_code, "expired_url" in late.body) == (404, True)
    assert len(ada.ephemerals("sales")) == 1


async def test_for_the_channel(answer: AsyncWebhookClient, slack: SlackSandbox) -> None:
    await answer.send(text="For all", response_type="in_channel")
    assert [message["text"] for message in slack.messages("sales")] == ["For all"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"blocks": [section("a", "x")]}, "no_text"),
        ({"text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"text": "x", "response_type": "loud"}, "invalid_response_type"),
        ({"text": "x", "replace_original": True}, "no_original"),
        ({"delete_original": True}, "no_original"),
    ],
)
async def test_what_is_refused(answer: AsyncWebhookClient, body: Json, error: str) -> None:
    sent = await answer.send_dict(body)
    assert (sent.status_code, error in sent.body) == (400, True)


async def test_the_message_acted_on_can_be_replaced_and_deleted(
    slack: SlackSandbox, app: StandIn, ada: Person, client: AsyncWebClient
) -> None:
    sales = slack.channel("sales").id
    blocks = [actions("a", button("b", "B"))]
    await client.chat_postEphemeral(channel=sales, user=ada.id, text="draft?", blocks=blocks)
    await ada.press("B", channel="sales")
    answer = AsyncWebhookClient(app.seen[0]["response_url"])
    await answer.send(text="kept", replace_original=True)
    [message] = ada.ephemerals("sales")
    assert (message["text"], "blocks" in message) == ("kept", False)
    await answer.send(delete_original=True)
    assert ada.ephemerals("sales") == []
    gone = await answer.send(text="x", replace_original=True)
    assert "message_not_found" in gone.body


async def test_an_unknown_url(slack: SlackSandbox) -> None:
    assert (await AsyncWebhookClient(f"{slack.url}/response/none").send(text="x")).status_code == 404
