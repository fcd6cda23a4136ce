"""Stripe's prices, read: plain amounts as amounts, all others in words."""

from decimal import Decimal
from typing import Any

import pytest

from bot.links.draft import CatalogPrice, LineItem, OneOffPrice, Recurring
from bot.links.prices import catalog_price, in_words, line_item_price

BASE: dict[str, Any] = {
    "id": "price_1",
    "object": "price",
    "active": True,
    "billing_scheme": "per_unit",
    "currency": "usd",
    "custom_unit_amount": None,
    "nickname": None,
    "product": {"id": "prod_1", "name": "T-shirt", "active": True},
    "recurring": None,
    "tiers_mode": None,
    "transform_quantity": None,
    "unit_amount": 1000,
    "unit_amount_decimal": "1000",
}
TIERED = {"billing_scheme": "tiered", "tiers_mode": "graduated", "unit_amount": None, "unit_amount_decimal": None}
CUSTOM = {"unit_amount": None, "unit_amount_decimal": None}
SEAT = {"product": {"id": "prod_1", "name": "Seat", "unit_label": "seat"}}
MONTHLY = {"interval": "month", "interval_count": 1, "usage_type": "licensed"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "$10.00"),
        ({"recurring": MONTHLY}, "$10.00 every month"),
        ({"recurring": {**MONTHLY, "interval": "week", "interval_count": 2}}, "$10.00 every 2 weeks"),
        ({"recurring": {**MONTHLY, "usage_type": "metered"}}, "$10.00 per unit used every month"),
        ({"transform_quantity": {"divide_by": 5, "round": "up"}}, "$10.00 per 5"),
        ({**SEAT, "transform_quantity": {"divide_by": 5, "round": "up"}}, "$10.00 per 5 seats"),
        ({**SEAT, "transform_quantity": {"divide_by": 1000, "round": "down"}}, "$10.00 per 1,000 seats"),
        ({"unit_amount": None, "unit_amount_decimal": "0.25"}, "0.0025 USD"),
        ({"currency": "jpy"}, "¥1,000"),
        ({**CUSTOM, "custom_unit_amount": {"minimum": 500, "maximum": 50000}}, "customer chooses, $5–$500"),
        ({**CUSTOM, "custom_unit_amount": {"minimum": 500, "maximum": None}}, "customer chooses, from $5"),
        ({**CUSTOM, "custom_unit_amount": {"maximum": 500}}, "customer chooses, up to $5"),
        ({**CUSTOM, "custom_unit_amount": {"minimum": 550}}, "customer chooses, from $5.50"),
        ({**CUSTOM, "custom_unit_amount": {"preset": 500}}, "customer chooses"),
        ({**TIERED, "tiers": [{"unit_amount": 900}, {"unit_amount": 800}]}, "from $8.00, graduated"),
        ({**TIERED, "tiers": [{"unit_amount_decimal": "12.5"}]}, "from 0.125 USD, graduated"),
        ({**TIERED, "tiers": [{"unit_amount": 0, "flat_amount": 900}, {"unit_amount": 800}]}, "from $8.00, graduated"),
        ({**TIERED, "tiers": [{"flat_amount": 900}, {"flat_amount": 1900}]}, "from $9.00 in all, graduated"),
        ({**TIERED, "tiers": [{"unit_amount": 0}, {"unit_amount": 100}]}, "from $0.00, graduated"),
        (TIERED, "graduated tiers"),
    ],
)
def test_a_price_in_words(changes: dict[str, Any], words: str) -> None:
    assert in_words(catalog_price({**BASE, **changes})) == words


def test_a_plain_price() -> None:
    assert catalog_price({**BASE, "recurring": MONTHLY}) == CatalogPrice(
        price="price_1",
        product_name="T-shirt",
        currency="usd",
        unit_amount_decimal=Decimal(1000),
        recurring=Recurring(interval="month"),
    )


def test_a_price_whose_amount_is_not_known_has_none() -> None:
    price = CatalogPrice(price="price_1", product_name="Mug", currency="usd", recurring=Recurring(interval="month"))
    assert in_words(price) == "as set in Stripe every month"
    assert LineItem(price=price).amount is None


def test_customer_chooses_is_marked() -> None:
    price = catalog_price({**BASE, **CUSTOM, "custom_unit_amount": {"preset": 500}})
    assert price.customer_chooses
    assert price.unit_amount_decimal is None


@pytest.mark.parametrize(
    ("changes", "given", "name"),
    [
        ({}, None, "T-shirt"),
        ({"product": "prod_1"}, {"name": "Shirt"}, "Shirt"),
        ({"product": "prod_1", "nickname": "Standard"}, None, "Standard"),
        ({"product": {"id": "prod_1", "deleted": True}}, None, "price_1"),
    ],
)
def test_the_products_name_where_it_is_known(changes: dict[str, Any], given: dict[str, Any] | None, name: str) -> None:
    assert catalog_price({**BASE, **changes}, given).product_name == name


@pytest.mark.parametrize("changes", [{"active": False}, {"product": {"name": "T-shirt", "active": False}}])
def test_a_price_outside_the_catalog_is_one_off(changes: dict[str, Any]) -> None:
    assert line_item_price({**BASE, **changes}, "usd") == OneOffPrice(name="T-shirt", unit_amount=1000, currency="usd")


def test_a_price_that_cannot_be_typed_stays_a_catalog_price() -> None:
    for changes in (TIERED, {"unit_amount": None, "unit_amount_decimal": "0.25"}):
        assert line_item_price({**BASE, **changes, "active": False}, "usd").kind == "catalog"


def test_a_one_off_price_in_the_readers_locale() -> None:
    price = OneOffPrice(name="Club", unit_amount=4990, currency="eur", recurring=Recurring(interval="month"))
    assert in_words(price, "de-DE") == "49,90\u00a0€ every month"


def test_amounts_in_words_are_in_the_readers_locale() -> None:
    chosen = {**CUSTOM, "currency": "eur", "custom_unit_amount": {"minimum": 500, "maximum": 1250}}
    tiers = {**TIERED, "currency": "eur", "tiers": [{"unit_amount": 900}]}
    assert in_words(catalog_price({**BASE, **chosen}), "de-DE") == "customer chooses, 5\u00a0€–12,50\u00a0€"
    assert in_words(catalog_price({**BASE, **tiers}), "de-DE") == "from 9,00\u00a0€, graduated"
