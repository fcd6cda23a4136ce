"""`view.state.values`: shapes, what an update keeps, what Slack's client checks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack import SlackError
from bot.sandbox.slack.blocks.answers import REQUIRED, mistakes
from bot.sandbox.slack.blocks.state import enter, initial_values
from tests.sandbox.slack.samples import Json, actions, button, option, question, section

SOME = [option("One"), option("Two")]
EMPTY_STATES: list[tuple[Json, Json]] = [
    ({"type": "plain_text_input"}, {"value": None}),
    ({"type": "number_input", "is_decimal_allowed": True}, {"value": None}),
    ({"type": "static_select", "options": SOME}, {"selected_option": None}),
    ({"type": "static_select", "options": SOME, "initial_option": SOME[0]}, {"selected_option": SOME[0]}),
    ({"type": "external_select"}, {"selected_option": None}),
    ({"type": "multi_external_select"}, {"selected_options": []}),
    ({"type": "checkboxes", "options": SOME, "initial_options": SOME}, {"selected_options": SOME}),
    ({"type": "radio_buttons", "options": SOME}, {"selected_option": None}),
    ({"type": "users_select"}, {"selected_user": None}),
    ({"type": "multi_users_select"}, {"selected_users": []}),
    ({"type": "channels_select"}, {"selected_channel": None}),
    ({"type": "conversations_select"}, {"selected_conversation": None}),
    ({"type": "conversations_select", "default_to_current_conversation": True}, {"selected_conversation": "C1"}),
    (
        {"type": "multi_conversations_select", "default_to_current_conversation": True},
        {"selected_conversations": ["C1"]},
    ),
    ({"type": "datepicker", "initial_date": "2026-11-23"}, {"selected_date": "2026-11-23"}),
    ({"type": "timepicker"}, {"selected_time": None}),
    ({"type": "datetimepicker"}, {"selected_date_time": None}),
]


@pytest.mark.parametrize(("element", "state"), EMPTY_STATES)
def test_first_states(element: Json, state: Json) -> None:
    values = initial_values([question("b", "Label", element)], {}, "C1")
    assert values == {"b": {"value": {"type": element["type"], **state}}}


def test_sections_and_actions_have_states_and_buttons_have_none() -> None:
    select = {"type": "static_select", "action_id": "s", "options": SOME}
    blocks = [section("a", "x", select), actions("b", button("x", "X"), select), section("c", "x", button("y", "Y"))]
    state = {"type": "static_select", "selected_option": None}
    assert initial_values(blocks, {}, None) == {"a": {"s": state}, "b": {"s": state}}


def text_input(block_id: str, initial: str | None) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": "v"}
    return question(block_id, "Label", element | ({"initial_value": initial} if initial else {}))


ids = st.sampled_from("abcd")
texts = st.text(min_size=1, max_size=4)


@given(before=st.dictionaries(ids, texts), after=st.dictionaries(ids, texts), typed=st.dictionaries(ids, texts))
def test_the_same_ids_keep_the_old_input_and_new_ones_begin_afresh(
    before: dict[str, str], after: dict[str, str], typed: dict[str, str]
) -> None:
    blocks = [text_input(block_id, text) for block_id, text in before.items()]
    given_state = {block_id: {"v": {"type": "plain_text_input", "value": text}} for block_id, text in typed.items()}
    values = enter(blocks, initial_values(blocks, {}, None), given_state)
    updated = initial_values([text_input(block_id, text) for block_id, text in after.items()], values, None)
    assert {block_id: state["v"]["value"] for block_id, state in updated.items()} == {
        block_id: typed.get(block_id, before[block_id]) if block_id in before else text
        for block_id, text in after.items()
    }


def test_a_changed_kind_of_input_and_a_choice_no_longer_offered_begin_afresh() -> None:
    select = question("b", "B", {"type": "static_select", "options": SOME, "initial_option": SOME[0]})
    values = initial_values([select], {}, None)
    other = question("b", "B", {"type": "static_select", "options": [option("Three")]})
    assert initial_values([other], values, None)["b"]["value"]["selected_option"] is None
    assert initial_values([question("b", "B")], values, None)["b"]["value"]["value"] is None


@pytest.mark.parametrize(
    ("element", "state"),
    [
        ({"type": "plain_text_input"}, {"type": "plain_text_input", "value": 5}),
        ({"type": "plain_text_input"}, {"type": "number_input", "value": "5"}),
        ({"type": "static_select", "options": SOME}, {"type": "static_select", "selected_option": option("Three")}),
        ({"type": "checkboxes", "options": SOME}, {"type": "checkboxes", "selected_options": SOME[0]}),
        ({"type": "plain_text_input"}, "text"),
    ],
)
def test_a_state_of_a_wrong_shape_is_refused(element: Json, state: Any) -> None:
    blocks = [question("b", "B", element)]
    with pytest.raises(SlackError, match="invalid_state"):
        enter(blocks, initial_values(blocks, {}, None), {"b": {"value": state}})


def test_an_empty_text_is_none_and_unknown_inputs_are_left_out() -> None:
    blocks = [text_input("b", "x")]
    entered = enter(blocks, initial_values(blocks, {}, None), {"b": {"v": {"value": ""}}, "gone": {"v": {}}})
    assert entered == {"b": {"v": {"type": "plain_text_input", "value": None}}}


def number(**more: Any) -> Json:
    return {"type": "number_input", "is_decimal_allowed": False, **more}


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ({"type": "plain_text_input"}, None, REQUIRED),
        ({"type": "plain_text_input"}, "x", None),
        ({"type": "plain_text_input", "min_length": 3}, "ab", "Please enter at least 3 characters."),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "Please enter no more than 3 characters."),
        (number(), "5", None),
        (number(), "five", "Please enter a valid number."),
        (number(), "NaN", "Please enter a valid number."),
        (number(), "5.5", "Please enter a whole number."),
        (number(min_value="1"), "0", "Please enter a number that is at least 1."),
        (number(max_value="20"), "21", "Please enter a number that is at most 20."),
        ({"type": "number_input", "is_decimal_allowed": True}, "5.5", None),
        ({"type": "email_text_input"}, "ada@example", "Please enter a valid email address."),
        ({"type": "email_text_input"}, "ada@example.com", None),
        ({"type": "url_text_input"}, "example.com", "Please enter a valid URL."),
        ({"type": "url_text_input"}, "https://example.com", None),
    ],
)
def test_what_slacks_client_checks(element: Json, value: str | None, error: str | None) -> None:
    blocks = [question("b", "B", element)]
    values = {"b": {"value": {"type": element["type"], "value": value}}}
    assert mistakes(blocks, values) == ({"b": error} if error else {})
    if value is None:
        assert mistakes([question("b", "B", element, optional=True)], values) == {}


def test_no_more_than_so_many_may_be_chosen() -> None:
    element = {"type": "multi_static_select", "options": SOME, "max_selected_items": 1}
    values: Any = {"b": {"value": {"type": "multi_static_select", "selected_options": SOME}}}
    assert mistakes([question("b", "B", element)], values) == {"b": "Please select at most 1 items."}
