"""What Block Kit accepts, and Slack's words for what it does not."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models import blocks as models
from slack_sdk.models.views import View

from bot.sandbox.slack import SlackError
from bot.sandbox.slack.blocks.check import check_blocks, check_view
from tests.sandbox.slack.samples import Json, actions, button, home, modal, mrkdwn, option, plain, question, section

CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really"), "confirm": plain("Yes"), "deny": plain("No")}
SOME = [option("One"), option("Two")]


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "a", **more}


GOOD_ELEMENTS: list[Json] = [
    button("a", "Go", style="primary", url="https://example.com", value="v", confirm=CONFIRM),
    element("overflow", options=SOME, confirm=CONFIRM),
    element("static_select", options=SOME, initial_option=SOME[1], placeholder=plain("Pick")),
    element("static_select", option_groups=[{"label": plain("G"), "options": SOME}], initial_option=SOME[0]),
    element("external_select", min_query_length=0, initial_option=option("Else")),
    element("users_select", initial_user="U123"),
    element("conversations_select", default_to_current_conversation=True, filter={"include": ["public", "im"]}),
    element("channels_select", initial_channel="C123"),
    element("multi_static_select", options=SOME, initial_options=SOME, max_selected_items=2),
    element("multi_external_select", min_query_length=2),
    element("multi_users_select", initial_users=["U1"]),
    element("multi_conversations_select"),
    element("multi_channels_select"),
    element("checkboxes", options=[{"text": mrkdwn("*One*"), "value": "1", "description": mrkdwn("_x_")}]),
    element("radio_buttons", options=SOME, initial_option=SOME[0]),
    element("datepicker", initial_date="2026-11-23"),
    element("timepicker", initial_time="23:59"),
]
GOOD_INPUTS: list[Json] = [
    *GOOD_ELEMENTS[2:],
    element("plain_text_input", multiline=True, min_length=1, max_length=10, initial_value="x"),
    element("number_input", is_decimal_allowed=False, min_value="1", max_value="20", initial_value="2"),
    element("email_text_input", focus_on_load=True),
    element("url_text_input", dispatch_action_config={"trigger_actions_on": ["on_character_entered"]}),
    element("datetimepicker", initial_date_time=1_800_000_000),
]


@pytest.mark.parametrize("one", GOOD_ELEMENTS, ids=lambda one: str(one["type"]))
def test_every_element_stands_in_actions_and_section(one: Json) -> None:
    check_blocks([actions("a", one), section("s", "text", accessory=one)])


@pytest.mark.parametrize("one", GOOD_INPUTS, ids=lambda one: str(one["type"]))
def test_every_input_stands_in_a_modal_and_passes_slacks_own_models(one: Json) -> None:
    view = modal(question("q", "Question", one, hint=plain("Hint"), optional=True, dispatch_action=True))
    assert check_view(view, "modal") is view
    View(**view).validate_json()


def test_every_layout_block_is_accepted_and_passes_slacks_own_models() -> None:
    rich: Json = {"type": "rich_text_list", "style": "bullet", "elements": []}
    rich["elements"] = [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]
    blocks: list[Json] = [
        section("1", "text"),
        {"type": "section", "fields": [plain("a"), mrkdwn("b")]},
        {"type": "header", "text": plain("Head")},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("x"), _image()]},
        actions("2", button("a", "A"), button("b", "B")),
        _image(title=plain("A picture")),
        {"type": "rich_text", "elements": [rich]},
        {"type": "markdown", "text": "**bold**"},
    ]
    check_blocks(blocks)
    for block in blocks:
        parsed = models.Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


def _image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A", **more}


def without(block: Json, key: str) -> Json:
    return {name: value for name, value in block.items() if name != key}


INPUT = question("q", "Q")
BAD_BLOCKS: list[tuple[Json, str]] = [
    ({}, "missing required field: type [json-pointer:/blocks/0]"),
    ({"type": "sectoin"}, "unsupported type: sectoin [json-pointer:/blocks/0/type]"),
    ({"type": ["section"]}, "unsupported type: ['section'] [json-pointer:/blocks/0/type]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    ({"type": "section", "text": "x"}, "must provide an object [json-pointer:/blocks/0/text]"),
    (section("", "x"), "must be more than 0 characters [json-pointer:/blocks/0/block_id]"),
    (section("b" * 256, "x"), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (section("a", ""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (section("a", "x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section("a", "x") | {"txet": 1}, "invalid additional property: txet [json-pointer:/blocks/0]"),
    ({"type": "section", "fields": []}, "no fewer than 1 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001 characters [json-pointer:/blocks/0/fields/0"),
    ({"type": "header", "text": mrkdwn("x")}, "must be a valid enum value: plain_text"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
    ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
    ({"type": "context", "elements": [button("a", "A")]}, "unsupported type: button"),
    (actions("a"), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    (actions("a", *(button(str(n), "A") for n in range(26))), "no more than 25 items allowed"),
    (actions("a", button("x", "A"), button("x", "B")), "`action_id` x already exists for block_id a"),
    (actions("a", {"type": "plain_text_input"}), "unsupported type: plain_text_input"),
    (without(_image(), "alt_text"), "missing required field: alt_text [json-pointer:/blocks/0]"),
    (_image(image_url="ftp://x"), "must be a valid image url"),
    (without(INPUT, "label"), "missing required field: label"),
    (question("q", "x" * 2001), "must be less than 2001 characters [json-pointer:/blocks/0/label/text]"),
    (question("q", "Q", hint=plain("x" * 2001)), "[json-pointer:/blocks/0/hint/text]"),
    (question("q", "Q", optional="yes"), "must provide a boolean [json-pointer:/blocks/0/optional]"),
    (question("q", "Q", button("a", "A")), "unsupported type: button"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    ({"type": "rich_text", "elements": [{"type": "rich_text_table"}]}, "unsupported type: rich_text_table"),
]
BAD_ELEMENTS: list[tuple[Json, str]] = [
    (button("a", "x" * 76), "must be less than 76 characters [json-pointer:/blocks/0/"),
    (button("a", "x", value="v" * 2001), "must be less than 2001 characters"),
    (button("a", "x", value=5), "must provide a string"),
    (button("a", "x", url="no url"), "must be a valid url"),
    (button("a", "x", url="https://" + "x" * 3000), "must be less than 3001 characters"),
    (button("a", "x", style="default"), "must be a valid enum value: primary, danger"),
    (button("x" * 256, "x"), "must be less than 256 characters"),
    (button("a", "x", confirm=without(CONFIRM, "deny")), "missing required field: deny"),
    (button("a", "x", confirm=CONFIRM | {"title": plain("x" * 101)}), "must be less than 101 characters"),
    (button("a", "x", confirm=CONFIRM | {"text": plain("x" * 301)}), "must be less than 301 characters"),
    (button("a", "x", confirm=CONFIRM | {"deny": plain("x" * 31)}), "must be less than 31 characters"),
    (element("overflow", options=SOME[:1]), "no fewer than 2 items allowed"),
    (element("overflow", options=[option(str(n)) for n in range(6)]), "no more than 5 items allowed"),
    (element("static_select"), "must define either `options` or `option_groups`"),
    (element("static_select", options=[]), "no fewer than 1 items allowed"),
    (element("static_select", options=[option(str(n)) for n in range(101)]), "no more than 100 items allowed"),
    (element("static_select", options=SOME, initial_option=option("Three")), "initial_option must match an option"),
    (element("static_select", options=[option("x" * 76)]), "must be less than 76 characters"),
    (element("static_select", options=[option("x", "v" * 151)]), "must be less than 151 characters"),
    (element("static_select", options=[option("A", "v"), option("B", "v")]), "options must have distinct values"),
    (element("static_select", options=SOME, placeholder=plain("x" * 151)), "must be less than 151 characters"),
    (element("static_select", options=SOME, option_groups=[]), "no fewer than 1 items allowed"),
    (element("checkboxes", options=[option(str(n)) for n in range(11)]), "no more than 10 items allowed"),
    (element("checkboxes", options=SOME, initial_options=[option("Three")]), "initial_options must match"),
    (element("radio_buttons", options=SOME, initial_options=SOME), "invalid additional property: initial_options"),
    (element("multi_static_select", options=SOME, max_selected_items=0), "must be greater than 0"),
    (element("datepicker", initial_date="2026-13-01"), "must be a valid date"),
    (element("external_select", options=SOME), "invalid additional property: options"),
    (element("conversations_select", filter={"include": ["everyone"]}), "must be a valid enum value"),
    (element("file_input"), "unsupported type: file_input"),
]
BAD_INPUTS: list[tuple[Json, str]] = [
    (element("plain_text_input", initial_value=""), "must be more than 0 characters"),
    (element("plain_text_input", max_length=3001), "must be less than 3001"),
    (element("plain_text_input", min_length=5, max_length=4), "min_length must not be greater than max_length"),
    (element("number_input"), "missing required field: is_decimal_allowed"),
    (element("number_input", is_decimal_allowed=True, min_value=1), "must provide a string"),
    (element("number_input", is_decimal_allowed=True, min_value="1,5"), "must be a valid number"),
    (element("number_input", is_decimal_allowed=True, min_value="2", max_value="1"), "must not be greater than"),
    (element("plain_text_input", multiline=1), "must provide a boolean"),
]


def refusal(check: Callable[[], object]) -> SlackError:
    with pytest.raises(SlackError) as caught:
        check()
    return caught.value


@pytest.mark.parametrize(("block", "message"), BAD_BLOCKS)
def test_bad_blocks(block: Json, message: str) -> None:
    error = refusal(lambda: check_blocks([block]))
    assert error.code == "invalid_blocks"
    assert message in error.messages[0]
    assert error.body()["response_metadata"]["messages"] == [f"[ERROR] {one}" for one in error.messages]


@pytest.mark.parametrize(("bad", "message"), BAD_ELEMENTS)
def test_bad_elements(bad: Json, message: str) -> None:
    assert message in refusal(lambda: check_blocks([actions("a", bad)])).reason
    assert message in refusal(lambda: check_blocks([section("a", "x", accessory=bad)])).reason


@pytest.mark.parametrize(("bad", "message"), BAD_INPUTS)
def test_bad_inputs(bad: Json, message: str) -> None:
    error = refusal(lambda: check_view(modal(question("q", "Q", bad)), "modal"))
    assert error.code == "invalid_arguments"
    assert error.messages[0] == "failed to match all allowed schemas [json-pointer:/view]"
    assert message in error.messages[1]


BAD_VIEWS: list[tuple[Json, str]] = [
    (modal(title="x" * 25), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(submit=plain("x" * 25)), "[json-pointer:/view/submit/text]"),
    (modal(close=plain("x" * 25)), "[json-pointer:/view/close/text]"),
    (modal(private_metadata="x" * 3001), "less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (modal(*({"type": "divider"} for _ in range(101))), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal() | {"blocks": []}, "no fewer than 1 items allowed [json-pointer:/view/blocks]"),
    (without(modal(), "submit"), "missing required field: submit"),
    (without(modal(), "title"), "missing required field: title [json-pointer:/view]"),
    (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    (
        modal(question("x", "A"), question("x", "B")),
        "`block_id` x already exists [json-pointer:/view/blocks/1/block_id",
    ),
    (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
    (
        modal(*(question(x, x, element("url_text_input", focus_on_load=True)) for x in "ab")),
        "only one element can have",
    ),
    (home(), "unsupported type: home [json-pointer:/view/type]"),
]


@pytest.mark.parametrize(("view", "message"), BAD_VIEWS)
def test_bad_views(view: Json, message: str) -> None:
    assert message in refusal(lambda: check_view(view, "modal")).reason


def test_a_home_has_no_submit_and_may_have_a_hundred_blocks() -> None:
    check_view(home(*({"type": "divider"} for _ in range(100))), "home")
    assert (
        "invalid additional property: submit"
        in refusal(lambda: check_view(home() | {"submit": plain("x")}, "home")).reason
    )


def test_a_view_has_a_total_size() -> None:
    big = [section(str(n), "x" * 3000) for n in range(90)]
    assert refusal(lambda: check_view(modal(*big), "modal")).code == "view_too_large"


def test_all_mistakes_are_told_at_once() -> None:
    error = refusal(lambda: check_blocks([{"type": "header"}, section("a", ""), {"type": "x"}]))
    assert error.messages == (
        "missing required field: text [json-pointer:/blocks/0]",
        "must be more than 0 characters [json-pointer:/blocks/1/text/text]",
        "unsupported type: x [json-pointer:/blocks/2/type]",
    )


_KEYS = ("type", "text", "blocks", "elements", "element", "options", "block_id", "action_id", "title", "accessory")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(ANY_JSON)
def test_whatever_comes_is_refused_with_a_slack_error_and_nothing_else(value: Any) -> None:
    for check in (check_blocks, lambda view: check_view(view, "modal"), lambda view: check_view(view, "home")):
        try:
            check(value)
        except SlackError:
            continue


@given(st.integers(1, 120))
def test_option_texts_end_at_75(length: int) -> None:
    select = element("static_select", options=[option("x" * length, "v")])
    try:
        check_blocks([actions("a", select)])
        assert length <= 75
    except SlackError:
        assert length > 75
