"""The rules of the option groups: each broken one is said at its field, with what to do."""

import pytest

from bot.links.draft import LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.answers import Answer
from bot.links.options.base import ONE_TIME, RECURRING
from bot.links.options.consent import Consent
from bot.links.options.fields import build
from tests.links.test_options import refused

ONCE = LineItem(row="a", price=OneOffPrice(name="Coffee", unit_amount=300, currency="eur"))
MONTHLY = LineItem(
    row="b", price=OneOffPrice(name="Support", unit_amount=900, currency="eur", recurring=Recurring(interval="month"))
)
FIELD = "custom_fields.0"
TEXT: dict[str, Answer] = {f"{FIELD}.type": "text", f"{FIELD}.label.custom": "Size"}
NUMERIC: dict[str, Answer] = {**TEXT, f"{FIELD}.type": "numeric"}
DROPDOWN: dict[str, Answer] = {**TEXT, f"{FIELD}.type": "dropdown", f"{FIELD}.dropdown.options": "Small\nLarge"}
BRANDS = "payment_method_options.card.restrictions.brands_blocked"
PAYMENT = "payment_intent_data"
END = "subscription_data.trial_settings.end_behavior.missing_payment_method"
TERMS = "consent_collection.terms_of_service"
SHIPPING_TEXT = "custom_text.shipping_address.message"


def problems(key: str, answers: dict[str, Answer], item: LineItem = ONCE) -> list[tuple[str, str]]:
    """What stands against the group on a link with this item, below the group."""
    draft = LinkDraft(line_items=(item,)).with_option(build(GROUPS[key], answers))
    return [(one.where.removeprefix(f"options.{key}").lstrip("."), one.message) for one in draft.problems()]


@pytest.mark.parametrize(
    ("key", "answers", "where", "message"),
    [
        (
            "name_collection",
            {},
            "name_collection.individual.enabled",
            "Tick a name to ask for, or remove this option.",
        ),
        ("custom_fields", {}, f"{FIELD}.type", "Pick what customers answer with, or remove this option."),
        (
            "custom_fields",
            {**TEXT, f"{FIELD}.key": "t-shirt"},
            f"{FIELD}.key",
            "Use letters from A to Z and digits only.",
        ),
        (
            "custom_fields",
            {**TEXT, f"{FIELD}.text.minimum_length": 9, f"{FIELD}.text.maximum_length": 3},
            f"{FIELD}.text.minimum_length",
            "Write 3 or less: that is the most allowed.",
        ),
        (
            "custom_fields",
            {**TEXT, f"{FIELD}.text.maximum_length": 3, f"{FIELD}.text.default_value": "Large"},
            f"{FIELD}.text.default_value",
            "Write 1 to 3 characters, or leave it empty.",
        ),
        (
            "custom_fields",
            {**NUMERIC, f"{FIELD}.numeric.default_value": "１２"},
            f"{FIELD}.numeric.default_value",
            "Write digits only, or leave it empty.",
        ),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.default_value": "Huge"},
            f"{FIELD}.dropdown.default_value",
            "Write one of the choices, or leave it empty.",
        ),
        (
            "payment_methods",
            {},
            "payment_method_types",
            "Pick payment methods or cards to refuse, or remove this option.",
        ),
        (
            "payment_methods",
            {"payment_method_types": ("ideal",), BRANDS: ("visa",)},
            BRANDS,
            "Cards aren't among the payment methods: add Card, or empty this.",
        ),
        (
            "payment_methods",
            {BRANDS: ("visa", "mastercard", "american_express", "discover_global_network")},
            BRANDS,
            "These are all cards there are. Leave at least one, or pick other payment methods.",
        ),
        ("payment", {}, f"{PAYMENT}.description", "Fill in one of these, or remove this option."),
        (
            "payment",
            {f"{PAYMENT}.statement_descriptor_suffix": "50% *off*"},
            f"{PAYMENT}.statement_descriptor_suffix",
            "Leave out < > \\ ' \" and *: banks don't take them.",
        ),
        (
            "payment",
            {f"{PAYMENT}.statement_descriptor_suffix": "2026"},
            f"{PAYMENT}.statement_descriptor_suffix",
            "Use Latin letters, at least one, and digits.",
        ),
        (
            "payment",
            {f"{PAYMENT}.statement_descriptor": "Fair"},
            f"{PAYMENT}.statement_descriptor",
            "Write 5 to 22 characters.",
        ),
        (
            "submit_type",
            {"submit_type": "subscribe"},
            "submit_type",
            "Subscribe needs a recurring item: add one, or pick another word.",
        ),
        ("consent", {}, TERMS, "Pick or write something here, or remove this option."),
        (
            "consent",
            {SHIPPING_TEXT: "No PO boxes."},
            SHIPPING_TEXT,
            "Nobody is asked for a shipping address: add that option, or empty this text.",
        ),
        (
            "metadata",
            {"metadata": "paylink_team = T2"},
            "metadata",
            "paylink_team: keys that begin with paylink_ are Paylink's. Write another name.",
        ),
    ],
)
def test_a_broken_rule_is_said_at_its_field(key: str, answers: dict[str, Answer], where: str, message: str) -> None:
    assert problems(key, answers) == [(where, message)]


