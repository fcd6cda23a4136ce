"""What Stripe refuses about a payment link, the sandbox refuses at the same parameter."""

from typing import Any

import pytest

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw


def item(**changes: Any) -> JSON:
    return {**ONE_OFF, **changes}


def priced(**changes: Any) -> JSON:
    return {"price_data": {**ONE_OFF["price_data"], **changes}, "quantity": 1}


def field(**changes: Any) -> JSON:
    return {"key": "k", "label": {"type": "custom", "custom": "Label"}, "type": "text", **changes}


def dropdown(*values: str, **more: Any) -> JSON:
    options = [{"label": value, "value": value} for value in values]
    return field(type="dropdown", dropdown={"options": options, **more})


REDIRECT = {"type": "redirect", "redirect": {"url": "https://acme.example/"}}
YEARLY = priced(recurring={"interval": "year"})

REFUSED: list[tuple[list[JSON], JSON, str]] = [
    ([ONE_OFF] * 21, {}, "line_items"),
    ([ONE_OFF, priced(currency="eur")], {}, "line_items[1][price]"),
    ([MONTHLY, YEARLY], {}, "line_items"),
    ([item(quantity=0)], {}, "line_items[0][quantity]"),
    ([item(quantity=1_000_000)], {}, "line_items[0][quantity]"),
    ([{**ONE_OFF, "price": "price_x"}], {}, "line_items[0][price]"),
    ([{"quantity": 1}], {}, "line_items[0][price]"),
    ([priced(unit_amount=-5)], {}, "line_items[0][price_data][unit_amount]"),
    ([priced(unit_amount=100_000_000)], {}, "line_items[0][price_data][unit_amount]"),
    ([priced(currency="isk", unit_amount=150)], {}, "line_items[0][price_data][unit_amount]"),
    ([priced(product_data={"name": ""})], {}, "line_items[0][price_data][product_data][name]"),
    ([priced(product="prod_x")], {}, "line_items[0][price_data][product]"),
    (
        [item(adjustable_quantity={"enabled": True, "minimum": 5, "maximum": 4}, quantity=4)],
        {},
        "line_items[0][adjustable_quantity][minimum]",
    ),
    ([item(adjustable_quantity={"enabled": True, "maximum": 5}, quantity=6)], {}, "line_items[0][quantity]"),
    ([item(adjustable_quantity={"enabled": True}, quantity=100)], {}, "line_items[0][quantity]"),
    (
        [item(adjustable_quantity={"enabled": True, "maximum": 1_000_000})],
        {},
        "line_items[0][adjustable_quantity][maximum]",
    ),
    ([item(adjustable_quantity={"enabled": False, "maximum": 5})], {}, "line_items[0][adjustable_quantity]"),
    ([ONE_OFF], {"subscription_data": {"trial_period_days": 7}}, "subscription_data"),
    ([ONE_OFF], {"payment_method_collection": "if_required"}, "payment_method_collection"),
    ([ONE_OFF], {"submit_type": "subscribe"}, "submit_type"),
    ([MONTHLY], {"submit_type": "donate"}, "submit_type"),
    ([MONTHLY], {"customer_creation": "always"}, "customer_creation"),
    ([MONTHLY], {"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
    ([MONTHLY], {"invoice_creation": {"enabled": True}}, "invoice_creation"),
    (
        [MONTHLY],
        {"subscription_data": {"trial_period_days": 0}},
        "subscription_data[trial_period_days]",
    ),
    (
        [MONTHLY],
        {"subscription_data": {"trial_settings": {"end_behavior": {"missing_payment_method": "pause"}}}},
        "subscription_data[trial_settings]",
    ),
    ([ONE_OFF], {"after_completion": {"type": "redirect"}}, "after_completion[redirect]"),
    (
        [ONE_OFF],
        {"after_completion": {**REDIRECT, "type": "hosted_confirmation"}},
        "after_completion[redirect]",
    ),
    (
        [ONE_OFF],
        {"after_completion": {**REDIRECT, "hosted_confirmation": {"custom_message": "x"}}},
        "after_completion[hosted_confirmation]",
    ),
    (
        [ONE_OFF],
        {"after_completion": {"type": "redirect", "redirect": {"url": "javascript:alert(1)"}}},
        "after_completion[redirect][url]",
    ),
    (
        [ONE_OFF],
        {"after_completion": {"type": "hosted_confirmation", "hosted_confirmation": {"custom_message": "x" * 501}}},
        "after_completion[hosted_confirmation][custom_message]",
    ),
    ([ONE_OFF], {"inactive_message": "x" * 501}, "inactive_message"),
    ([ONE_OFF], {"restrictions": {"completed_sessions": {"limit": 0}}}, "restrictions[completed_sessions][limit]"),
    ([ONE_OFF], {"shipping_options": [{"shipping_rate": "shr_x"}]}, "shipping_options"),
    ([ONE_OFF], {"custom_text": {"submit": {"message": "x" * 1201}}}, "custom_text[submit][message]"),
    ([ONE_OFF], {"custom_text": {"shipping_address": {"message": "x"}}}, "custom_text[shipping_address]"),
    (
        [ONE_OFF],
        {"custom_text": {"terms_of_service_acceptance": {"message": "x"}}},
        "custom_text[terms_of_service_acceptance]",
    ),
    ([ONE_OFF], {"custom_fields": [field(key=f"k{n}") for n in range(4)]}, "custom_fields"),
    ([ONE_OFF], {"custom_fields": [field(), field()]}, "custom_fields[1][key]"),
    ([ONE_OFF], {"custom_fields": [field(key="not ok")]}, "custom_fields[0][key]"),
    (
        [ONE_OFF],
        {"custom_fields": [field(label={"type": "custom", "custom": "x" * 101})]},
        "custom_fields[0][label][custom]",
    ),
    ([ONE_OFF], {"custom_fields": [field(type="dropdown")]}, "custom_fields[0][dropdown]"),
    ([ONE_OFF], {"custom_fields": [field(numeric={"maximum_length": 3})]}, "custom_fields[0][numeric]"),
    (
        [ONE_OFF],
        {"custom_fields": [dropdown("a", "a")]},
        "custom_fields[0][dropdown][options][1][value]",
    ),
    (
        [ONE_OFF],
        {"custom_fields": [dropdown("a", default_value="b")]},
        "custom_fields[0][dropdown][default_value]",
    ),
    (
        [ONE_OFF],
        {"custom_fields": [field(text={"minimum_length": 5, "maximum_length": 4})]},
        "custom_fields[0][text][minimum_length]",
    ),
    (
        [ONE_OFF],
        {"custom_fields": [field(type="numeric", numeric={"default_value": "abc"})]},
        "custom_fields[0][numeric][default_value]",
    ),
    ([ONE_OFF], {"application_fee_amount": 100}, "application_fee_amount"),
    ([ONE_OFF], {"application_fee_percent": 5}, "application_fee_percent"),
    ([MONTHLY], {"application_fee_amount": 100}, "application_fee_amount"),
    ([MONTHLY], {"application_fee_percent": "1.234"}, "application_fee_percent"),
    ([ONE_OFF], {"on_behalf_of": "acct_x"}, "on_behalf_of"),
    ([ONE_OFF], {"transfer_data": {"destination": "acct_x"}}, "transfer_data[destination]"),
    (
        [ONE_OFF],
        {"automatic_tax": {"enabled": True, "liability": {"type": "account"}}},
        "automatic_tax[liability][account]",
    ),
    ([ONE_OFF], {"payment_method_types": ["ideal"]}, "payment_method_types[0]"),
    ([ONE_OFF], {"payment_method_types": ["card", "card"]}, "payment_method_types"),
    (
        [ONE_OFF],
        {"shipping_address_collection": {"allowed_countries": ["XX"]}},
        "shipping_address_collection[allowed_countries][0]",
    ),
    ([ONE_OFF], {"tax_id_collection": {"enabled": False, "required": "if_supported"}}, "tax_id_collection[required]"),
    (
        [ONE_OFF],
        {"payment_intent_data": {"statement_descriptor": "12345"}},
        "payment_intent_data[statement_descriptor]",
    ),
    (
        [ONE_OFF],
        {"payment_intent_data": {"statement_descriptor_suffix": "Чай tea"}},
        "payment_intent_data[statement_descriptor_suffix]",
    ),
    ([ONE_OFF], {"optional_items": [{"price": "price_x", "quantity": 1}]}, "optional_items[0][price]"),
]


@pytest.mark.parametrize(("items", "options", "param"), REFUSED, ids=[f"{n}-{row[2]}" for n, row in enumerate(REFUSED)])
async def test_refused(sandbox: StripeSandbox, items: list[JSON], options: JSON, param: str) -> None:
    error = await Raw(sandbox).refused("/v1/payment_links", {"line_items": items, **options})
    assert error["param"] == param
    assert not sandbox.payment_links


@pytest.mark.parametrize(
    ("amount", "currency", "accepted"),
    [
        (49, "usd", False),
        (50, "usd", True),
        (0, "usd", True),
        (29, "gbp", False),
        (30, "gbp", True),
        (49, "jpy", False),
        (50, "jpy", True),
        (174_00, "huf", False),
        (500, "isk", True),
        (5_000_000_000, "idr", True),
    ],
)
async def test_the_smallest_charge(sandbox: StripeSandbox, amount: int, currency: str, accepted: bool) -> None:
    params = {"line_items": [priced(unit_amount=amount, currency=currency)]}
    status, body = await Raw(sandbox).request("POST", "/v1/payment_links", params)
    assert status == (200 if accepted else 400)
    assert accepted or body["error"]["code"] == "amount_too_small"


async def test_a_customer_chosen_amount_stands_alone(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    price = await raw.made(
        "/v1/prices",
        {"currency": "usd", "custom_unit_amount": {"enabled": True}, "product_data": {"name": "Donation"}},
    )
    chosen = {"price": price["id"], "quantity": 1}
    for items, options, param in (
        ([chosen, ONE_OFF], {}, "line_items"),
        ([{**chosen, "quantity": 2}], {}, "line_items[0][quantity]"),
        ([{**chosen, "adjustable_quantity": {"enabled": True}}], {}, "line_items[0][adjustable_quantity]"),
        ([chosen], {"allow_promotion_codes": True}, "allow_promotion_codes"),
    ):
        error = await raw.refused("/v1/payment_links", {"line_items": items, **options})
        assert error["param"] == param
    await raw.link(chosen)


async def test_prices_and_products_must_be_active(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    price = await raw.made("/v1/prices", {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}})
    product = price["product"]
    row = {"price": price["id"], "quantity": 1}
    await raw.made(f"/v1/products/{product}", {"active": False})
    error = await raw.refused("/v1/payment_links", {"line_items": [row]})
    assert (error["code"], error["param"]) == ("product_inactive", "line_items[0][price]")
    await raw.made(f"/v1/products/{product}", {"active": True})
    await raw.made(f"/v1/prices/{price['id']}", {"active": False})
    error = await raw.refused("/v1/payment_links", {"line_items": [row]})
    assert (error["code"], error["param"]) == ("price_inactive", "line_items[0][price]")


async def test_rules_between_options_hold_for_updates_too(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    rate = await raw.made(
        "/v1/shipping_rates", {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}
    )
    link = await raw.link(
        ONE_OFF,
        shipping_address_collection={"allowed_countries": ["US"]},
        shipping_options=[{"shipping_rate": rate["id"]}],
    )
    path = f"/v1/payment_links/{link['id']}"
    error = await raw.refused(path, {"shipping_address_collection": ""})
    assert error["param"] == "shipping_options"
    both = await raw.made(path, {"shipping_address_collection": "", "shipping_options": ""})
    assert (both["shipping_address_collection"], both["shipping_options"]) == (None, [])
    error = await raw.refused(path, {"subscription_data": {"trial_period_days": 3}})
    assert error["param"] == "subscription_data"


async def test_terms_need_an_address_in_the_dashboard(sandbox: StripeSandbox) -> None:
    sandbox.account.terms_of_service_url = None
    params = {"line_items": [ONE_OFF], "consent_collection": {"terms_of_service": "required"}}
    error = await Raw(sandbox).refused("/v1/payment_links", params)
    assert error["param"] == "consent_collection[terms_of_service]"


async def test_at_most_twenty_items_together_with_optional_ones(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    price = await raw.made("/v1/prices", {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}})
    optional = [{"price": price["id"], "quantity": 1}]
    error = await raw.refused("/v1/payment_links", {"line_items": [ONE_OFF] * 20, "optional_items": optional})
    assert error["param"] == "optional_items"
    await raw.link(*[ONE_OFF] * 19, optional_items=optional)
    monthly = await raw.made(
        "/v1/prices",
        {
            "currency": "usd",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Plan"},
        },
    )
    recurring = [{"price": monthly["id"], "quantity": 1}]
    error = await raw.refused("/v1/payment_links", {"line_items": [ONE_OFF], "optional_items": recurring})
    assert error["param"] == "optional_items"
    await raw.link(MONTHLY, optional_items=recurring)
