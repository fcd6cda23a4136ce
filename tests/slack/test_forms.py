import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.errors import Invalid, Problem, Unreadable
from bot.links.draft import LinkDraft
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.base import Ask, OptionGroup
from bot.links.options.countries import COUNTRIES
from bot.links.options.fields import Leaf, build, leaves, values
from bot.links.options.lines import Words
from bot.slack.ids import Action
from bot.slack.ui import forms
from bot.slack.ui.option_fields import draw_field, in_plain_words, read_field
from tests.links.strategies import groups, thorough
from tests.slack.limits import Json, accepted, texts
from tests.slack.samples import AFTER_PAYMENT, DRAFT, opened
from tests.slack.states import picked, state_of, ticked, typed

FORMS = [group for group in GROUPS.values() if leaves(group)]
AFTER = GROUPS["after_completion"]
FIELDS = GROUPS["custom_fields"]
CAPTURE = "payment_intent_data.capture_method"


def draw(
    group_type: type[OptionGroup],
    group: OptionGroup | None = None,
    answers: dict[str, Answer] | None = None,
    base: LinkDraft | None = None,
) -> Json:
    draft = DRAFT.with_option(group) if group else DRAFT
    return accepted(forms.form_view(opened(draft, base), group_type, answers, locale="en_US"))


def asked(view: Json) -> list[str]:
    """The paths of the fields in the form."""
    return [str(block["block_id"]).removeprefix("field:") for block in view["blocks"] if block["type"] == "input"]


@pytest.mark.parametrize("group_type", FORMS, ids=lambda group: group.key)
def test_an_empty_form(group_type: type[OptionGroup], snapshot: SnapshotAssertion) -> None:
    view = draw(group_type)
    for block in view["blocks"]:
        if "option_groups" in block.get("element", {}):
            block["element"]["option_groups"] = [group["label"]["text"] for group in block["element"]["option_groups"]]
    assert view == snapshot


@thorough
@given(st.sampled_from([group.key for group in FORMS]).flatmap(groups))
def test_a_group_goes_through_its_form_unchanged(group: OptionGroup) -> None:
    kind = type(group)
    known = forms.current(opened(DRAFT.with_option(group)), kind)
    answers = forms.parse(kind, state_of(draw(kind, group)), known)
    assert build(kind, known | answers, group) == group


def test_a_pick_brings_its_own_fields() -> None:
    view = draw(AFTER)
    assert asked(view) == ["after_completion.type", "after_completion.hosted_confirmation.custom_message"]
    answers = forms.parse(AFTER, state_of(view, deciding_field=picked("redirect")))
    assert asked(draw(AFTER, answers=answers)) == ["after_completion.type", "after_completion.redirect.url"]


def test_an_entry_of_a_list_brings_its_fields_and_room_for_the_next() -> None:
    assert asked(draw(FIELDS)) == ["custom_fields.0.type"]
    one = [name for name in asked(draw(FIELDS, answers={"custom_fields.0.type": "dropdown"})) if ".0." in name]
    assert [name.removeprefix("custom_fields.0.") for name in one] == [
        "type",
        "label.custom",
        "key",
        "optional",
        "dropdown.options",
        "dropdown.default_value",
    ]
    several: dict[str, Answer] = {f"custom_fields.{place}.type": "text" for place in range(3)}
    assert len(asked(draw(FIELDS, answers=several))) == 3 * 7


def test_an_entry_taken_back_leaves_the_others() -> None:
    answers: dict[str, Answer] = {f"custom_fields.{place}.type": "text" for place in range(3)}
    answers |= {f"custom_fields.{place}.label.custom": f"Question {place}" for place in range(3)}
    answers["custom_fields.1.type"] = None
    assert [name for name in asked(draw(FIELDS, answers=answers)) if ".1." in name] == ["custom_fields.1.type"]
    assert build(FIELDS, answers).summary() == "Asks for Question 0, Question 2"


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
    assert forms.errors([Problem("one.0.deeper", "Odd.")], ["one", "two"]) == {"field:one": "Odd."}


def test_a_problem_of_a_form_without_fields_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        forms.errors([Problem("elsewhere", "Odd.")], [])


def test_each_widget_is_drawn_and_read() -> None:
    several = {"type": "multi_static_select", "selected_options": [{"value": "a"}, {"value": "b"}]}
    asked: dict[str, tuple[Ask, Answer, Json, Answer]] = {
        "text": (Ask("Text", "text", max_length=10), "words", typed("words"), "words"),
        "multiline": (Ask("Text", "multiline"), "a\nb", typed("a\nb"), "a\nb"),
        "lines": (Ask("Text", "lines", lines=Words(3)), "a\nb", typed("a\nb"), "a\nb"),
        "url": (Ask("Address", "url"), None, typed(None), None),
        "number": (Ask("Number", "number", minimum=1, maximum=5), 3, typed("3"), "3"),
        "choice": (Ask("Choice", "choice", choices={"a": "A", "b": "B"}), "b", picked("b"), "b"),
        "choices": (Ask("Choices", "choices", choices={"a": "A", "b": "B"}), ("b",), several, ("a", "b")),
        "switch": (Ask("Switch", "switch"), True, ticked(yes=True), True),
        "decimal": (Ask("Percent", "decimal", places=2), "12.5", typed("12,5"), "12,5"),
        "amount": (Ask("Amount", "amount", currency_at="currency"), "12.50", typed("12.50"), "12.50"),
        "currency": (Ask("Currency", "currency"), "eur", picked("eur"), "eur"),
        "moment": (Ask("Until", "moment"), 1_800_000_000, {"selected_date_time": 1_800_000_060}, 1_800_000_060),
        "objects": (Ask("Products", "objects", kind="product"), ("a", "b"), several, ("a", "b")),
    }
    for ask, value, state, answer in asked.values():
        block = draw_field(Leaf("path", ask, str), value, dispatch=False, locale="en_US")
        accepted({"type": "modal", "title": block["label"], "submit": block["label"], "blocks": [block]})
        assert read_field(ask, state) == answer


