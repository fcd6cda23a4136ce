"""Amounts and items in a reader's words. Nothing here is escaped or cut."""

from collections.abc import Iterable

from bot.links.draft import AdjustableQuantity, CatalogPrice, LineItem, OneOffPrice
from bot.links.line_item import DEFAULT_MAXIMUM, DEFAULT_MINIMUM
from bot.links.prices import in_words, once
from bot.money import Money

_TAX = {"exclusive": "plus tax", "inclusive": "tax included"}
TEST_MODE = "TEST MODE: no real money moves."


def count(number: int, noun: str) -> str:
    """`1 payment`, `2 payments`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def paid_in_words(paid: Iterable[tuple[Money, int]], locale: str, noun: str = "payment") -> str:
    """`€600.00 in 2 payments, $20.00 in 1 payment`; empty when nothing was paid."""
    return ", ".join(f"{total.format(locale)} in {count(number, noun)}" for total, number in paid)


def item_in_words(item: LineItem, locale: str) -> str:
    """What the item costs: `€12.00 each, €24.00 in all every month; the customer can choose 1 to 5`."""
    price = in_words(item.price, locale)
    plain = not isinstance(item.price, CatalogPrice) or item.price.is_plain
    if item.amount is not None and (item.quantity != 1 or not plain):
        period = f" {item.price.recurring.words}" if item.price.recurring else ""
        one = in_words(once(item.price), locale)
        price = f"{one}{' each' if plain else ''}, {item.amount.format(locale)} in all{period}"
    tax = _TAX.get(item.price.tax_behavior or "") if isinstance(item.price, OneOffPrice) else None
    return "; ".join(filter(None, (price, tax, adjustable_in_words(item.adjustable_quantity))))


def item_title(item: LineItem) -> str:
    """`2 × Consulting`."""
    return f"{item.quantity:,} × {item.name}"


def adjustable_in_words(adjustable: AdjustableQuantity | None) -> str:
    """`the customer can choose 1 to 5`; empty when the quantity is fixed."""
    if adjustable is None:
        return ""
    least = DEFAULT_MINIMUM if adjustable.minimum is None else adjustable.minimum
    most = DEFAULT_MAXIMUM if adjustable.maximum is None else adjustable.maximum
    return f"the customer can choose {least:,} to {most:,}"
