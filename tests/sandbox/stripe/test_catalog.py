"""Products, prices, shipping rates, coupons and promotion codes."""

from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from tests.sandbox.stripe.api import Raw
from tests.sandbox.stripe.conftest import NOW


async def test_products_and_prices_have_stripes_shape(sdk: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    product = await sdk.v1.products.create_async({"name": "Mug", "metadata": {"a": "1"}})
    price = await sdk.v1.prices.create_async(
        {"product": product.id, "currency": "EUR", "unit_amount": 1250, "recurring": {"interval": "month"}}
    )
    assert price.to_dict() == {
        "id": price.id,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": NOW,
        "currency": "eur",
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product.id,
        "recurring": {
            "interval": "month",
            "interval_count": 1,
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring",
        "unit_amount": 1250,
        "unit_amount_decimal": price.unit_amount_decimal,
    }
    assert [event["type"] for event in sandbox.events.values()] == ["product.created", "price.created"]


async def test_metadata_merges_and_empty_values_remove(sdk: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    product = await sdk.v1.products.create_async({"name": "Mug", "metadata": {"a": "1", "b": "2"}})
    product = await sdk.v1.products.update_async(product.id, {"metadata": {"a": "", "c": "3"}, "description": "Blue"})
    assert product.metadata.to_dict() == {"b": "2", "c": "3"}
    (event,) = [event for event in sandbox.events.values() if event["type"] == "product.updated"]
    assert event["data"]["previous_attributes"]["metadata"] == {"a": "1", "c": None}
    product = await sdk.v1.products.update_async(product.id, {"metadata": "", "description": ""})
    assert product.metadata.to_dict() == {}
    assert product.description is None


async def test_an_update_that_changes_nothing_makes_no_event(sdk: stripe.StripeClient, sandbox: StripeSandbox) -> None:
    product = await sdk.v1.products.create_async({"name": "Mug"})
    await sdk.v1.products.update_async(product.id, {"name": "Mug"})
    assert [event["type"] for event in sandbox.events.values()] == ["product.created"]


async def test_a_product_can_bring_its_price_or_nothing_at_all(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    product = await raw.made(
        "/v1/products", {"name": "Mug", "default_price_data": {"currency": "usd", "unit_amount": 900}}
    )
    assert sandbox.account.tables["price"][product["default_price"]]["product"] == product["id"]
    await raw.refused("/v1/products", {"name": "Cup", "default_price_data": {"currency": "usd"}})
    assert [item["name"] for item in sandbox.account.tables["product"].values()] == ["Mug"]
    assert len(sandbox.events) == 2


async def test_lookup_keys_are_unique_and_can_be_moved(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    raw = Raw(sandbox)
    price = {"currency": "usd", "unit_amount": 100, "product_data": {"name": "Mug"}, "lookup_key": "mug"}
    first = await raw.made("/v1/prices", price)
    await raw.refused("/v1/prices", price)
    second = await raw.made("/v1/prices", {**price, "transfer_lookup_key": True})
    found = await sdk.v1.prices.list_async({"lookup_keys": ["mug"]})
    assert [item.id for item in found.data] == [second["id"]]
    assert sandbox.account.tables["price"][first["id"]]["lookup_key"] is None


async def test_tiers_and_currencies_are_shown_when_expanded(sdk: stripe.StripeClient) -> None:
    price = await sdk.v1.prices.create_async(
        {
            "product_data": {"name": "Seats"},
            "currency": "usd",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": 5, "unit_amount": 1000}, {"up_to": "inf", "unit_amount": 800, "flat_amount": 100}],
            "recurring": {"interval": "year"},
            "expand": ["tiers"],
        }
    )
    assert price.tiers is not None
    assert [(tier.up_to, tier.unit_amount, tier.flat_amount) for tier in price.tiers] == [
        (5, 1000, None),
        (None, 800, 100),
    ]
    plain = await sdk.v1.prices.retrieve_async(price.id)
    assert "tiers" not in plain
    many = await sdk.v1.prices.create_async(
        {
            "product_data": {"name": "Mug"},
            "currency": "usd",
            "unit_amount": 1000,
            "currency_options": {"jpy": {"unit_amount": 1500}},
            "expand": ["currency_options"],
        }
    )
    options = many.to_dict()["currency_options"]
    assert {currency: option["unit_amount"] for currency, option in options.items()} == {"usd": 1000, "jpy": 1500}


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "unit_amount"),
        ({"unit_amount": 1, "custom_unit_amount": {"enabled": True}}, "unit_amount"),
        ({"unit_amount": 100_000_000}, "unit_amount"),
        ({"unit_amount": 150, "currency": "isk"}, "unit_amount"),
        ({"unit_amount": 150, "currency": "ugx"}, "unit_amount"),
        ({"unit_amount": 1005, "currency": "bhd"}, "unit_amount"),
        ({"tiers": [{"up_to": "inf", "unit_amount": 1}]}, "tiers_mode"),
        ({"tiers": [{"up_to": 5, "unit_amount": 1}], "tiers_mode": "volume"}, "tiers[0]"),
        (
            {
                "tiers": [
                    {"up_to": 5, "unit_amount": 1},
                    {"up_to": 5, "unit_amount": 1},
                    {"up_to": "inf", "unit_amount": 1},
                ],
                "tiers_mode": "volume",
            },
            "tiers[1][up_to]",
        ),
        ({"custom_unit_amount": {"enabled": True, "minimum": 10}}, "custom_unit_amount[minimum]"),
        (
            {"custom_unit_amount": {"enabled": True, "minimum": 500, "maximum": 400}},
            "custom_unit_amount[maximum]",
        ),
        ({"custom_unit_amount": {"enabled": True, "maximum": 900, "preset": 1000}}, "custom_unit_amount[preset]"),
        ({"custom_unit_amount": {"enabled": True}, "recurring": {"interval": "month"}}, "recurring"),
        (
            {"unit_amount": 1, "recurring": {"interval": "month", "interval_count": 37}},
            "recurring[interval_count]",
        ),
        ({"unit_amount": 1, "product": "prod_x"}, "product"),
    ],
)
async def test_prices_that_stripe_refuses(sandbox: StripeSandbox, params: dict[str, Any], param: str) -> None:
    base: dict[str, Any] = {"currency": "usd"} | ({} if "product" in params else {"product_data": {"name": "X"}})
    error = await Raw(sandbox).refused("/v1/prices", {**base, **params})
    assert error["param"] == param
    assert not sandbox.events


async def test_prices_are_filtered(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    sandbox.seed_catalog(12)
    prices = sandbox.account.tables["price"].values()
    listed = await sdk.v1.prices.list_async({"limit": 100, "currency": "eur", "type": "recurring"})
    expected = {item["id"] for item in prices if item["currency"] == "eur" and item["type"] == "recurring"}
    assert {item.id for item in listed.data} == expected
    assert expected
    monthly = await sdk.v1.prices.list_async({"recurring": {"interval": "month"}, "created": {"gte": NOW}})
    assert {price.recurring and price.recurring.interval for price in monthly.data} == {"month"}
    assert not (await sdk.v1.prices.list_async({"created": {"lt": NOW}})).data


async def test_promotion_codes(sdk: stripe.StripeClient) -> None:
    coupon = await sdk.v1.coupons.create_async({"percent_off": 20, "duration": "once"})
    code = await sdk.v1.promotion_codes.create_async(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "SPRING"}
    )
    found = await sdk.v1.promotion_codes.list_async({"code": "spring", "active": True})
    assert [item.id for item in found.data] == [code.id]
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        await sdk.v1.promotion_codes.create_async(
            {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "Spring"}
        )
    await sdk.v1.promotion_codes.update_async(code.id, {"active": False})
    assert not (await sdk.v1.promotion_codes.list_async({"active": True})).data
    await sdk.v1.coupons.delete_async(coupon.id)
    with pytest.raises(stripe.InvalidRequestError):
        await sdk.v1.coupons.retrieve_async(coupon.id)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({}, "percent_off"),
        ({"percent_off": 101}, "percent_off"),
        ({"amount_off": 100}, "currency"),
        ({"percent_off": 5, "duration": "repeating"}, "duration_in_months"),
        ({"percent_off": 5, "redeem_by": NOW}, "redeem_by"),
        ({"percent_off": 5, "redeem_by": NOW + 6 * 365 * 86_400}, "redeem_by"),
        ({"percent_off": 5, "currency_options": {"usd": {"amount_off": 5}}}, "currency_options"),
        ({"percent_off": 5, "applies_to": {"products": ["prod_x"]}}, "applies_to[products][0]"),
    ],
)
async def test_coupons_that_stripe_refuses(sandbox: StripeSandbox, params: dict[str, Any], param: str) -> None:
    assert (await Raw(sandbox).refused("/v1/coupons", params))["param"] == param


async def test_promotion_codes_that_stripe_refuses(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    until = NOW + 3600
    coupon = await raw.made("/v1/coupons", {"percent_off": 5, "redeem_by": until, "max_redemptions": 3})
    base: dict[str, Any] = {"promotion": {"type": "coupon", "coupon": coupon["id"]}}
    twice = {"minimum_amount": 5, "minimum_amount_currency": "usd", "currency_options": {"usd": {"minimum_amount": 5}}}
    for params, param in (
        ({"code": "TEN %"}, "code"),
        ({"expires_at": until + 1}, "expires_at"),
        ({"max_redemptions": 4}, "max_redemptions"),
        ({"restrictions": {"minimum_amount": 5}}, "restrictions"),
        ({"restrictions": twice}, "restrictions[currency_options]"),
    ):
        assert (await raw.refused("/v1/promotion_codes", {**base, **params}))["param"] == param
    code = await raw.made("/v1/promotion_codes", {**base, "active": False})
    await raw.request("DELETE", f"/v1/coupons/{coupon['id']}")
    assert (await raw.refused(f"/v1/promotion_codes/{code['id']}", {"active": True}))["param"] == "active"
