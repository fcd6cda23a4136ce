"""What stands in the item's modal, as typed. It travels in the view, so nothing is lost when fields come and go."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from bot.links.draft import AdjustableQuantity, CatalogPrice, Interval, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.periods import BILLING, CUSTOM, ONCE
from bot.links.prices import in_words
from bot.links.rules import MAX_PRODUCT_NAME
from bot.links.text import clean_text
from bot.money import CURRENCIES, Money
from bot.slack.ids import Action
from bot.slack.ui.blocks import MAX_DIGITS, OPTION_TEXT, OPTION_VALUE
from bot.slack.ui.memo import Id
from bot.slack.ui.text import line, width

Kind = Literal["one_off", "catalog"]

TAX_SETTINGS = "settings"
TAX = {
    TAX_SETTINGS: "As in your tax settings",
    "exclusive": "Comes on top of the amount",
    "inclusive": "Is in the amount",
}
"""Stripe's `tax_behavior`, by the option's value."""

MAX_DESCRIPTION = 500
"""So many characters travel in the view; Stripe takes more, and a longer one that is there already stays."""
MAX_AMOUNT = 40
MAX_TAX_CODE = 50

Currency = Annotated[str, Field(min_length=1, max_length=10)]


class ItemForm(BaseModel):
    """The fields, all but the ticks as text. `row` is None for a new item; `live` when the link is there already, where
    another price takes a new link; `only_currency` limits the catalog to the currency of the other items."""

    model_config = ConfigDict(frozen=True)

    draft: Id
    row: Id | None = None
    live: bool = False
    only_currency: Currency | None = None

    kind: Kind = "one_off"
    price: Annotated[str, Field(max_length=OPTION_VALUE)] = ""
    price_words: str = ""
    name: str = ""
    description: str = ""
    amount: str = ""
    currency: Currency
    billing: str = ONCE
    interval: str = "month"
    interval_count: str = ""
    tax: str = TAX_SETTINGS
    tax_code: str = ""
    quantity: str = "1"
    adjustable: bool = False
    minimum: str = ""
    maximum: str = ""

    @field_validator("billing", "interval", "tax")
    @classmethod
    def _is_offered(cls, value: str, field: ValidationInfo) -> str:
        if value not in _CHOICES[str(field.field_name)]:
            raise ValueError("is not offered")
        return value

    @classmethod
    def new(cls, draft_id: str, draft: LinkDraft, default_currency: str, *, live: bool) -> Self:
        """An empty form, in the draft's currency."""
        currency = draft.currency or default_currency
        return cls(draft=draft_id, currency=currency, only_currency=draft.currency, live=live)

    @classmethod
    def of(cls, draft_id: str, draft: LinkDraft, item: LineItem, locale: str, *, live: bool) -> Self:
        """The form of an item that is there."""
        others = draft.without_item(item.row)
        adjustable = item.adjustable_quantity or AdjustableQuantity()
        form = cls(
            draft=draft_id,
            row=item.row,
            live=live,
            only_currency=others.currency,
            currency=item.price.currency,
            quantity=str(item.quantity),
            adjustable=item.adjustable_quantity is not None,
            minimum=_text(adjustable.minimum),
            maximum=_text(adjustable.maximum),
        )
        return form.model_copy(update=_price_fields(item, locale))

    def with_state(self, state: Mapping[str, Any]) -> Self:
        """The form with what now stands in a view's `state.values`; fields that aren't shown stay as they were."""
        elements = {action: element for block in state.values() for action, element in block.items()}
        update: dict[str, Any] = {}
        for action, (field, _) in _TYPED.items():
            if action in elements:
                update[field] = elements[action].get("value") or ""
        for action, field in _PICKED.items():
            picked = elements.get(action, {}).get("selected_option")
            if picked and picked["value"] in _CHOICES.get(field, (picked["value"],)):
                update[field] = picked["value"]
                if action == Action.ITEM_PRICE:
                    update["price_words"] = line(picked["text"]["text"], OPTION_TEXT)
        if Action.ITEM_ADJUSTABLE in elements:
            update["adjustable"] = bool(elements[Action.ITEM_ADJUSTABLE].get("selected_options"))
        return self.model_copy(update=update)

    def carried(self) -> str:
        """What travels in the view: each text as far as its field takes it. Until the form is submitted more may stand
        there, which wouldn't fit."""
        typed = {field: clean_text(getattr(self, field))[:longest] for field, longest in _TYPED.values()}
        return self.model_copy(update=typed).model_dump_json()


_TYPED = {
    Action.ITEM_NAME: ("name", MAX_PRODUCT_NAME),
    Action.ITEM_DESCRIPTION: ("description", MAX_DESCRIPTION),
    Action.ITEM_TAX_CODE: ("tax_code", MAX_TAX_CODE),
    Action.ITEM_AMOUNT: ("amount", MAX_AMOUNT),
    Action.ITEM_INTERVAL_COUNT: ("interval_count", MAX_DIGITS),
    Action.ITEM_QUANTITY: ("quantity", MAX_DIGITS),
    Action.ITEM_MINIMUM: ("minimum", MAX_DIGITS),
    Action.ITEM_MAXIMUM: ("maximum", MAX_DIGITS),
}
"""What is typed: the field's name, and how many characters it takes."""

_PICKED = {
    Action.ITEM_KIND: "kind",
    Action.ITEM_PRICE: "price",
    Action.ITEM_CURRENCY: "currency",
    Action.ITEM_BILLING: "billing",
    Action.ITEM_TAX: "tax",
    Action.ITEM_INTERVAL: "interval",
}

_CHOICES: Mapping[str, Collection[str]] = {
    "kind": get_args(Kind),
    "currency": CURRENCIES,
    "billing": BILLING,
    "tax": TAX,
    "interval": get_args(Interval),
}
"""What can be picked, by the field's name; a price can be any of the catalog's."""


def price_words(price: CatalogPrice, locale: str) -> str:
    """`Consulting · €150.00 every month · EUR`: a price in the picker. Where that is too long, the name gives way."""
    cost = f" · {line(in_words(price, locale), 48)} · {price.currency.upper()}"
    return f"{line(price.product_name, OPTION_TEXT - width(cost))}{cost}"


def _price_fields(item: LineItem, locale: str) -> dict[str, str]:
    price = item.price
    if isinstance(price, CatalogPrice):
        return {"kind": "catalog", "price": price.price, "price_words": price_words(price, locale)}
    amount = Money(price.unit_amount, price.currency).plain()
    return {
        "kind": "one_off",
        "name": price.name,
        "description": shown_description(price),
        "amount": amount,
        "tax": price.tax_behavior or TAX_SETTINGS,
        "tax_code": price.tax_code or "",
        **_billing_fields(price.recurring),
    }


def shown_description(price: CatalogPrice | OneOffPrice) -> str:
    """As much of a one-off item's description as the form holds."""
    return (price.description or "")[:MAX_DESCRIPTION] if isinstance(price, OneOffPrice) else ""


def _billing_fields(recurring: Recurring | None) -> dict[str, str]:
    if recurring is None:
        return {"billing": ONCE}
    value = f"{recurring.interval}:{recurring.interval_count}"
    fields = {"interval": recurring.interval, "interval_count": str(recurring.interval_count)}
    return fields | {"billing": value if value in BILLING else CUSTOM}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
