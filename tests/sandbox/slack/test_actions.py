"""Buttons, menus and inputs that dispatch; options from the app."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import AppError, Person, SlackError, SlackSandbox
from tests.sandbox.slack.conftest import Opens
from tests.sandbox.slack.samples import Json, actions, button, home, modal, mrkdwn, option, plain, question, section
from tests.sandbox.slack.stand_in import StandIn

SOME = [option("One"), option("Two")]
CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really"), "confirm": plain("Yes"), "deny": plain("No")}


@pytest.fixture
async def card(slack: SlackSandbox, client: AsyncWebClient) -> Json:
    menu = {"type": "overflow", "action_id": "menu", "options": SOME}
    blocks = [
        section("head", "*Consulting*", menu),
        actions("do", button("off", "Turn off", value="plink_1", style="danger", confirm=CONFIRM), button("qr", "QR")),
    ]
    answer = await client.chat_postMessage(channel=slack.channel("sales").id, text="A card", blocks=blocks)
    message: Json = answer["message"]
    return message


async def test_a_button_on_a_message(slack: SlackSandbox, app: StandIn, ada: Person, card: Json) -> None:
    await ada.press("Turn off", channel="sales")
    payload = app.seen[-1]
    sales = slack.channel("sales").id
    url, trigger = payload.pop("response_url"), payload.pop("trigger_id")
    assert url.startswith(slack.url)
    assert trigger
    [action] = payload.pop("actions")
    assert action.pop("action_ts") > card["ts"]
    assert action == {
        "type": "button",
        "action_id": "off",
        "block_id": "do",
        "text": plain("Turn off"),
        "value": "plink_1",
        "style": "danger",
        "confirm": CONFIRM,
    }
    assert payload == {
        "type": "block_actions",
        "team": {"id": slack.team.id, "domain": "acme"},
        "user": {"id": ada.id, "username": "ada", "name": "ada", "team_id": slack.team.id},
        "api_app_id": "A000000001",
        "token": "sandbox-verification-token",
        "enterprise": None,
        "is_enterprise_install": False,
        "container": {"type": "message", "message_ts": card["ts"], "channel_id": sales, "is_ephemeral": False},
        "channel": {"id": sales, "name": "sales"},
        "message": card,
        "state": {"values": {}},
    }
    assert ada.confirmed == [CONFIRM]


async def test_a_confirm_dialog_denied_does_nothing(app: StandIn, ada: Person, card: Json) -> None:
    await ada.press("Turn off", channel="sales", confirm=False)
    assert (ada.confirmed, app.seen) == ([CONFIRM], [])


async def test_an_overflow_menu(app: StandIn, ada: Person, card: Json) -> None:
    await ada.pick("menu", "Two", channel="sales", message=card)
    [action] = app.seen[-1]["actions"]
    assert action["selected_option"] == option("Two")
    with pytest.raises(SlackError, match="no_such_option"):
        await ada.pick("menu", "Three", channel="sales")


async def test_a_stranger_acts_with_their_own_team_id(slack: SlackSandbox, app: StandIn, card: Json) -> None:
    ext = slack.person("ext")
    await ext.press("qr", channel="sales")
    assert app.seen[-1]["user"]["team_id"] == ext.user.team_id != slack.team.id
    assert app.seen[-1]["team"]["id"] == slack.team.id


async def test_an_ephemeral_message_comes_without_the_message(
    slack: SlackSandbox, app: StandIn, ada: Person, client: AsyncWebClient
) -> None:
    await client.chat_postEphemeral(
        channel=slack.channel("sales").id, user=ada.id, text="x", blocks=[actions("a", button("b", "B"))]
    )
    await ada.press("B", channel="sales")
    assert "message" not in app.seen[-1]
    assert app.seen[-1]["container"]["is_ephemeral"] is True
    with pytest.raises(SlackError, match="no message with 'B'"):
        await slack.person("grace").press("B", channel="sales")


async def test_a_button_in_a_modal_carries_what_was_typed(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal(question("name", "Name"), actions("do", button("add", "Add item"))))
    await ada.fill({"Name": "half done"})
    await ada.press("Add item")
    payload = app.seen[-1]
    assert ada.modal is not None
    assert payload["container"] == {"type": "view", "view_id": ada.modal["id"]}
    assert payload["view"]["state"]["values"]["name"]["value"]["value"] == "half done"
    assert payload.keys() & {"channel", "message", "response_url"} == set()


async def test_inputs_tell_the_app_only_when_they_dispatch(opens: Opens, app: StandIn) -> None:
    select = {"type": "static_select", "options": SOME}
    keys = {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
    ada = await opens(
        modal(
            question("quiet", "Quiet", select),
            question("loud", "Loud", select, dispatch_action=True),
            question("enter", "Enter", dispatch_action=True),
            question("keys", "Keys", keys, dispatch_action=True),
        )
    )
    before = len(app.seen)
    await ada.fill({"Quiet": "One", "Enter": "typed"})
    assert len(app.seen) == before
    await ada.fill({"Loud": "Two", "Keys": "k"})
    await ada.enter("Enter", "typed again")
    sent = [seen["actions"][0] for seen in app.seen[before:]]
    assert [(one["block_id"], one.get("selected_option") or one.get("value")) for one in sent] == [
        ("loud", option("Two")),
        ("keys", "k"),
        ("enter", "typed again"),
    ]


async def test_elements_outside_inputs_always_tell(opens: Opens, app: StandIn) -> None:
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": SOME}
    radio = {"type": "radio_buttons", "action_id": "radio", "options": SOME}
    ada = await opens(modal(section("s", "Options", boxes), actions("a", radio)))
    await ada.pick("boxes", "One", "Two")
    assert app.seen[-1]["actions"][0]["selected_options"] == SOME
    await ada.pick("radio", "Two", block="a")
    assert app.seen[-1]["actions"][0]["selected_option"] == option("Two")
    assert app.seen[-1]["view"]["state"]["values"]["s"]["boxes"]["selected_options"] == SOME


async def test_names_must_be_unambiguous(opens: Opens, app: StandIn) -> None:
    rows = [section(f"row{n}", f"Item {n}", button("edit", "Edit", value=str(n))) for n in (1, 2)]
    ada = await opens(modal(*rows))
    with pytest.raises(SlackError, match="more than one 'Edit'"):
        await ada.press("Edit")
    await ada.press("Edit", block="Item 2")
    assert app.seen[-1]["actions"][0]["value"] == "2"
    with pytest.raises(SlackError, match="there is no 'Delete' here:\n  row1/edit"):
        await ada.press("Delete")


async def test_acting_in_the_home(slack: SlackSandbox, app: StandIn, ada: Person, client: AsyncWebClient) -> None:
    with pytest.raises(SlackError, match="published no home"):
        await ada.press("New", home=True)
    await client.views_publish(user_id=ada.id, view=home(actions("a", button("new", "New"))))
    await ada.press("New", home=True)
    assert app.seen[-1]["view"]["type"] == "home"
    await client.views_open(trigger_id=app.seen[-1]["trigger_id"], view=modal())
    assert ada.modal is not None


EXTERNAL = question("price", "Price", {"type": "external_select", "min_query_length": 1})


async def test_the_app_supplies_options(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal(EXTERNAL))
    app.replies({"options": [option("Consulting"), option("Consulting, monthly")]})
    assert await ada.search("Price", "con") == [option("Consulting"), option("Consulting, monthly")]
    payload = app.seen[-1]
    assert (payload["type"], payload["action_id"], payload["block_id"], payload["value"]) == (
        "block_suggestion",
        "value",
        "price",
        "con",
    )
    assert payload["view"]["callback_id"] == "form"
    await ada.fill({"Price": "Consulting"})
    assert ada.modal is not None
    assert ada.modal["state"]["values"]["price"]["value"]["selected_option"] == option("Consulting")
    app.replies({"option_groups": [{"label": plain("G"), "options": SOME}]})
    assert await ada.search("Price", "o") == SOME
    with pytest.raises(SlackError, match="not one of the options offered"):
        await ada.fill({"Price": "Three"})


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        {"options": [option(str(n)) for n in range(101)]},
        {"options": [option("x" * 76)]},
        {"options": [{"text": mrkdwn("x"), "value": "x"}]},
        {"something": []},
    ],
)
async def test_options_are_checked(slack: SlackSandbox, opens: Opens, app: StandIn, answer: Any) -> None:
    ada = await opens(modal(EXTERNAL))
    app.replies(answer)
    with pytest.raises(AppError, match="invalid_options"):
        await ada.search("Price", "x")
    assert len(slack.app_errors) == 1


async def test_slack_asks_only_from_a_certain_length_on(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal(EXTERNAL, question("q", "Other", {"type": "external_select"})))
    for name, query in (("Price", ""), ("Other", "ab")):
        with pytest.raises(SlackError, match="query_too_short"):
            await ada.search(name, query)


async def test_selects_on_a_message(slack: SlackSandbox, app: StandIn, ada: Person, client: AsyncWebClient) -> None:
    external = {"type": "external_select", "action_id": "price", "min_query_length": 0}
    await client.chat_postMessage(channel=slack.channel("sales").id, text="x", blocks=[actions("a", external)])
    app.replies({"options": SOME})
    await ada.pick("price", "Two", channel="sales")
    asked, acted = app.seen
    assert (asked["type"], asked["container"]["type"], asked["channel"]["name"]) == (
        "block_suggestion",
        "message",
        "sales",
    )
    assert acted["actions"][0]["selected_option"] == option("Two")
    assert acted["state"]["values"]["a"]["price"]["selected_option"] == option("Two")


async def test_an_app_that_fails_to_acknowledge_an_action(
    slack: SlackSandbox, app: StandIn, ada: Person, card: Json
) -> None:
    app.replies(500)
    with pytest.raises(AppError, match="http_service_error"):
        await ada.press("QR", channel="sales")
    assert [error.code for error in slack.app_errors] == ["http_service_error"]
    with pytest.raises(SlackError, match="is not a button but overflow"):
        await ada.press("menu", channel="sales", message=card)


async def test_only_the_modal_on_top_can_be_acted_on(opens: Opens, app: StandIn, client: AsyncWebClient) -> None:
    ada = await opens(modal(actions("do", button("more", "More")), title="Below"))
    below = ada.stack[0]["id"]
    await ada.press("More")
    await client.views_push(trigger_id=app.seen[-1]["trigger_id"], view=modal(title="On top"))
    with pytest.raises(SlackError, match="there is no 'More'"):
        await ada.press("More")
    await client.views_update(view_id=below, view=modal(title="Changed below"))
    assert [view["title"]["text"] for view in ada.stack] == ["Changed below", "On top"]
