"""Option groups: the form's fields, the answers, Stripe's parameters and the words, all from one declaration."""

from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Invalid
from bot.links.options import GROUPS, paths
from bot.links.options.after_completion import AfterCompletion
from bot.links.options.answers import Answer
from bot.links.options.base import Ask, OptionGroup, Update
from bot.links.options.completed_sessions import CompletedSessions
from bot.links.options.fields import build, leaves, shown, values
from tests.links.strategies import any_text, groups, thorough

TYPE = "after_completion.type"
MESSAGE = "after_completion.hosted_confirmation.custom_message"
URL = "after_completion.redirect.url"
LIMIT = "restrictions.completed_sessions.limit"


def refused(key: str, answers: dict[str, Answer]) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        build(GROUPS[key], answers)
    return [(problem.where, problem.message) for problem in error.value.problems]


def test_the_menu() -> None:
    assert " ".join(GROUPS) == (
        "after_completion promotion_codes optional_items completed_sessions billing_address phone_number tax "
        "name_collection tax_id_collection customer_creation custom_fields shipping_address shipping_rates "
        "payment_methods payment subscription invoice submit_type consent connect managed_payments metadata"
    )
    for key, group in GROUPS.items():
        assert group.key == key
        assert 0 < len(group.title) <= 24
        assert 0 < len(group.description) <= 75
        assert {path.partition(".")[0] for path in group.cleared} == {
            name for name in group.model_fields if group.ours.get(name) is not True
        }


def test_fields_are_found_in_the_declaration() -> None:
    assert [(leaf.path, leaf.ask.widget, leaf.default) for leaf in leaves(AfterCompletion)] == [
        (TYPE, "choice", "hosted_confirmation"),
        (MESSAGE, "multiline", None),
        (URL, "url", None),
    ]
    assert [leaf.path for leaf in leaves(CompletedSessions)] == [LIMIT, "inactive_message"]
    assert leaves(GROUPS["promotion_codes"]) == []


def test_a_field_is_shown_while_the_other_has_its_value() -> None:
    kind, message, url = leaves(AfterCompletion)
    assert shown(kind, {})
    assert shown(message, {TYPE: "hosted_confirmation"})
    assert not shown(url, {TYPE: "hosted_confirmation"})


def test_what_is_not_shown_is_dropped() -> None:
    group = build(AfterCompletion, {TYPE: "redirect", URL: " https://example.com/ok ", MESSAGE: "left over"})
    assert group.to_stripe() == {
        "after_completion": {"type": "redirect", "redirect": {"url": "https://example.com/ok"}}
    }


@pytest.mark.parametrize(
    ("key", "answers", "where", "message"),
    [
        ("after_completion", {}, MESSAGE, "Message is needed."),
        ("after_completion", {MESSAGE: " \n "}, MESSAGE, "Message is needed."),
        ("after_completion", {MESSAGE: "x" * 501}, MESSAGE, "Use at most 500 characters; these are 501."),
        ("after_completion", {MESSAGE: 7}, MESSAGE, "Write a text."),
        ("after_completion", {TYPE: "teleport"}, TYPE, "Pick one of the choices."),
        ("after_completion", {TYPE: "redirect"}, URL, "Web address is needed."),
        (
            "after_completion",
            {TYPE: "redirect", URL: "http://localhost/x"},
            URL,
            "The web address must start with https://.",
        ),
        (
            "after_completion",
            {TYPE: "redirect", URL: "javascript:alert(1)"},
            URL,
            "Write a complete web address, like https://example.com/thanks.",
        ),
        (
            "after_completion",
            {TYPE: "redirect", URL: "https://[bad"},
            URL,
            "Write a complete web address, like https://example.com/thanks.",
        ),
        (
            "after_completion",
            {TYPE: "redirect", URL: "https://a b"},
            URL,
            "Write a complete web address, like https://example.com/thanks.",
        ),
        ("completed_sessions", {LIMIT: "0"}, LIMIT, "Write 1 or more."),
        ("completed_sessions", {LIMIT: "ten"}, LIMIT, "Write a whole number, like 100."),
        ("completed_sessions", {LIMIT: "１０"}, LIMIT, "Write a whole number, like 100."),
        (
            "completed_sessions",
            {"inactive_message": "x" * 501},
            "inactive_message",
            "Use at most 500 characters; these are 501.",
        ),
    ],
)
def test_a_refused_answer_says_why_at_its_field(key: str, answers: dict[str, Answer], where: str, message: str) -> None:
    assert refused(key, answers) == [(where, message)]


class Sample(OptionGroup):
    """Fields of the kinds that no group has yet."""

    key: ClassVar[str] = "sample"
    cleared: ClassVar[dict[str, Any]] = {"seats": "", "loud": False}
    seats: Annotated[int | None, Ask("Seats", "number", maximum=10)] = None
    loud: Annotated[bool, Ask("Loud", "switch")] = False

    def summary(self) -> str:
        return f"{self.seats} seats"


