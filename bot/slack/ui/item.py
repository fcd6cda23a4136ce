"""The item's modal, drawn from its form."""

from collections.abc import Iterator

from bot.links.line_item import DEFAULT_MAXIMUM, MAX_QUANTITY
from bot.links.periods import BILLING, CUSTOM
from bot.links.rules import MAX_PRODUCT_NAME
from bot.slack.ids import Action, View
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.currencies import currency_option
from bot.slack.ui.item_form import MAX_AMOUNT, MAX_DESCRIPTION, MAX_TAX_CODE, TAX, ItemForm
from bot.slack.ui.replace import NEW_LINK_NEEDED

_KINDS = (
    ("one_off", "One-off item", "Name and amount for this link alone"),
    ("catalog", "From the catalog", "A price that is already in Stripe"),
)
_INTERVALS = (("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years"))


def item_view(form: ItemForm, locale: str) -> Json:
    """The modal. Each input's block id is its action id, so a field keeps what was typed while others come and go."""
    return blocks.modal(
        View.ITEM,
        "Edit item" if form.row else "Add item",
        [*_price(form, locale), *_quantity(form), *(_details(form) if form.kind == "one_off" else ())],
        submit="Save" if form.row else "Add",
        close="Back",
        private_metadata=form.carried(),
    )


def _price(form: ItemForm, locale: str) -> Iterator[Json]:
    if form.live:
        yield blocks.context(NEW_LINK_NEEDED)
    kinds = [blocks.option(text, value, description) for value, text, description in _KINDS]
    yield _input("What is it?", blocks.radio_buttons(Action.ITEM_KIND, kinds, initial=form.kind), dispatch=True)
    yield from _catalog(form) if form.kind == "catalog" else _one_off(form, locale)


def _catalog(form: ItemForm) -> Iterator[Json]:
    picked = blocks.option(form.price_words, form.price) if form.price else None
    element = blocks.external_select(Action.ITEM_PRICE, initial=picked, placeholder="Search products and prices")
    currency = form.only_currency
    hint = f"Prices in {currency.upper()}, the currency of the other items." if currency else ""
    yield _input("Price", element, hint=hint)


def _one_off(form: ItemForm, locale: str) -> Iterator[Json]:
    name = blocks.text_input(Action.ITEM_NAME, initial=form.name, placeholder="Consulting", max_length=MAX_PRODUCT_NAME)
    yield _input("Name", name, hint="The customer sees it when paying.")
    amount = blocks.text_input(Action.ITEM_AMOUNT, initial=form.amount, placeholder="1,250.00", max_length=MAX_AMOUNT)
    yield _input("Amount for one", amount)
    currency = currency_option(form.currency, locale)
    yield _input(
        "Currency", blocks.external_select(Action.ITEM_CURRENCY, initial=currency, placeholder="Search by code or name")
    )
    periods = [blocks.option(text, value) for value, text in BILLING.items()]
    yield _input("Billing", blocks.select(Action.ITEM_BILLING, periods, initial=form.billing), dispatch=True)
    if form.billing == CUSTOM:
        count = blocks.number_input(Action.ITEM_INTERVAL_COUNT, initial=form.interval_count, minimum=1, placeholder="2")
        yield _input("Every", count)
        units = [blocks.option(text, value) for value, text in _INTERVALS]
        yield _input("Unit", blocks.select(Action.ITEM_INTERVAL, units, initial=form.interval))


def _details(form: ItemForm) -> Iterator[Json]:
    """What most one-off items do without."""
    words = blocks.text_input(
        Action.ITEM_DESCRIPTION,
        initial=form.description,
        placeholder="Two days on site, travel included.",
        max_length=MAX_DESCRIPTION,
        multiline=True,
    )
    yield _input("Description", words, hint="The customer sees it when paying.", optional=True)
    behaviors = [blocks.option(text, value) for value, text in TAX.items()]
    yield _input("Tax", blocks.select(Action.ITEM_TAX, behaviors, initial=form.tax), hint="Matters with Stripe Tax.")
    code = blocks.text_input(
        Action.ITEM_TAX_CODE, initial=form.tax_code, placeholder="txcd_10000000", max_length=MAX_TAX_CODE
    )
    hint = "From docs.stripe.com/tax/tax-codes. Left empty, your tax settings' one is used."
    yield _input("Tax code", code, hint=hint, optional=True)


def _quantity(form: ItemForm) -> Iterator[Json]:
    yield _input("Quantity", _number(Action.ITEM_QUANTITY, form.quantity, 1))
    box = blocks.checkbox(Action.ITEM_ADJUSTABLE, "The customer can change the quantity", checked=form.adjustable)
    yield _input("Adjustable", box, optional=True, dispatch=True)
    if form.adjustable:
        yield _input(
            "At least", _number(Action.ITEM_MINIMUM, form.minimum, 0), optional=True, hint="0 when left empty."
        )
        most = _number(Action.ITEM_MAXIMUM, form.maximum, 1)
        yield _input("At most", most, optional=True, hint=f"{DEFAULT_MAXIMUM} when left empty.")


def _number(action: Action, initial: str, minimum: int) -> Json:
    return blocks.number_input(action, initial=initial, minimum=minimum, maximum=MAX_QUANTITY)


def _input(label: str, element: Json, *, hint: str = "", optional: bool = False, dispatch: bool = False) -> Json:
    return blocks.field(label, element, block_id=element["action_id"], hint=hint, optional=optional, dispatch=dispatch)
