"""Stripe's price objects, read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.links.line_item import CatalogPrice, OneOffPrice, Recurring
from bot.money import Money, exponent

Stripe = Mapping[str, Any]


def catalog_price(price: Stripe, product_name: str | None = None) -> CatalogPrice:
    """A price of the catalog. Its `product` may be expanded; else `product_name` says what is sold.

    Prices whose amount isn't a plain number (tiers, packages, customer chooses) carry it in words instead.
    """
    words = _words(price)
    return CatalogPrice(
        price=price["id"],
        product_name=product_name or _product_name(price),
        currency=price["currency"],
        unit_amount_decimal=None if words else Decimal(_unit_amount(price)),
        recurring=_recurring(price),
        words=words,
        customer_chooses=bool(price.get("custom_unit_amount")),
    )


def line_item_price(price: Stripe) -> CatalogPrice | OneOffPrice:
    """The price of a live link's item, its product expanded.

    Out of `price_data` Stripe makes a price and a product that aren't in the catalog (`active` is false). So an
    inactive price with a plain amount reads as one-off: as it stands it couldn't be used on another link anyway.
    """
    product = price.get("product")
    listed = price.get("active", True) and not (isinstance(product, Mapping) and not product.get("active", True))
    catalog = catalog_price(price)
    if listed or catalog.words or price.get("unit_amount") is None:
        return catalog
    return OneOffPrice(
        name=catalog.product_name,
        unit_amount=price["unit_amount"],
        currency=catalog.currency,
        recurring=catalog.recurring,
    )


def in_words(price: CatalogPrice | OneOffPrice, locale: str = "en_US") -> str:
    """What it costs: `€10.00 every month`, `€10.00 per 5`, `customer chooses, $5.00 to $500.00`."""
    if isinstance(price, OneOffPrice):
        amount = Money(price.unit_amount, price.currency).format(locale)
    elif price.unit_amount_decimal is None:
        amount = price.words
    else:
        amount = _amount(price.unit_amount_decimal, price.currency, locale)
    return f"{amount} {price.recurring.words}" if price.recurring else amount


def _words(price: Stripe) -> str:
    """The amount of a price that has no plain one; empty for a price that has."""
    currency = price["currency"]
    if custom := price.get("custom_unit_amount"):
        return _range(custom.get("minimum"), custom.get("maximum"), currency)
    if price.get("billing_scheme") == "tiered":
        return _tiers(price, currency)
    amount = _amount(Decimal(_unit_amount(price)), currency)
    if (price.get("recurring") or {}).get("usage_type") == "metered":
        return f"{amount} per unit used"
    if package := price.get("transform_quantity"):
        return f"{amount} per {package['divide_by']}"
    return ""


def _range(minimum: int | None, maximum: int | None, currency: str) -> str:
    low = Money(minimum, currency).format() if minimum is not None else ""
    high = Money(maximum, currency).format() if maximum is not None else ""
    if low and high:
        return f"customer chooses, {low} to {high}"
    if low:
        return f"customer chooses, from {low}"
    return f"customer chooses, up to {high}" if high else "customer chooses"


def _tiers(price: Stripe, currency: str) -> str:
    mode = price.get("tiers_mode") or "tiered"
    amounts = [Decimal(_unit_amount(tier)) for tier in price.get("tiers") or ()]
    return f"from {_amount(min(amounts), currency)}, {mode}" if amounts else f"{mode} tiers"


def _unit_amount(price: Stripe) -> str:
    return str(price.get("unit_amount_decimal") or price.get("unit_amount") or 0)


def _amount(amount: Decimal, currency: str, locale: str = "en_US") -> str:
    """Fractions of a minor unit are written out plainly: `0.0025 USD`."""
    if amount == amount.to_integral_value():
        return Money(int(amount), currency).format(locale)
    major = amount.scaleb(-exponent(currency)).normalize()
    return f"{major:f} {currency.upper()}"


def _product_name(price: Stripe) -> str:
    product = price.get("product")
    name = product.get("name") if isinstance(product, Mapping) else None
    return str(name or price.get("nickname") or price["id"])


def _recurring(price: Stripe) -> Recurring | None:
    if not (recurring := price.get("recurring")):
        return None
    return Recurring(interval=recurring["interval"], interval_count=recurring.get("interval_count") or 1)
