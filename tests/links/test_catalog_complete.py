"""Every parameter that Stripe's SDK knows for creating and updating products and prices is sent, or excluded with a
reason."""

from collections.abc import Mapping
from typing import Any

import pytest
from stripe.params import _price_create_params as price_create
from stripe.params import _price_update_params as price_update
from stripe.params import _product_create_params as product_create
from stripe.params import _product_update_params as product_update

from bot.links import new_price, products
from bot.links.new_price import NewPrice
from bot.links.options.answers import Answer
from bot.links.options.fields import build
from bot.links.price_edit import PriceEdit
from bot.links.products import Product
from tests.links.test_complete import keys
from tests.typed_params import parameters

ELSEWHERE = {"active", "expand"}
"""Archived and restored by a button; how Stripe answers."""

PRODUCT = Product(
    name="Mug",
    description="Blue",
    images=("https://example.com/a.png",),
    metadata={"a": "1"},
    shippable="yes",
    statement_descriptor="MUG",
    tax_code="txcd_10000000",
    unit_label="mug",
    url="https://example.com/mug",
)
COMMON: dict[str, Answer] = {
    "currency": "eur",
    "billing": "month:3",
    "tax_behavior": "inclusive",
    "nickname": "Note",
    "lookup_key": "key",
    "transfer_lookup_key": True,
    "metadata": "a = 1",
}
ANSWERS: dict[str, dict[str, Answer]] = {
    "flat": {"unit_amount": "10", "currency_options": "usd = 11"},
    "package": {"package_amount": "10", "transform_quantity.divide_by": 5},
    "tiered": {
        "tiers": "5 = 2 + 3 flat\n9 = 0.001 + 0.001 flat\nrest = 1",
        "currency_options": "usd = 3; 2 + 3; 0.001 + 0.001",
    },
    "custom": {
        "billing": "once",
        "custom_unit_amount.minimum": "5",
        "custom_unit_amount.maximum": "50",
        "custom_unit_amount.preset": "9",
        "currency_options": "usd = 6 to 60, 9",
    },
}


def price(kind: str) -> NewPrice:
    return build(NewPrice, {"kind": kind, **COMMON, **ANSWERS[kind]})


def fine() -> NewPrice:
    """Less than a cent, in two currencies."""
    return build(NewPrice, {**COMMON, "unit_amount": "0.001", "currency_options": "usd = 0.002"})


def plain(paths: set[str]) -> set[str]:
    """Without the free keys of maps: currencies and metadata."""
    without = {path.replace("currency_options.usd", "currency_options") for path in paths}
    return {path for path in without if not path.startswith("metadata.")}


def known(params: Any, module: Any) -> set[str]:
    """Parameters by path; the entries of a map of currencies stand under the map."""
    found = dict(parameters(params, module))
    if "currency_options" in found:
        nested = getattr(module, f"{params.__name__}CurrencyOptions")
        found |= dict(parameters(nested, module, "currency_options."))
    return set(found)


SENT = {
    "product": set(keys(PRODUCT.to_stripe())) | set(keys(PRODUCT.changes(Product(name="Cup")))),
    "price": {path for made in (*map(price, ANSWERS), fine()) for path in keys(made.to_stripe("prod_1"))},
}
CHANGED = PriceEdit(
    nickname="New",
    lookup_key="new",
    transfer_lookup_key=True,
    tax_behavior="exclusive",
    metadata={"b": "2"},
    currency_options="usd = 1\nchf = 0.001",
)


def edits() -> set[str]:
    made = {"currency": "eur", "unit_amount": 100, "unit_amount_decimal": "100", "tax_behavior": "unspecified"}
    return {path.replace("currency_options.chf", "currency_options") for path in keys(CHANGED.changes(made))}


def missing(all_of: set[str], sent: set[str], excluded: Mapping[str, str]) -> set[str]:
    left = all_of - plain(sent) - ELSEWHERE
    return {path for path in left if not any(path == one or path.startswith(f"{one}.") for one in excluded)}


@pytest.mark.parametrize(
    ("params", "module", "of"),
    [
        (product_create.ProductCreateParams, product_create, "product"),
        (product_update.ProductUpdateParams, product_update, "product"),
        (price_create.PriceCreateParams, price_create, "price"),
    ],
)
def test_every_parameter_is_sent_or_excluded(params: Any, module: Any, of: str) -> None:
    excluded = products.EXCLUDED if of == "product" else new_price.EXCLUDED
    assert missing(known(params, module), SENT[of], excluded) == set()


def test_every_parameter_of_a_change_of_a_price_is_sent_or_excluded() -> None:
    amounts = {
        "currency_options.custom_unit_amount": "Stripe takes these when the price is made.",
        "currency_options.tiers": "Stripe takes these when the price is made.",
    }
    assert missing(known(price_update.PriceUpdateParams, price_update), edits(), amounts) == set()


def test_nothing_is_sent_or_excluded_that_stripe_does_not_know() -> None:
    product = known(product_create.ProductCreateParams, product_create)
    product |= known(product_update.ProductUpdateParams, product_update)
    prices = known(price_create.PriceCreateParams, price_create)
    assert plain(SENT["product"]) | products.EXCLUDED.keys() <= product
    assert plain(SENT["price"]) | new_price.EXCLUDED.keys() <= prices
    assert plain(edits()) <= known(price_update.PriceUpdateParams, price_update)
    assert all(reason.endswith(".") for reason in (*products.EXCLUDED.values(), *new_price.EXCLUDED.values()))
