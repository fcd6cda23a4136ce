from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.errors import Invalid
from bot.links.draft import (
    AdjustableQuantity,
    CatalogPrice,
    LineItem,
    LinkDraft,
    OneOffPrice,
    Recurring,
)
from bot.links.periods import BILLING
from bot.links.pricing import Package
from bot.slack.ids import Action
from bot.slack.ui.currencies import currency_options
from bot.slack.ui.item import item_view
from bot.slack.ui.item_form import ItemForm, price_words
from bot.slack.ui.item_reading import errors, read_item
from bot.slack.ui.money import item_in_words
from tests.slack.limits import Json, accepted, texts
from tests.slack.samples import CONSULTING, DRAFT, SEATS, nasty
from tests.slack.states import picked, state_of, ticked, typed

EMPTY = ItemForm.new("d1", LinkDraft(), "usd", live=False)
FILLED = EMPTY.model_copy(update={"name": "Consulting", "amount": "150", "currency": "eur"})


def draw(form: ItemForm) -> Json:
    return accepted(item_view(form, "en_US"))


def refusal(form: ItemForm) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read_item(form, None, None)
    found = errors(refused.value.problems)
    assert set(found) <= {block["block_id"] for block in draw(form)["blocks"]}
    return found


def test_an_empty_form(snapshot: SnapshotAssertion) -> None:
    assert draw(EMPTY) == snapshot


def test_a_form_with_everything(snapshot: SnapshotAssertion) -> None:
    update = {"billing": "custom", "interval": "week", "interval_count": "2", "adjustable": True, "maximum": "9"}
    assert draw(FILLED.model_copy(update=update)) == snapshot


def test_a_catalog_form(snapshot: SnapshotAssertion) -> None:
    form = ItemForm.of("d1", DRAFT.with_item(SEATS), SEATS, "en_US", live=False)
    assert draw(form) == snapshot


def test_a_live_item_says_that_another_price_takes_a_new_link() -> None:
    draft = DRAFT.with_item(SEATS)
    assert "takes a new link" in texts(draw(ItemForm.of("d1", draft, SEATS, "en_US", live=True)))
    assert "takes a new link" not in texts(draw(ItemForm.of("d1", draft, SEATS, "en_US", live=False)))
    assert "takes a new link" in texts(draw(ItemForm.new("d1", draft, "usd", live=True)))


def test_a_live_item_stays_the_same_item() -> None:
    form = ItemForm.of("d1", DRAFT, CONSULTING, "en_US", live=True).model_copy(update={"quantity": "7"})
    live = CONSULTING.model_copy(update={"stripe_id": "li_1"})
    assert read_item(form, live, None) == live.model_copy(update={"quantity": 7})


def test_a_new_item_takes_the_currency_of_the_others() -> None:
    form = ItemForm.new("d1", DRAFT, "usd", live=False)
    assert (form.currency, form.only_currency) == ("eur", "eur")
    alone = ItemForm.of("d1", LinkDraft(line_items=(SEATS,)), SEATS, "en_US", live=False)
    assert alone.only_currency is None


recurrings = st.none() | st.builds(
    Recurring, interval=st.sampled_from(["day", "week", "month", "year"]), interval_count=st.integers(1, 3)
)
quantities = st.integers(1, 1000)
items = st.builds(
    LineItem,
    price=st.builds(
        OneOffPrice,
        name=st.text("abc äö×", min_size=1).map(str.strip).filter(bool),
        unit_amount=st.integers(1, 999_999).map(lambda hundreds: hundreds * 100),
        currency=st.sampled_from(["usd", "eur", "jpy", "kwd", "isk", "huf"]),
        recurring=recurrings,
        description=st.none() | st.text("abc äö\n", min_size=1, max_size=700).map(str.strip).filter(bool),
        tax_behavior=st.sampled_from([None, "exclusive", "inclusive"]),
        tax_code=st.sampled_from([None, "txcd_10000000"]),
    ),
    quantity=quantities,
    adjustable_quantity=st.none()
    | st.builds(AdjustableQuantity, minimum=st.none() | st.integers(0, 1), maximum=st.integers(1000, 2000)),
)


@settings(deadline=None)
@given(items)
def test_an_item_goes_through_its_form_unchanged(item: LineItem) -> None:
    draft = LinkDraft(line_items=(item,))
    form = ItemForm.of("d1", draft, item, "en_US", live=False)
    view = draw(form)
    sent = ItemForm.model_validate_json(view["private_metadata"]).with_state(state_of(view))
    assert sent == form
    assert read_item(sent, item, None) == draft.line_items[0]


def test_a_catalog_item_goes_through_its_form_unchanged() -> None:
    form = ItemForm.of("d1", DRAFT, SEATS, "en_US", live=False)
    assert isinstance(SEATS.price, CatalogPrice)
    assert read_item(form, SEATS, SEATS.price) == SEATS