@pytest.mark.parametrize(
    ("key", "answers", "where", "message"),
    [
        (
            "subscription",
            {},
            "subscription_data.trial_period_days",
            "Write a number of days, fill in another field, or remove this option.",
        ),
        (
            "subscription",
            {END: "cancel"},
            END,
            "This is about the end of a trial: write its days, or pick Not set.",
        ),
        (
            "submit_type",
            {"submit_type": "donate"},
            "submit_type",
            "The link starts a subscription: pick Subscribe, or remove this option.",
        ),
        ("payment", {f"{PAYMENT}.description": "Fair"}, "", f"{ONE_TIME} Or remove this option."),
        ("invoice", {}, "", f"{ONE_TIME} Or remove this option."),
        (
            "customer_creation",
            {},
            "",
            "Subscriptions always save customers: remove the recurring items to use it. Or remove this option.",
        ),
    ],
)
def test_rules_on_a_link_that_recurs(key: str, answers: dict[str, Answer], where: str, message: str) -> None:
    assert problems(key, answers, MONTHLY) == [(where, message)]


def test_a_trial_needs_a_recurring_item() -> None:
    assert problems("subscription", {"subscription_data.trial_period_days": 14}) == [
        ("", f"{RECURRING} Or remove this option.")
    ]
    assert problems("subscription", {"subscription_data.trial_period_days": 14}, MONTHLY) == []


def test_nothing_stands_against_a_group_before_there_are_items() -> None:
    for group in GROUPS.values():
        assert group.why_not(LinkDraft()) is None


def test_reasons_fit_into_the_menu() -> None:
    for item in (ONCE, MONTHLY):
        for group in GROUPS.values():
            assert len(group.why_not(LinkDraft(line_items=(item,))) or "") <= 75


def test_a_text_at_terms_that_nobody_is_asked_for() -> None:
    """A live link can have it: the form doesn't let it be written."""
    text = {"custom_text": {"terms_of_service_acceptance": {"message": "I agree."}}}
    draft = LinkDraft(line_items=(ONCE,)).with_option(Consent.model_validate(text))
    assert [(problem.where, problem.message) for problem in draft.problems()] == [
        (f"options.consent.{TERMS}", "There is a text at the terms of service: let customers agree to them.")
    ]


def test_the_button_waits_for_the_items() -> None:
    button = build(GROUPS["submit_type"], {"submit_type": "subscribe"})
    assert list(button.problems(LinkDraft())) == []


def test_two_fields_of_one_key() -> None:
    field = {"type": "text", "key": "size", "label.custom": "Size"}
    twice: dict[str, Answer] = {f"custom_fields.{at}.{name}": value for at in (0, 1) for name, value in field.items()}
    assert problems("custom_fields", twice) == [
        ("custom_fields.1.key", "Another field has the key size. Write a different one.")
    ]


@pytest.mark.parametrize(
    ("key", "answers", "where", "message"),
    [
        ("custom_fields", {f"{FIELD}.type": "text"}, f"{FIELD}.label.custom", "Field 1: question is needed."),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.options": "Small\nx! = Large"},
            f"{FIELD}.dropdown.options",
            "Line 2: before the =, use letters from A to Z and digits only.",
        ),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.options": "a = Small\na = Large"},
            f"{FIELD}.dropdown.options",
            "Line 2: a is there twice; write each value once.",
        ),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.options": "\n".join(f"Size {size}" for size in range(201))},
            f"{FIELD}.dropdown.options",
            "Write at most 200 lines; these are 201.",
        ),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.options": "small ="},
            f"{FIELD}.dropdown.options",
            "Line 1: write what the customer sees after the =.",
        ),
        (
            "custom_fields",
            {**DROPDOWN, f"{FIELD}.dropdown.options": "x" * 101},
            f"{FIELD}.dropdown.options",
            "Line 1: use at most 100 characters.",
        ),
        (
            "shipping_address",
            {},
            "shipping_address_collection.allowed_countries",
            "Countries you ship to is needed.",
        ),
        (
            "shipping_address",
            {"shipping_address_collection.allowed_countries": ("DE", "KP")},
            "shipping_address_collection.allowed_countries",
            "Pick from the list.",
        ),
        ("payment_methods", {"payment_method_types": ("cash",)}, "payment_method_types", "Pick from the list."),
        ("payment_methods", {"payment_method_types": "card"}, "payment_method_types", "Pick from the list."),
        ("metadata", {"metadata": "campaign"}, "metadata", "Line 1: write it as key = value."),
        ("metadata", {"metadata": "a = 1\na = 2"}, "metadata", "a is there twice: write each key once."),
        ("metadata", {"metadata": "a[b] = 1"}, "metadata", "a[b]: leave out the brackets."),
        (
            "metadata",
            {"metadata": f"{'k' * 41} = 1"},
            "metadata",
            "Line 1: use at most 40 characters before the = and 500 after it.",
        ),
        (
            "metadata",
            {"metadata": "\n".join(f"key{at} = 1" for at in range(41))},
            "metadata",
            "Write at most 40 lines; these are 41.",
        ),
        (
            "subscription",
            {"subscription_data.trial_period_days": "731"},
            "subscription_data.trial_period_days",
            "Write 730 or less.",
        ),
    ],
)
def test_a_refused_answer_says_why(key: str, answers: dict[str, Answer], where: str, message: str) -> None:
    assert refused(key, answers) == [(where, message)]
