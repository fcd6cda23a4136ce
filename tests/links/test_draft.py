"""The draft: every change is a new draft, and JSON keeps all of it."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from pydantic import ValidationError

from bot.errors import NotFound
from bot.links.draft import CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.fields import build
from bot.links.params import create_params, draft_from_stripe
from tests.links import live
from tests.links.strategies import drafts, thorough

COFFEE = LineItem(row="a", price=OneOffPrice(name="Coffee", unit_amount=300, currency="eur"), stripe_id="li_1")
TEA = LineItem(row="b", price=OneOffPrice(name="Tea", unit_amount=250, currency="eur"), quantity=2)


@thorough
@given(drafts())
def test_json_keeps_everything(draft: LinkDraft) -> None:
    assert LinkDraft.model_validate(json.loads(json.dumps(draft.model_dump(mode="json")))) == draft
    assert LinkDraft.model_validate_json(draft.model_dump_json()) == draft


def test_json_keeps_fractions_of_a_minor_unit() -> None:
    price = CatalogPrice(price="price_1", product_name="Call", currency="usd", unit_amount_decimal=Decimal("0.2550"))
    draft = LinkDraft(line_items=(LineItem(price=price),))
    assert LinkDraft.model_validate_json(draft.model_dump_json()) == draft


def test_an_unknown_option_is_not_lost_in_silence() -> None:
    with pytest.raises(ValidationError, match="teleport"):
        LinkDraft.model_validate({"options": {"teleport": {}}})
    with pytest.raises(ValidationError):
        LinkDraft.model_validate({"options": None})


def test_items_are_added_replaced_copied_and_removed() -> None:
    draft = LinkDraft().with_item(COFFEE).with_item(TEA)
    assert draft.line_items == (COFFEE, TEA)

    dearer = COFFEE.model_copy(update={"quantity": 5})
    assert draft.with_item(dearer).line_items == (dearer, TEA)
    assert draft.item("a") == COFFEE
    assert draft.item("b") == TEA

    first, copy, last = draft.duplicated("a").line_items
    assert (first, last) == (COFFEE, TEA)
    assert copy.price == COFFEE.price
    assert copy.stripe_id is None
    assert copy.row not in ("a", "b")

    assert draft.without_item("a").line_items == (TEA,)
    assert draft.line_items == (COFFEE, TEA)


def test_a_row_that_is_gone_is_not_found() -> None:
    with pytest.raises(NotFound):
        LinkDraft().item("a")
    with pytest.raises(NotFound):
        LinkDraft().duplicated("a")


def test_options_stand_in_the_menus_order() -> None:
    tax, promotion = build(GROUPS["tax"], {}), build(GROUPS["promotion_codes"], {})
    draft = LinkDraft().with_option(tax).with_option(promotion)
    assert list(draft.options) == ["promotion_codes", "tax"]
    assert list(draft.without_option("promotion_codes").options) == ["tax"]


def test_empty_is_about_what_was_written() -> None:
    assert LinkDraft().is_empty
    assert LinkDraft().with_notify_channel("C1").is_empty
    assert not LinkDraft().with_name("Spring").is_empty
    assert not LinkDraft().with_item(TEA).is_empty
    assert not LinkDraft().with_option(build(GROUPS["tax"], {})).is_empty


def test_the_title_is_the_name_or_the_items() -> None:
    draft = LinkDraft().with_item(COFFEE).with_item(TEA)
    assert draft.title == "Coffee, Tea"
    assert draft.with_name(" Spring\nsale ").title == "Spring sale"
    long = draft.with_item(TEA.model_copy(update={"price": OneOffPrice(name="x" * 250, unit_amount=1, currency="eur")}))
    assert len(long.title) == 100
    assert long.title.endswith("…")


def test_currency_and_recurring_come_from_the_items() -> None:
    assert LinkDraft().currency is None
    draft = LinkDraft().with_item(TEA)
    assert draft.currency == "eur"
    assert not draft.is_recurring
    monthly = OneOffPrice(name="Club", unit_amount=900, currency="eur", recurring=Recurring(interval="month"))
    assert draft.with_item(LineItem(price=monthly)).is_recurring


@thorough
@given(drafts())
def test_a_copy_of_a_live_link_asks_stripe_for_the_same(draft: LinkDraft) -> None:
    standing = draft_from_stripe(live.create(create_params(draft, {}), draft))
    copy = standing.anew(standing.name)
    assert create_params(copy, {}) == create_params(standing, {})
    assert copy.problems() == [] or standing.problems() != []
    assert not {item.row for item in copy.line_items} & {item.row for item in standing.line_items}
    assert [item.stripe_id for item in copy.line_items] == [None] * len(standing.line_items)
