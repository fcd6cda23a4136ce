"""From the item's form to the item: what was typed is understood exactly, or refused at its field."""

from collections.abc import Iterable

from bot.errors import Invalid, Problem
from bot.links.draft import AdjustableQuantity, CatalogPrice, Interval, LineItem, OneOffPrice, Recurring, new_row
from bot.links.line_item import TaxBehavior
from bot.links.periods import CUSTOM, ONCE
from bot.links.rules import item_problems
from bot.links.text import clean_line, clean_text
from bot.money import AmountError, parse_amount
from bot.slack.ids import Action
from bot.slack.ui.item_form import ItemForm, shown_description

_FIELDS = {
    "name": Action.ITEM_NAME,
    "unit_amount": Action.ITEM_AMOUNT,
    "currency": Action.ITEM_CURRENCY,
    "description": Action.ITEM_DESCRIPTION,
    "tax_behavior": Action.ITEM_TAX,
    "tax_code": Action.ITEM_TAX_CODE,
    "recurring": Action.ITEM_BILLING,
    "price": Action.ITEM_PRICE,
    "quantity": Action.ITEM_QUANTITY,
    "adjustable_quantity.minimum": Action.ITEM_MINIMUM,
    "adjustable_quantity.maximum": Action.ITEM_MAXIMUM,
}
_TAX: dict[str, TaxBehavior] = {"exclusive": "exclusive", "inclusive": "inclusive"}
_INTERVALS: dict[str, Interval] = {"day": "day", "week": "week", "month": "month", "year": "year"}


def read_item(form: ItemForm, known: LineItem | None, picked: CatalogPrice | None) -> LineItem:
    """The item that the form describes. `known` is the item being changed, `picked` the catalog price of the form.

    Raises Invalid; its problems' `where` are ids of the form's input blocks, which `errors` relies on.
    """
    price = picked or _one_off(form, known)
    item = LineItem(
        row=form.row or new_row(),
        price=price,
        quantity=_whole(form.quantity, Action.ITEM_QUANTITY) or 0,
        adjustable_quantity=_adjustable(form),
        stripe_id=known.stripe_id if known else None,
    )
    if problems := list(item_problems(item)):
        raise Invalid([Problem(_block(problem.where, item.row, form), problem.message) for problem in problems])
    return item


def errors(problems: Iterable[Problem]) -> dict[str, str]:
    """Problems of `read_item` as `response_action: errors` wants them: the first for each block."""
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.where, problem.message)
    return found


def _one_off(form: ItemForm, known: LineItem | None) -> OneOffPrice:
    try:
        amount = parse_amount(form.amount, form.currency).amount
    except AmountError as error:
        raise Invalid([Problem(Action.ITEM_AMOUNT, str(error))]) from None
    return OneOffPrice(
        name=clean_line(form.name),
        unit_amount=amount,
        currency=form.currency,
        recurring=_recurring(form),
        description=_description(form, known),
        tax_behavior=_TAX.get(form.tax),
        tax_code=clean_line(form.tax_code) or None,
    )


def _description(form: ItemForm, known: LineItem | None) -> str | None:
    """What is typed; left alone, all of what is there, even what the form doesn't hold."""
    if known and isinstance(known.price, OneOffPrice) and form.description == shown_description(known.price):
        return known.price.description
    return clean_text(form.description) or None


def _recurring(form: ItemForm) -> Recurring | None:
    if form.billing == ONCE:
        return None
    if form.billing == CUSTOM:
        count = _whole(form.interval_count, Action.ITEM_INTERVAL_COUNT) or 1
        return Recurring(interval=_INTERVALS[form.interval], interval_count=count)
    interval, _, number = form.billing.partition(":")
    return Recurring(interval=_INTERVALS[interval], interval_count=int(number))


def _adjustable(form: ItemForm) -> AdjustableQuantity | None:
    if not form.adjustable:
        return None
    return AdjustableQuantity(
        minimum=_whole(form.minimum, Action.ITEM_MINIMUM), maximum=_whole(form.maximum, Action.ITEM_MAXIMUM)
    )


def _whole(typed: str, action: Action) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal()) or len(typed) > 15:
        raise Invalid([Problem(action, "Write a whole number, like 3.")])
    return int(typed)


def _block(where: str, row: str, form: ItemForm) -> str:
    """The block of the field that a domain rule is about; the quantity, which is always there, for anything else."""
    field = where.removeprefix(f"line_items.{row}.")
    if field == "recurring" and form.billing == CUSTOM:
        return Action.ITEM_INTERVAL_COUNT
    return _FIELDS.get(field, Action.ITEM_QUANTITY)
