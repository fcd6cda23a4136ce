"""Submitting and closing modals."""

import asyncio
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import AppError, Person, SlackError, SlackSandbox
from bot.sandbox.slack.blocks.answers import REQUIRED
from tests.sandbox.slack.conftest import Opens, Refused
from tests.sandbox.slack.samples import Json, actions, button, modal, option, question
from tests.sandbox.slack.stand_in import StandIn

EVERYTHING = modal(
    question("text", "Text", optional=True),
    question("count", "Count", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
    question("pick", "Pick", {"type": "static_select", "options": [option("One"), option("Two")]}, optional=True),
    question("many", "Many", {"type": "checkboxes", "options": [option("One"), option("Two")]}, optional=True),
    question("who", "Who", {"type": "users_select"}, optional=True),
    question("where", "Where", {"type": "conversations_select", "response_url_enabled": True}, optional=True),
    question("when", "When", {"type": "datepicker"}, optional=True),
)


async def test_what_a_submission_carries(slack: SlackSandbox, opens: Opens, app: StandIn) -> None:
    ada = await opens(EVERYTHING)
    await ada.fill({"Text": "ü", "count": "2", "Pick": "Two", "Many": ["One"], "Who": "grace", "When": "2026-11-23"})
    await ada.fill({"Where": "sales"})
    assert await ada.submit() == {}
    payload = app.seen[-1]
    sales, grace = slack.channel("sales").id, slack.team.user("grace").id
    assert payload["view"]["state"]["values"] == {
        "text": {"value": {"type": "plain_text_input", "value": "ü"}},
        "count": {"value": {"type": "number_input", "value": "2"}},
        "pick": {"value": {"type": "static_select", "selected_option": option("Two")}},
        "many": {"value": {"type": "checkboxes", "selected_options": [option("One")]}},
        "who": {"value": {"type": "users_select", "selected_user": grace}},
        "where": {"value": {"type": "conversations_select", "selected_conversation": sales}},
        "when": {"value": {"type": "datepicker", "selected_date": "2026-11-23"}},
    }
    [url] = payload["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "value", sales)
    assert {key: payload[key] for key in ("type", "team", "user", "api_app_id", "enterprise")} == {
        "type": "view_submission",
        "team": {"id": slack.team.id, "domain": "acme"},
        "user": {"id": ada.id, "username": "ada", "name": "ada", "team_id": slack.team.id},
        "api_app_id": "A000000001",
        "enterprise": None,
    }
    assert ada.stack == []


async def test_slack_checks_first(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal())
    asked = len(app.seen)
    assert await ada.submit() == {"name": REQUIRED}
    assert ada.modal is not None
    assert ada.modal["errors"] == {"name": REQUIRED}
    assert len(app.seen) == asked


async def test_errors_of_the_app_stand_at_the_fields(filled_in: Person, app: StandIn) -> None:
    app.replies({"response_action": "errors", "errors": {"name": "Taken"}})
    assert await filled_in.submit() == {"name": "Taken"}
    assert filled_in.modal is not None
    assert filled_in.modal["errors"] == {"name": "Taken"}
    assert filled_in.modal["state"]["values"]["name"]["value"]["value"] == "Consulting"
    app.replies(None)
    assert await filled_in.submit() == {}


async def test_update_push_and_clear(filled_in: Person, app: StandIn) -> None:
    ada = filled_in
    app.replies({"response_action": "update", "view": modal(title="Updated")})
    await ada.submit()
    assert [view["title"]["text"] for view in ada.stack] == ["Updated"]
    app.replies({"response_action": "push", "view": modal(title="Pushed")})
    await ada.submit()
    assert [view["title"]["text"] for view in ada.stack] == ["Updated", "Pushed"]
    await ada.fill({"Name": "x"})
    app.replies(None)
    await ada.submit()
    assert [view["title"]["text"] for view in ada.stack] == ["Updated"]
    app.replies({"response_action": "push", "view": modal(title="Pushed")})
    await ada.submit()
    await ada.fill({"Name": "x"})
    app.replies({"response_action": "clear"})
    await ada.submit()
    assert ada.stack == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "errors", "errors": {"name": ""}},
        {"response_action": "errors", "errors": {"buttons": "not an input"}},
        {"response_action": "errors"},
        {"response_action": "dance"},
        {"response_action": "update", "view": modal(title="x" * 25)},
        {"response_action": "push"},
        {"text": "hello"},
        "hello",
        500,
    ],
)
async def test_an_answer_slack_cannot_use_leaves_the_modal(
    slack: SlackSandbox, opens: Opens, app: StandIn, answer: Any
) -> None:
    ada = await opens(modal(question("name", "Name"), actions("buttons", button("x", "X"))))
    await ada.fill({"Name": "x"})
    app.replies(answer)
    with pytest.raises(AppError):
        await ada.submit()
    assert len(ada.stack) == len(slack.app_errors) == 1


async def test_a_late_answer_leaves_the_modal(slack: SlackSandbox, filled_in: Person, app: StandIn) -> None:
    released = asyncio.Event()

    async def late(payload: Json) -> None:
        await released.wait()

    app.answer = late
    slack.line.ack_seconds = 0.05
    with pytest.raises(AppError, match="operation_timeout"):
        await filled_in.submit()
    released.set()
    assert filled_in.modal is not None


async def test_a_fourth_modal_cannot_be_pushed(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal(question("name", "Name", optional=True)))
    app.replies({"response_action": "push", "view": modal(question("name", "Name", optional=True))})
    await ada.submit()
    await ada.submit()
    with pytest.raises(AppError, match="push_limit_reached"):
        await ada.submit()
    assert len(ada.stack) == 3


async def test_closing_is_reported_where_asked_for(opens: Opens, app: StandIn, client: AsyncWebClient) -> None:
    ada = await opens(modal(question("a", "A", optional=True), notify_on_close=True, title="1"))
    app.replies({"response_action": "push", "view": modal(notify_on_close=True, title="2")})
    await ada.submit()
    app.replies(None)
    await ada.close()
    assert [view["title"]["text"] for view in ada.stack] == ["1"]
    assert (app.seen[-1]["type"], app.seen[-1]["is_cleared"]) == ("view_closed", False)
    assert app.seen[-1]["view"]["title"]["text"] == "2"
    app.replies({"response_action": "push", "view": modal(notify_on_close=True, title="3")})
    await ada.submit()
    app.replies(None)
    await ada.close(clear=True)
    closed = [(seen["view"]["title"]["text"], seen["is_cleared"]) for seen in app.seen[-2:]]
    assert closed == [("3", True), ("1", True)]
    assert ada.stack == []


async def test_closing_is_quiet_where_not_asked_for_and_clears_where_asked_for(opens: Opens, app: StandIn) -> None:
    ada = await opens(modal(question("a", "A", optional=True)))
    app.replies({"response_action": "push", "view": modal(clear_on_close=True)})
    await ada.submit()
    seen = len(app.seen)
    await ada.close()
    assert ada.stack == []
    assert len(app.seen) == seen


async def test_only_the_top_modal_of_ones_own(slack: SlackSandbox, opens: Opens, refused: Refused) -> None:
    await opens(modal())
    grace = slack.person("grace")
    for attempt in (grace.submit(), grace.close(), grace.fill({"Name": "x"}), grace.press("Save")):
        with pytest.raises(SlackError, match="no modal open"):
            await attempt


async def test_a_modal_without_submit_has_nothing_to_press(opens: Opens) -> None:
    view = modal(actions("a", button("x", "X")))
    del view["submit"]
    ada = await opens(view)
    with pytest.raises(SlackError, match="no_submit"):
        await ada.submit()