def test_what_was_typed_survives_a_change_of_kind_and_back() -> None:
    view = draw(EMPTY)
    state = state_of(view, item_name=typed("Consulting"), item_amount=typed("15"), item_kind=picked("catalog"))
    catalog = ItemForm.model_validate_json(view["private_metadata"]).with_state(state)
    view = draw(catalog)
    assert not [block for block in view["blocks"] if block.get("block_id") == Action.ITEM_NAME]
    state = state_of(view, item_price=picked("price_1", "Seats · €10.00"), item_adjustable=ticked(yes=True))
    form = catalog.with_state(state)
    assert (form.price, form.price_words, form.adjustable) == ("price_1", "Seats · €10.00", True)
    back = draw(form.model_copy(update={"kind": "one_off"}))
    assert "Consulting" in str(back["blocks"])


@pytest.mark.parametrize(
    ("typed_amount", "currency"),
    [("1e9", "usd"), ("-5", "usd"), ("１２", "usd"), ("12.345", "usd"), ("100.5", "jpy"), ("0", "usd"), ("abc", "usd")],
)
def test_an_amount_that_is_none_is_refused_at_its_field(typed_amount: str, currency: str) -> None:
    found = refusal(FILLED.model_copy(update={"amount": typed_amount, "currency": currency}))
    assert list(found) == [Action.ITEM_AMOUNT]


def test_an_amount_with_a_comma_is_understood_exactly() -> None:
    price = read_item(FILLED.model_copy(update={"amount": "1,50"}), None, None).price
    assert isinstance(price, OneOffPrice)
    assert price.unit_amount == 150


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({"name": "  "}, Action.ITEM_NAME),
        ({"tax_code": "txcd_1"}, Action.ITEM_TAX_CODE),
        ({"quantity": "0"}, Action.ITEM_QUANTITY),
        ({"quantity": "２"}, Action.ITEM_QUANTITY),
        ({"billing": "custom", "interval": "year", "interval_count": "4"}, Action.ITEM_INTERVAL_COUNT),
        ({"adjustable": True, "minimum": "5"}, Action.ITEM_MINIMUM),
        ({"adjustable": True, "quantity": "5", "maximum": "3"}, Action.ITEM_MAXIMUM),
        ({"adjustable": True, "maximum": "many"}, Action.ITEM_MAXIMUM),
    ],
)
def test_each_mistake_stands_at_its_field(update: dict[str, object], field: Action) -> None:
    assert list(refusal(FILLED.model_copy(update=update))) == [field]


@settings(max_examples=50, deadline=None)
@given(nasty, nasty)
def test_no_words_break_the_form(one: str, other: str) -> None:
    price = CatalogPrice(
        price="price_1", product_name=one, currency="eur", pricing=Package(divide_by=5, round="up", unit_label=other)
    )
    draw(FILLED.model_copy(update={"name": one[:250], "amount": other[:40]}))
    draw(FILLED.model_copy(update={"kind": "catalog", "price": "price_1", "price_words": price_words(price, "en_US")}))


def test_a_price_in_the_picker_never_loses_its_amount() -> None:
    price = CatalogPrice(price="p", product_name="x" * 300, currency="eur", unit_amount_decimal=Decimal("1000"))
    assert price_words(price, "en_US").endswith("x… · €10.00 · EUR")
    assert len(price_words(price, "en_US")) == 75


def test_currencies_are_found_by_code_and_by_name() -> None:
    def codes(typed_words: str, locale: str = "en_US") -> list[str]:
        return [option["value"] for option in currency_options(typed_words, locale)]

    assert codes("CHF") == ["chf"]
    assert codes("franken", "de_DE") == ["chf"]
    assert codes("")[:3] == ["usd", "eur", "gbp"]
    assert len(codes("")) == 100
    assert codes("no such money") == []
    assert codes("yen", "xx_YY") == ["jpy"]


def test_every_billing_choice_gives_its_period() -> None:
    for billing in BILLING:
        form = FILLED.model_copy(update={"billing": billing, "interval": "week", "interval_count": "2"})
        price = read_item(form, None, None).price
        words = price.recurring.words if price.recurring else "once"
        assert words.casefold() == (BILLING[billing].casefold() if billing != "custom" else "every 2 weeks")


def test_what_several_of_a_recurring_item_cost() -> None:
    price = OneOffPrice(name="Seat", unit_amount=1200, currency="eur", recurring=Recurring(interval="month"))
    item = LineItem(row="r", price=price, quantity=3, adjustable_quantity=AdjustableQuantity(minimum=1, maximum=10))
    words = "€12.00 each, €36.00 in all every month; the customer can choose 1 to 10"
    assert item_in_words(item, "en_US") == words
