"""A whole journey with a real Bolt app, and waiting for what it does after its acknowledgement."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import NeverHappened, Person, SlackSandbox
from tests.sandbox.slack.samples import actions, button, modal, question, section
from tests.sandbox.slack.stand_in import serve

EDITOR = modal(question("name", "Name"), actions("rows", button("add", "Add item")), title="New link")


@pytest.fixture
async def bolt() -> AsyncIterator[SlackSandbox]:
    """A sandbox with a small Bolt app at its request URL."""
    async with SlackSandbox() as slack:
        web_client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        app: Any = AsyncApp(client=web_client, signing_secret=slack.signing_secret, process_before_response=True)

        @app.command("/paylink")  # type: ignore[untyped-decorator]
        async def open_editor(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=EDITOR)

        @app.action("add")  # type: ignore[untyped-decorator]
        async def add_item(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            await client.views_push(trigger_id=body["trigger_id"], view=modal(title="Add item", callback_id="item"))

        @app.view("item")  # type: ignore[untyped-decorator]
        async def item_added(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient) -> None:
            await ack()
            name = view["state"]["values"]["name"]["value"]["value"]
            blocks = [*EDITOR["blocks"], section("item", name)]
            await client.views_update(view_id=view["root_view_id"], view={**EDITOR, "blocks": blocks})

        @app.view("form")  # type: ignore[untyped-decorator]
        async def create(ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient) -> None:
            name = view["state"]["values"]["name"]["value"]["value"]
            if name == "taken":
                await ack(response_action="errors", errors={"name": "Choose another name"})
                return
            await ack()
            await client.chat_postMessage(channel=slack.channel("sales").id, text=f"Created {name}")

        server = app.server(port=0)
        async with serve(server.web_app) as url:
            slack.request_url = f"{url}/slack/events"
            yield slack


async def test_from_the_command_to_the_card(bolt: SlackSandbox) -> None:
    ada = bolt.person("ada")
    await ada.command("/paylink", "sales")
    await bolt.until(lambda: ada.modal)
    await ada.fill({"Name": "taken"})
    assert await ada.submit() == {"name": "Choose another name"}
    await ada.press("Add item")
    await bolt.until(lambda: len(ada.stack) == 2)
    await ada.fill({"Name": "Consulting"})
    assert await ada.submit() == {}
    editor = await bolt.until(lambda: len(ada.stack) == 1 and len(ada.stack[0]["blocks"]) == 3 and ada.modal)
    assert editor
    assert editor["state"]["values"]["name"]["value"]["value"] == "taken"
    await ada.fill({"Name": "October"})
    assert await ada.submit() == {}
    [message] = await bolt.until(lambda: bolt.messages("sales"))
    assert message["text"] == "Created October"
    assert (ada.stack, bolt.app_errors) == ([], [])
    assert [call.method for call in bolt.calls if call.error] == []


async def test_a_wait_in_vain_says_what_stands(slack: SlackSandbox, filled_in: Person, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel=slack.channel("sales").id, text="in the channel")
    await client.chat_postMessage(channel=filled_in.id, text="in private")
    with pytest.raises(NeverHappened) as caught:
        await slack.until(lambda: slack.messages("payments"), timeout=0.01)
    described = str(caught.value)
    for words in (
        "modal of ada",
        "A modal [V000000001 form]",
        "input name: 'Name' plain_text_input:value",
        "in the channel",
        "DM with ada",
    ):
        assert words in described


async def test_people_of_two_workspaces(slack: SlackSandbox) -> None:
    globex = slack.add_team("Globex", "globex")
    hedy = slack.person("hedy", globex)
    hedy.say("hello", "sales")
    assert [message["text"] for message in slack.messages("sales", globex)] == ["hello"]
    assert slack.messages("sales") == []
