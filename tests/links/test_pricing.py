"""What so many cost, by the same rules as the sandbox's Stripe charges."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.draft import CatalogPrice, LineItem, LinkDraft, Recurring
from bot.links.prices import catalog_price
from bot.links.pricing import Chosen, Package, Tier, Tiered
from bot.links.totals import totals_in_words
from bot.sandbox.stripe import pricing as stripe
from bot.sandbox.stripe.state import Account
from bot.slack.ui.money import item_in_words
from tests.links.words import thorough

MONTH = Recurring(interval="month")
SEATS = Tiered(
    mode="graduated",
    tiers=(Tier(up_to=10, unit_amount=Decimal(900)), Tier(unit_amount=Decimal(500), flat_amount=Decimal(2000))),
)
amounts = st.none() | st.integers(0, 100_000).map(Decimal) | st.decimals(0, 10_000, places=4)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    bounds = sorted(draw(st.sets(st.integers(1, 500), max_size=19)))
    return tuple(Tier(up_to=bound, unit_amount=draw(amounts), flat_amount=draw(amounts)) for bound in (*bounds, None))


def charged(price: dict[str, Any], extras: dict[str, Any], quantity: int) -> int:
    """What the sandbox's Stripe charges."""
    option = {"custom_unit_amount": None, "unit_amount_decimal": None, **extras}
    account = Account(id="acct_1", name="Acme", secret_key="sk_test_1")
    account.price_extras["price_1"] = {"currency_options": {"usd": option}}
    return stripe.subtotal(account, {"id": "price_1", **price}, "usd", quantity)


def item(price: dict[str, Any], quantity: int) -> LineItem:
    return LineItem(price=catalog_price({"id": "price_1", "currency": "usd", **price}), quantity=quantity)


@thorough
@given(tiers(), st.sampled_from(["graduated", "volume"]), st.integers(1, 1_000))
def test_tiers_cost_what_stripe_charges(steps: tuple[Tier, ...], mode: str, quantity: int) -> None:
    shown = [
        {
            "up_to": tier.up_to,
            "unit_amount_decimal": None if tier.unit_amount is None else str(tier.unit_amount),
            "flat_amount_decimal": None if tier.flat_amount is None else str(tier.flat_amount),
        }
        for tier in steps
    ]
    row = item({"billing_scheme": "tiered", "tiers_mode": mode, "tiers": shown}, quantity)
    assert row.amount is not None
    assert row.amount.amount == charged({"tiers_mode": mode}, {"tiers": shown}, quantity)


@thorough
@given(st.integers(1, 50), st.sampled_from(["up", "down"]), st.integers(0, 100_000), st.integers(1, 1_000))
def test_packages_cost_what_stripe_charges(size: int, rounding: str, amount: int, quantity: int) -> None:
    price = {"unit_amount": amount, "transform_quantity": {"divide_by": size, "round": rounding}}
    row = item(price, quantity)
    assert row.amount is not None
    assert row.amount.amount == charged(price, {"unit_amount_decimal": str(amount)}, quantity)


@pytest.mark.parametrize(
    ("price", "quantity", "words", "total"),
    [
        (
            CatalogPrice(price="p", product_name="Seats", currency="usd", pricing=SEATS, recurring=MONTH),
            12,
            "from $5.00, graduated, $120.00 in all every month",
            "$120.00 every month",
        ),
        (
            CatalogPrice(
                price="p",
                product_name="Seats",
                currency="usd",
                unit_amount_decimal=Decimal(1000),
                pricing=Package(divide_by=5, round="up", unit_label="seat"),
            ),
            6,
            "$10.00 per 5 seats, $20.00 in all",
            "$20.00 today",
        ),
        (
            CatalogPrice(price="p", product_name="Gift", currency="usd", pricing=Chosen(minimum=500, maximum=50_000)),
            1,
            "customer chooses, $5–$500",
            "Gift (customer chooses, $5–$500)",
        ),
        (
            CatalogPrice(price="p", product_name="Calls", currency="usd", unit_amount_decimal=Decimal(2), metered=True),
            1,
            "$0.02 per unit used",
            "Calls ($0.02 per unit used)",
        ),
    ],
)
def test_an_item_says_what_it_comes_to(price: CatalogPrice, quantity: int, words: str, total: str) -> None:
    row = LineItem(price=price, quantity=quantity)
    assert item_in_words(row, "en_US") == words
    assert totals_in_words(LinkDraft(line_items=(row,))) == total


def test_tiers_nobody_asked_for_have_no_total() -> None:
    price = CatalogPrice(price="p", product_name="Seats", currency="usd", pricing=Tiered(mode="volume"))
    assert LineItem(price=price, quantity=3).amount is None