def test_numbers_have_an_upper_limit_and_switches_are_on_or_off() -> None:
    assert build(Sample, {"seats": "10", "loud": True}) == Sample(seats=10, loud=True)
    assert build(Sample, {}) == Sample(seats=None, loud=False)
    with pytest.raises(Invalid, match=r"Write 10 or less\."):
        build(Sample, {"seats": "11"})
    with pytest.raises(Invalid, match="Write a whole number"):
        build(Sample, {"seats": True})


def test_every_problem_is_said_at_once() -> None:
    wrong: dict[str, Answer] = {LIMIT: "-3", "inactive_message": "x" * 501}
    assert [where for where, _ in refused("completed_sessions", wrong)] == [LIMIT, "inactive_message"]


@pytest.mark.parametrize(
    ("key", "answers", "params", "summary"),
    [
        (
            "after_completion",
            {MESSAGE: "Thank you!\r\nSee you."},
            {
                "after_completion": {
                    "type": "hosted_confirmation",
                    "hosted_confirmation": {"custom_message": "Thank you!\nSee you."},
                }
            },
            "Shows: Thank you! See you.",
        ),
        (
            "after_completion",
            {TYPE: "redirect", URL: "https://a.example/{CHECKOUT_SESSION_ID}"},
            {"after_completion": {"type": "redirect", "redirect": {"url": "https://a.example/{CHECKOUT_SESSION_ID}"}}},
            "Goes to https://a.example/{CHECKOUT_SESSION_ID}",
        ),
        ("promotion_codes", {}, {"allow_promotion_codes": True}, "Customers can enter a promotion code"),
        (
            "completed_sessions",
            {LIMIT: "1", "inactive_message": "Sold out."},
            {"restrictions": {"completed_sessions": {"limit": 1}}, "inactive_message": "Sold out."},
            "Up to 1 payment, then: Sold out.",
        ),
        (
            "completed_sessions",
            {LIMIT: 2500},
            {"restrictions": {"completed_sessions": {"limit": 2500}}},
            "Up to 2,500 payments",
        ),
        ("completed_sessions", {"inactive_message": "Closed."}, {"inactive_message": "Closed."}, "When off: Closed."),
        (
            "billing_address",
            {},
            {"billing_address_collection": "required"},
            "Customers must give their billing address",
        ),
        ("phone_number", {}, {"phone_number_collection": {"enabled": True}}, "Customers must give their phone number"),
        ("tax", {}, {"automatic_tax": {"enabled": True}}, "Stripe works out the tax"),
    ],
)
def test_parameters_and_summary(key: str, answers: dict[str, Answer], params: dict[str, Any], summary: str) -> None:
    group = build(GROUPS[key], answers)
    assert group.to_stripe() == params
    assert group.summary() == summary


def test_unfinished_groups_have_a_summary_too() -> None:
    assert AfterCompletion().summary() == "Shows Stripe's confirmation page"
    unfinished = AfterCompletion.model_validate({"after_completion": {"type": "redirect"}})
    assert unfinished.summary() == "Goes to your website"


@pytest.mark.parametrize("key", GROUPS)
def test_a_link_without_the_option_reads_as_none(key: str) -> None:
    group = GROUPS[key]
    assert group.from_stripe({}) is None
    untouched: dict[str, Any] = {}
    for path, value in group.cleared.items():
        paths.put(untouched, path, None if isinstance(value, Update) else value)
    assert group.from_stripe(untouched) is None


@thorough
@given(st.sampled_from(list(GROUPS)).flatmap(groups))
def test_answers_build_the_group_they_came_from(group: OptionGroup) -> None:
    assert build(type(group), values(group)) == group
    assert type(group).from_stripe({**group.to_stripe(), "currency": "eur"}) == group
    assert "\n" not in group.summary()


@thorough
@given(
    st.sampled_from(list(GROUPS)),
    st.dictionaries(
        st.sampled_from([TYPE, MESSAGE, URL, LIMIT, "inactive_message", "no.such.field"]),
        any_text | st.integers() | st.booleans() | st.none() | st.sampled_from(["redirect", "hosted_confirmation"]),
    ),
)
def test_any_answers_build_a_group_or_are_refused_at_known_fields(key: str, answers: dict[str, Answer]) -> None:
    try:
        group = build(GROUPS[key], answers)
    except Invalid as error:
        wrong = {problem.where for problem in error.problems}
    else:
        wrong = set()
        assert build(GROUPS[key], values(group)) == group
    assert wrong <= {leaf.path for leaf in leaves(GROUPS[key])}
