import pytest
from syrupy.assertion import SnapshotAssertion

from bot.errors import Invalid, Problem
from bot.links.options import GROUPS
from bot.links.options.base import Ask, OptionGroup
from bot.links.options.fields import Leaf, build, leaves, values
from bot.slack.ids import Action
from bot.slack.ui import forms
from tests.slack.limits import Json, accepted
from tests.slack.samples import AFTER_PAYMENT
from tests.slack.states import picked, state_of, ticked, typed

FORMS = [group for group in GROUPS.values() if leaves(group)]
AFTER = GROUPS["after_completion"]
LIMIT = GROUPS["completed_sessions"]


def draw(group_type: type[OptionGroup], group: OptionGroup | None = None) -> Json:
    answers = forms.current(group_type, group)
    return accepted(forms.form_view("d1", group_type, answers, adding=group is None))


@pytest.mark.parametrize("group_type", FORMS, ids=lambda group: group.key)
def test_an_empty_form(group_type: type[OptionGroup], snapshot: SnapshotAssertion) -> None:
    assert draw(group_type) == snapshot


def test_a_group_goes_through_its_form_unchanged() -> None:
    limited = build(LIMIT, {"restrictions.completed_sessions.limit": 3, "inactive_message": "Sold out"})
    for group in (AFTER_PAYMENT, limited):
        view = draw(type(group), group)
        assert build(type(group), forms.parse(type(group), state_of(view))) == group


def test_a_pick_brings_its_own_fields() -> None:
    view = draw(AFTER)
    blocks = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert blocks == ["field:after_completion.type", "field:after_completion.hosted_confirmation.custom_message"]
    answers = forms.parse(AFTER, state_of(view, deciding_field=picked("redirect")))
    redrawn = accepted(forms.form_view("d1", AFTER, answers, adding=True))
    blocks = [block["block_id"] for block in redrawn["blocks"] if "block_id" in block]
    assert blocks == ["field:after_completion.type", "field:after_completion.redirect.url"]


def test_only_fields_that_decide_are_sent_at_once() -> None:
    dispatching = {
        block["element"]["action_id"]: block["dispatch_action"]
        for block in draw(AFTER)["blocks"]
        if block["type"] == "input"
    }
    assert dispatching == {Action.DECIDING_FIELD: True, Action.FIELD: False}


def test_a_mistake_stands_at_its_field() -> None:
    view = draw(AFTER, AFTER_PAYMENT)
    answers = forms.parse(AFTER, state_of(view, field=typed("http://example.com")))
    with pytest.raises(Invalid) as refused:
        build(AFTER, answers)
    found = forms.errors(refused.value.problems, answers)
    assert found == {"field:after_completion.redirect.url": "The web address must start with https://."}


def test_a_problem_about_no_field_stands_at_the_last() -> None:
    found = forms.errors([Problem("elsewhere", "Odd."), Problem("elsewhere", "Odder.")], ["one", "two"])
    assert found == {"field:two": "Odd."}


def test_each_widget_is_drawn_and_read() -> None:
    asked = {
        "text": (Ask("Text", "text", max_length=10), "words", typed("words"), "words"),
        "multiline": (Ask("Text", "multiline"), "a\nb", typed("a\nb"), "a\nb"),
        "url": (Ask("Address", "url"), None, typed(None), None),
        "number": (Ask("Number", "number", minimum=1, maximum=5), 3, typed("3"), "3"),
        "choice": (Ask("Choice", "choice", choices={"a": "A", "b": "B"}), "b", picked("b"), "b"),
        "switch": (Ask("Switch", "switch"), True, ticked(yes=True), True),
    }
    for ask, value, state, answer in asked.values():
        block = forms.draw_field(Leaf("path", ask, str), value, dispatch=False)
        accepted({"type": "modal", "title": block["label"], "submit": block["label"], "blocks": [block]})
        assert forms.read_field(ask, state) == answer


def test_an_unanswered_choice_and_an_unticked_switch() -> None:
    assert forms.read_field(Ask("Choice", "choice"), {"selected_option": None}) is None
    assert forms.read_field(Ask("Switch", "switch"), ticked(yes=False)) is False


def test_the_form_starts_with_what_the_group_has() -> None:
    assert forms.current(AFTER, AFTER_PAYMENT) == values(AFTER_PAYMENT)
    assert forms.current(AFTER, None)["after_completion.type"] == "hosted_confirmation"
