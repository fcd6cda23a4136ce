"""What must hold before a link can be created. Every broken rule is a sentence that says what to do, at its place.

The sources are Stripe's API reference for Payment Links (line items, adjustable quantity, recurring prices) and
Stripe's "Supported currencies" page.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.errors import Problem
from bot.links.line_item import (
    MAX_LINE_ITEMS,
    MAX_QUANTITY,
    CatalogPrice,
    LineItem,
    OneOffPrice,
    Recurring,
    adjustable_problems,
)
from bot.links.options.fields import check
from bot.links.products import tax_code_problem
from bot.money import Money, amount_problem, is_currency, max_amount

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

MAX_NAME = 100
MAX_PRODUCT_NAME = 250

_LONGEST_PERIOD = {"day": 1095, "week": 156, "month": 36, "year": 3}


def problems(draft: "LinkDraft") -> Iterator[Problem]:
    """Everything that stands against the draft."""
    if len(draft.name) > MAX_NAME:
        yield Problem("name", f"Use at most {MAX_NAME} characters; these are {len(draft.name)}.")
    yield from _line_items(draft)
    for group in draft.options.values():
        if reason := group.why_not(draft):
            yield Problem(f"options.{group.key}", f"{reason} Or remove this option.")
            continue
        for problem in (*check(group), *group.problems(draft)):
            yield Problem(f"options.{group.key}.{problem.where}".rstrip("."), problem.message)


def item_problems(item: LineItem) -> Iterator[Problem]:
    """What stands against the item by itself, whatever else is on the link."""
    where = f"line_items.{item.row}"
    if isinstance(item.price, OneOffPrice):
        yield from _one_off(item.price, where)
    if not 1 <= item.quantity <= MAX_QUANTITY:
        yield Problem(f"{where}.quantity", f"Write a quantity from 1 to {MAX_QUANTITY:,}.")
    elif item.adjustable_quantity is not None:
        yield from adjustable_problems(item.adjustable_quantity, item.quantity, f"{where}.adjustable_quantity")


def _one_off(price: OneOffPrice, where: str) -> Iterator[Problem]:
    if not price.name:
        yield Problem(f"{where}.name", "Give the item a name: the customer sees it when paying.")
    if len(price.name) > MAX_PRODUCT_NAME:
        yield Problem(f"{where}.name", f"Use at most {MAX_PRODUCT_NAME} characters; these are {len(price.name)}.")
    if not is_currency(price.currency):
        yield Problem(f"{where}.currency", "Pick a currency that Stripe supports, like usd or eur.")
    elif price.unit_amount == 0:
        yield Problem(f"{where}.unit_amount", "Write an amount above zero.")
    elif wrong := amount_problem(Money(price.unit_amount, price.currency)):
        yield Problem(f"{where}.unit_amount", wrong)
    if price.recurring is not None and (wrong := period_problem(price.recurring)):
        yield Problem(f"{where}.recurring", wrong)
    if wrong := tax_code_problem(price.tax_code):
        yield Problem(f"{where}.tax_code", wrong)


def period_problem(recurring: Recurring) -> str | None:
    """Why Stripe doesn't bill at this period, as a sentence that says what to do; None when it does."""
    longest = _LONGEST_PERIOD[recurring.interval]
    if 1 <= recurring.interval_count <= longest:
        return None
    return f"Stripe bills at most every three years: write 1 to {longest:,} {recurring.interval}s."


def _line_items(draft: "LinkDraft") -> Iterator[Problem]:
    if not draft.line_items:
        yield Problem("line_items", "Add at least one item.")
        return
    if len(draft.line_items) > MAX_LINE_ITEMS:
        yield Problem("line_items", f"Stripe takes {MAX_LINE_ITEMS} items on a link. Remove some.")
    for item in draft.line_items:
        yield from item_problems(item)
    yield from _one_currency(draft)
    yield from _one_period(draft)
    yield from _customer_chooses(draft)
    today = draft.totals().today
    if today is not None and today.amount > max_amount(today.currency):
        most = Money(max_amount(today.currency), today.currency).format()
        yield Problem("line_items", f"Stripe takes at most {most} in one payment. Lower an amount or a quantity.")


def _one_currency(draft: "LinkDraft") -> Iterator[Problem]:
    first = draft.line_items[0].price.currency
    for item in draft.line_items[1:]:
        if item.price.currency != first:
            yield Problem(
                f"line_items.{item.row}.{'price' if isinstance(item.price, CatalogPrice) else 'currency'}",
                f"{item.name} is in {item.price.currency.upper()} and the link is in {first.upper()}. "
                "A link has one currency: change it, or make a second link.",
            )


def _one_period(draft: "LinkDraft") -> Iterator[Problem]:
    """Checkout, and so a payment link, bills all recurring items of a subscription at the same interval."""
    recurring = [item for item in draft.line_items if item.price.recurring]
    for item in recurring[1:]:
        first, this = recurring[0].price.recurring, item.price.recurring
        if first is not None and this is not None and this != first:
            yield Problem(
                f"line_items.{item.row}.{'price' if isinstance(item.price, CatalogPrice) else 'recurring'}",
                f"{item.name} is billed {this.words} and {recurring[0].name} {first.words}. "
                "A link has one billing period: change it, or make a second link.",
            )


def _customer_chooses(draft: "LinkDraft") -> Iterator[Problem]:
    for item in draft.line_items:
        if not isinstance(item.price, CatalogPrice) or not item.price.customer_chooses:
            continue
        where = f"line_items.{item.row}"
        if len(draft.line_items) > 1:
            yield Problem(
                f"{where}.price",
                f"The customer chooses what to pay for {item.name}, so it must be the only item. Remove the others.",
            )
        if item.quantity != 1 or item.adjustable_quantity is not None:
            yield Problem(f"{where}.quantity", "Where the customer chooses the amount, the quantity is 1.")
