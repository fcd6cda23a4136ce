"""What stands in the item's modal, as typed. It travels in the view, so nothing is lost when fields come and go."""

from collections.abc import Collection, Mapping
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict

from bot.links.draft import AdjustableQuantity, CatalogPrice, Interval, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.periods import BILLING, CUSTOM, ONCE
from bot.links.prices import in_words
from bot.money import Money
from bot.slack.ids import Action
from bot.slack.ui.blocks import OPTION_TEXT
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


class ItemForm(BaseModel):
    """The fields, all but the ticks as text. `row` is None for a new item; `live` when the link is there already, where
    another price takes a new link; `only_currency` limits the catalog to the currency of the other items."""

    model_config = ConfigDict(frozen=True)

    draft: str
    row: str | None = None
    live: bool = False
    only_currency: str | None = None

    kind: Kind = "one_off"
    price: str = ""
    price_words: str = ""
    name: str = ""
    description: str = ""
    amount: str = ""
    currency: str = ""
    billing: str = ONCE
    interval: str = "month"
    interval_count: str = ""
    tax: str = TAX_SETTINGS
    tax_code: str = ""
    quantity: str = "1"
    adjustable: bool = False
    minimum: str = ""
    maximum: str = ""

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
        for action, field in _TYPED.items():
            if action in elements:
                update[field] = elements[action].get("value") or ""
        for action, field in _PICKED.items():
            picked = elements.get(action, {}).get("selected_option")
            if picked and picked["value"] in _OFFERED.get(action, (picked["value"],)):
                update[field] = picked["value"]
                if action == Action.ITEM_PRICE:
                    update["price_words"] = picked["text"]["text"]
        if Action.ITEM_ADJUSTABLE in elements:
            update["adjustable"] = bool(elements[Action.ITEM_ADJUSTABLE].get("selected_options"))
        return self.model_copy(update=update)


_TYPED = {
    Action.ITEM_NAME: "name",
    Action.ITEM_DESCRIPTION: "description",
    Action.ITEM_TAX_CODE: "tax_code",
    Action.ITEM_AMOUNT: "amount",
    Action.ITEM_INTERVAL_COUNT: "interval_count",
    Action.ITEM_QUANTITY: "quantity",
    Action.ITEM_MINIMUM: "minimum",
    Action.ITEM_MAXIMUM: "maximum",
}
_PICKED = {
    Action.ITEM_KIND: "kind",
    Action.ITEM_PRICE: "price",
    Action.ITEM_CURRENCY: "currency",
    Action.ITEM_BILLING: "billing",
    Action.ITEM_TAX: "tax",
    Action.ITEM_INTERVAL: "interval",
}


_OFFERED: Mapping[str, Collection[str]] = {
    Action.ITEM_KIND: get_args(Kind),
    Action.ITEM_BILLING: BILLING,
    Action.ITEM_TAX: TAX,
    Action.ITEM_INTERVAL: get_args(Interval),
}
"""What can be picked where it isn't searched for."""


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
