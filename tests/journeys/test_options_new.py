"""Each group of options through both sandboxes: its form is refused, filled and accepted, and Stripe has it."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.harness import World
from tests.journeys.steps import Json, links, screen, submit, title, write_link
from tests.slack.limits import texts

ONE_TIME = "Poster 25 eur"
RECURRING = "Support 49.90 eur/month"
TICKED = ["Yes"]


@dataclass(frozen=True)
class Case:
    """`wrong` is answered first, step by step, and refused with `error`; `right` is then accepted."""

    option: str
    wrong: tuple[Json, ...]
    error: str
    right: tuple[Json, ...]
    summary: str
    stripe: Json
    line: str = ONE_TIME


CASES = [
    Case(
        "Customer's name",
        (),
        "Tick a name to ask for, or remove this option.",
        ({"Ask for the business's name": TICKED}, {"The business's name may be left empty": TICKED}),
        "Asks for the business's name (optional)",
        {
            "name_collection": {
                "individual": {"enabled": False, "optional": False},
                "business": {"enabled": True, "optional": True},
            }
        },
    ),
    Case(
        "Custom fields",
        (
            {"Field 1: kind": "Choice from a list"},
            {
                "Field 1: question": "Size",
                "Field 1: choices": "Small\nxl = Extra large",
                "Field 1: picked at first": "M",
            },
        ),
        "Write one of the choices, or leave it empty.",
        (
            {"Field 1: picked at first": "Extra large", "Field 2: kind": "Digits"},
            {"Field 2: question": "Badge", "Field 2: may be left empty": TICKED, "Field 2: most digits": "4"},
        ),
        "Asks for Size, Badge (optional)",
        {
            "custom_fields": [
                {
                    "key": "size",
                    "label": {"custom": "Size", "type": "custom"},
                    "type": "dropdown",
                    "optional": False,
                    "dropdown": {
                        "options": [{"label": "Small", "value": "small"}, {"label": "Extra large", "value": "xl"}],
                        "default_value": "xl",
                    },
                    "numeric": None,
                    "text": None,
                },
                {
                    "key": "badge",
                    "label": {"custom": "Badge", "type": "custom"},
                    "type": "numeric",
                    "optional": True,
                    "dropdown": None,
                    "numeric": {"default_value": None, "maximum_length": 4, "minimum_length": None},
                    "text": None,
                },
            ]
        },
    ),
    Case(
        "Tax ID",
        (),
        "",
        ({"Who must give one": "Businesses, where Stripe knows tax IDs"},),
        "Businesses must give their tax ID",
        {"tax_id_collection": {"enabled": True, "required": "if_supported"}},
    ),
    Case(
        "Shipping address",
        (),
        "Please complete this required field.",
        ({"Countries you ship to": ["Benelux", "Germany"]},),
        "Ships to Benelux and Germany",
        {"shipping_address_collection": {"allowed_countries": ["BE", "DE", "LU", "NL"]}},
    ),
    Case(
        "Payment methods",
        ({"Payment methods": ["iDEAL"], "Cards you don't take": ["American Express"]},),
        "Cards aren't among the payment methods: add Card, or empty this.",
        ({"Payment methods": ["iDEAL", "Card"]},),
        "Card, iDEAL; no American Express",
        {
            "payment_method_types": ["card", "ideal"],
            "payment_method_options": {"card": {"restrictions": {"brands_blocked": ["american_express"]}}},
        },
    ),
    Case(
        "Payment details",
        ({"On card statements, after your business's name": "*FAIR*"},),
        "Leave out < > \\ ' \" and *: banks don't take them.",
        (
            {
                "On card statements, after your business's name": "SPRING FAIR",
                "When the money is taken": "Later, by hand in Stripe",
                "Description": "Spring fair",
            },
        ),
        "Money taken by hand, “Spring fair”, statement: SPRING FAIR",
        {
            "payment_intent_data": {
                "capture_method": "manual",
                "description": "Spring fair",
                "setup_future_usage": None,
                "statement_descriptor": None,
                "statement_descriptor_suffix": "SPRING FAIR",
                "transfer_group": None,
            }
        },
    ),
    Case(
        "Subscription",
        ({"If there is no payment method when the trial ends": "The subscription pauses"},),
        "This is about the end of a trial: write its days, or pick Not set.",
        (
            {
                "Free trial, in days": "14",
                "Ask for a payment method": "Only when there is something to pay today",
                "Lines at the top of the invoice": "Purchase order = 4711",
            },
        ),
        "14 days free, payment method only when needed, without one: the subscription pauses",
        {
            "payment_method_collection": "if_required",
            "subscription_data": {
                "description": None,
                "invoice_settings": {
                    "account_tax_ids": None,
                    "custom_fields": [{"name": "Purchase order", "value": "4711"}],
                    "description": None,
                    "footer": None,
                    "issuer": {"type": "self"},
                },
                "trial_period_days": 14,
                "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
            },
        },
        RECURRING,
    ),
    Case(
        "Invoice",
        ({"Lines at the top of the invoice": "Purchase order"},),
        "Line 1: write it as name = value.",
        (
            {
                "Lines at the top of the invoice": None,
                "Note on the invoice": "Thank you.",
                "Amounts on the invoice": "Without tax",
                "Metadata of the invoice": "order = 7",
            },
        ),
        "Sends an invoice: Thank you.",
        {
            "invoice_creation": {
                "enabled": True,
                "invoice_data": {
                    "account_tax_ids": None,
                    "custom_fields": None,
                    "description": "Thank you.",
                    "footer": None,
                    "issuer": None,
                    "metadata": {"order": "7"},
                    "rendering_options": {"amount_tax_display": "exclude_tax"},
                },
            }
        },
    ),
    Case(
        "Button",
        ({"Button": "Subscribe"},),
        "Subscribe needs a recurring item: add one, or pick another word.",
        ({"Button": "Donate"},),
        "The button says Donate",
        {"submit_type": "donate"},
    ),
    Case(
        "Words and consent",
        (
            {"Terms of service": "Customers must agree before they pay"},
            {"Text at the shipping address": "No PO boxes."},
        ),
        "Nobody is asked for a shipping address: add that option, or empty this text.",
        ({"Text at the shipping address": None, "Text at the terms of service": "I agree to the terms."},),
        "Terms of service, “I agree to the terms.”",
        {
            "consent_collection": {
                "payment_method_reuse_agreement": None,
                "promotions": None,
                "terms_of_service": "required",
            },
            "custom_text": {
                "after_submit": None,
                "shipping_address": None,
                "submit": None,
                "terms_of_service_acceptance": {"message": "I agree to the terms."},
            },
        },
    ),
    Case(
        "Metadata",
        ({"Keys and values": "paylink_user = me"},),
        "paylink_user: keys that begin with paylink_ are Paylink's. Write another name.",
        ({"Keys and values": "campaign = spring\nregion = north"},),
        "campaign = spring, region = north",
        {"metadata": {"campaign": "spring", "region": "north"}},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.option)
async def test_a_group_is_refused_filled_and_accepted(town: World, case: Case) -> None:
    ada = await write_link(town, case.line)
    await ada.pick("Add an option…", case.option)
    await town.settle()
    assert title(ada) == case.option
    for answers in case.wrong:
        await ada.fill(answers)
        await town.settle()
    if case.error:
        assert list((await ada.submit()).values()) == [case.error]
    for answers in case.right:
        await ada.fill(answers)
        await town.settle()
    assert await submit(town, ada) == "New payment link"
    assert case.summary in texts(ada.modal)
    assert await submit(town, ada) == "Link ready", screen(ada)
    (link,) = links(town)
    assert without_ours({name: link[name] for name in case.stripe}) == case.stripe


async def test_saving_customers_is_there_or_not(town: World) -> None:
    ada = await write_link(town, ONE_TIME)
    await ada.pick("Add an option…", "Save customers")
    await town.settle()
    assert "Stripe keeps every customer" in texts(ada.modal)
    await submit(town, ada)
    assert links(town)[0]["customer_creation"] == "always"


async def test_an_option_that_does_not_fit_the_items_says_why(town: World) -> None:
    ada = await write_link(town, RECURRING)
    assert "For one-time payments only: remove the recurring items to use it." in texts(ada.modal)
    await ada.pick("Add an option…", "Payment details")
    await town.settle()
    assert title(ada) == "Payment details"
    assert "For one-time payments only: remove the recurring items to use it." in texts(ada.modal)
    await ada.close()
    assert await submit(town, ada) == "Link ready"


async def test_a_trial_is_in_the_total(town: World) -> None:
    ada = await write_link(town, RECURRING)
    await ada.pick("Add an option…", "Subscription")
    await town.settle()
    await ada.fill({"Free trial, in days": "14"})
    await submit(town, ada)
    assert "14 days free, then €49.90 every month" in texts(ada.modal)


async def test_what_only_stripe_knows_is_said_at_the_option(town: World) -> None:
    ada = await write_link(town, ONE_TIME)
    await ada.pick("Add an option…", "Payment methods")
    await town.settle()
    await ada.fill({"Payment methods": ["Card", "Swish"]})
    await submit(town, ada)
    assert await submit(town, ada) == "New payment link"
    assert "To do: Invalid payment method type `swish`" in texts(ada.modal)


def without_ours(value: Any) -> Any:
    """What stands in Stripe without the metadata that says whose link it is."""
    if not isinstance(value, dict):
        return value
    found = {name: without_ours(inner) for name, inner in value.items() if not name.startswith("paylink_")}
    return {name: inner for name, inner in found.items() if name != "metadata" or inner}
