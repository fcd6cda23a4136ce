"""The views of the catalog, whole."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from syrupy.assertion import SnapshotAssertion

from bot.errors import Problem
from bot.links.new_price import NewPrice
from bot.links.options.answers import Answer
from bot.links.options.fields import leaves
from bot.links.prices import catalog_price
from bot.links.products import Product
from bot.services.catalog import Progress
from bot.services.products import Page, PriceCard, ProductCard
from bot.slack.ids import View
from bot.slack.ui.catalog_forms import catalog_form
from bot.slack.ui.product import product_view
from bot.slack.ui.products import CatalogMemo, products_view
from tests.slack.limits import accepted, texts
from tests.slack.samples import nasty

FORM = CatalogMemo(channel="C0SALES", product="prod_1", form="f1")
SEAT = {"name": "Team seat", "unit_label": "seat"}
BASE: dict[str, Any] = {"id": "price_1", "active": True, "currency": "eur", "unit_amount": 1000, "recurring": None}
STEPS = [{"up_to": 10, "unit_amount": 900}, {"up_to": None, "unit_amount": 800, "flat_amount": 2000}]


def priced(**data: Any) -> PriceCard:
    found = {**BASE, **data}
    return PriceCard(catalog_price(found, SEAT), found["active"], found)


PRICES = (
    priced(transform_quantity={"divide_by": 5, "round": "up"}, nickname="Early bird", lookup_key="seat_5"),
    priced(
        id="price_2",
        billing_scheme="tiered",
        tiers_mode="graduated",
        tiers=STEPS,
        recurring={"interval": "month", "interval_count": 1, "usage_type": "licensed"},
        tax_behavior="inclusive",
    ),
    priced(id="price_3", active=False, currency_options={"usd": {"unit_amount_decimal": "1100"}, "jpy": {}}),
)
PRODUCT = Product(
    name="Team seat", description="One seat\nfor one", unit_label="seat", tax_code="txcd_10000000", metadata={"a": "1"}
)


def card(product: Product = PRODUCT, *, active: bool = True, prices: tuple[PriceCard, ...] = PRICES) -> ProductCard:
    return ProductCard("prod_1", product, active, 5 if prices else 0, prices, more=len(prices) == 3)


def test_the_list(snapshot: SnapshotAssertion) -> None:
    page = Page((card(), replace(card(active=False, prices=()), id="prod_2")), "prod_9")
    memo = CatalogMemo(channel="C0SALES", text="seat", filter="all", after="prod_0")
    view = accepted(products_view(memo, page, Progress(1200, 12_300), "en_US", livemode=False))
    assert view == snapshot
    assert CatalogMemo.model_validate_json(view["private_metadata"]).next == "prod_9"
    assert "Reading your catalog from Stripe: 12,300 prices so far" in texts(view)


@pytest.mark.parametrize(
    ("memo", "reading", "words"),
    [
        (CatalogMemo(), None, "No products yet"),
        (CatalogMemo(text="mug"), None, "No product matches"),
        (CatalogMemo(), Progress(400, 0), "400 products so far"),
    ],
)
def test_an_empty_list_says_why(memo: CatalogMemo, reading: Progress | None, words: str) -> None:
    assert words in texts(accepted(products_view(memo, Page((), None), reading, "en_US", livemode=True)))


def test_a_product(snapshot: SnapshotAssertion) -> None:
    assert accepted(product_view(FORM, card(), "en_US", livemode=False)) == snapshot


def test_an_archived_product_can_be_restored_only() -> None:
    view = texts(accepted(product_view(FORM, card(active=False, prices=()), "en_US", livemode=True)))
    assert "Restore" in view
    assert "Add price" not in view


@pytest.mark.parametrize("kind", ["flat", "package", "tiered", "custom"])
def test_the_form_of_a_price(kind: str, snapshot: SnapshotAssertion) -> None:
    answers: dict[str, Answer] = {leaf.path: leaf.default for leaf in leaves(NewPrice)}
    answers |= {"kind": kind, "currency": "eur", "billing": "custom"}
    assert accepted(catalog_form(View.PRICE_FORM, FORM, answers, "en_US", livemode=False)) == snapshot


def test_the_form_of_a_product(snapshot: SnapshotAssertion) -> None:
    problems = [Problem("images.0", "Wrong picture."), Problem("", "Stripe is away.")]
    new = FORM.model_copy(update={"product": None})
    view = accepted(catalog_form(View.PRODUCT_FORM, new, {"name": "Mug"}, "en_US", problems, livemode=True))
    assert view == snapshot


def test_a_problem_stands_under_its_field_and_others_on_top() -> None:
    problems = [Problem("recurring", "Once."), Problem("product", "Gone.")]
    answers: dict[str, Answer] = {"kind": "flat", "currency": "eur", "billing": "once"}
    shown = accepted(catalog_form(View.PRICE_FORM, FORM, answers, "en_US", problems, livemode=True))["blocks"]
    assert "To do: Gone." in texts(shown[1])
    at = next(place for place, block in enumerate(shown) if block.get("block_id") == "field:billing")
    assert "To do: Once." in texts(shown[at + 1])


@settings(max_examples=40, deadline=None)
@given(nasty)
def test_no_words_break_a_view(words: str) -> None:
    product = Product(name=words, description=words, unit_label=words[:12], url=words, metadata={"key": words})
    price = priced(nickname=words, lookup_key=words, id=f"price_{len(words)}")
    shown = card(product, prices=(price,))
    accepted(products_view(CatalogMemo(text=words[:200]), Page((shown,), None), None, "en_US", livemode=False))
    accepted(product_view(FORM, shown, "en_US", livemode=False))
    answers: dict[str, Answer] = {"name": words[:250], "description": words}
    accepted(
        catalog_form(View.PRODUCT_FORM, FORM, answers, "en_US", [Problem("name", words or "Wrong.")], livemode=True)
    )