def test_objects_that_were_picked_are_shown_by_their_names() -> None:
    leaf = Leaf("path", Ask("Products", "objects", kind="product"), str)
    block = draw_field(leaf, ("prod_1", "prod_2"), dispatch=False, locale="en_US", names={"prod_1": "Tea"})
    assert [option["text"]["text"] for option in block["element"]["initial_options"]] == ["Tea", "prod_2"]


def test_an_unanswered_choice_and_an_unticked_switch() -> None:
    assert read_field(Ask("Choice", "choice"), {"selected_option": None}) is None
    assert read_field(Ask("Choice", "choice"), picked("-")) is None
    assert read_field(Ask("Currency", "currency"), {"selected_option": None}) is None
    assert read_field(Ask("Until", "moment"), {"selected_date_time": None}) is None
    assert read_field(Ask("Choices", "choices"), {"selected_options": []}) is None
    assert read_field(Ask("Switch", "switch"), ticked(yes=False)) is False


def test_the_form_starts_with_what_the_group_has() -> None:
    assert forms.current(opened(DRAFT.with_option(AFTER_PAYMENT)), AFTER) == values(AFTER_PAYMENT)
    assert forms.current(opened(), AFTER)["after_completion.type"] == "hosted_confirmation"
    assert draw(AFTER)["submit"]["text"] == "Add"
    assert draw(AFTER, AFTER_PAYMENT)["submit"]["text"] == "Change"


def test_what_takes_a_new_link_says_so_on_a_live_one() -> None:
    group = build(GROUPS["payment"], {CAPTURE: "manual", "payment_intent_data.description": "Fair"})
    live = draw(type(group), group, base=DRAFT)
    assert CAPTURE in asked(live)
    assert texts(live).count("Changing this on a live link takes a new link") == 1
    assert "takes a new link" not in texts(draw(type(group), group))
    known = values(group)
    assert build(type(group), known | forms.parse(type(group), state_of(live)), group) == group


def test_a_text_that_slack_has_to_cut_is_kept_whole_while_nobody_changes_it() -> None:
    footer = "invoice_creation.invoice_data.footer"
    group = build(GROUPS["invoice"], {footer: "x" * 4000})
    known, state = values(group), state_of(draw(type(group), group))
    assert forms.parse(type(group), state, known)[footer] == "x" * 4000
    state[f"field:{footer}"] = {"field": typed("y" * 3000)}
    assert forms.parse(type(group), state, known)[footer] == "y" * 3000


def test_answers_in_plain_words() -> None:
    assert in_plain_words(Ask("Text", "text"), None) == "not set"
    assert in_plain_words(Ask("Switch", "switch"), True) == "yes"
    assert in_plain_words(Ask("Switch", "switch"), False) == "no"
    assert in_plain_words(Ask("Choices", "choices", choices={"a": "A"}), ("a", "new")) == "A, new"
    assert in_plain_words(Ask("Countries", "countries"), ("DE",)) == "Germany"
    assert in_plain_words(Ask("Currency", "currency"), "eur") == "EUR"
    assert in_plain_words(Ask("Until", "moment"), 1_800_000_000) == "2027-01-15 08:00 UTC"


@pytest.mark.parametrize("locale", ["en_US", "de-DE", "ja_JP", "xx"])
def test_countries_are_named_in_the_readers_language(locale: str) -> None:
    group = build(GROUPS["shipping_address"], {"shipping_address_collection.allowed_countries": ("DE", "US")})
    view = accepted(forms.form_view(opened(DRAFT.with_option(group)), type(group), locale=locale))
    known = {"en_US": "Germany", "de-DE": "Deutschland", "ja_JP": "ドイツ", "xx": "Germany"}
    assert known[locale] in texts(view["blocks"][-1]["element"]["initial_options"])


def test_more_countries_than_slack_can_show_as_picked_stand_as_one() -> None:
    most = COUNTRIES[::2] + COUNTRIES[1:20:2]
    group = build(GROUPS["shipping_address"], {"shipping_address_collection.allowed_countries": most})
    view = draw(type(group), group)
    (one,) = view["blocks"][-1]["element"]["initial_options"]
    assert one["text"]["text"] == f"The {len(most)} countries picked so far"
    assert build(type(group), forms.parse(type(group), state_of(view))) == group
