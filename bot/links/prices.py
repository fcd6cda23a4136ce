"""Stripe's price objects, read, and any price in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

from bot.links.line_item import CatalogPrice, OneOffPrice, Recurring
from bot.links.pricing import Chosen, Package, Pricing, Tier, Tiered
from bot.money import Money, exponent

Stripe = Mapping[str, Any]
AnyPrice = TypeVar("AnyPrice", CatalogPrice, OneOffPrice, CatalogPrice | OneOffPrice)


def catalog_price(price: Stripe, product: Stripe | None = None) -> CatalogPrice:
    """A price of the catalog. `product` is what it sells, unless that is expanded in it; `tiers`, where it has any,
    should be."""
    expanded = price.get("product")
    known = product or (expanded if isinstance(expanded, Mapping) else {})
    has_amount = not (price.get("custom_unit_amount") or price.get("billing_scheme") == "tiered")
    return CatalogPrice(
        price=price["id"],
        product_name=str(known.get("name") or price.get("nickname") or price["id"]),
        currency=price["currency"],
        unit_amount_decimal=_unit_amount(price) if has_amount else None,
        recurring=_recurring(price),
        pricing=_pricing(price, str(known.get("unit_label") or "")),
        metered=(price.get("recurring") or {}).get("usage_type") == "metered",
    )


def line_item_price(price: Stripe, currency: str) -> CatalogPrice | OneOffPrice:
    """The price of a live link's item in the link's currency, its product expanded, and its `currency_options` where
    that isn't the price's own.

    Out of `price_data` Stripe makes a price and a product that aren't in the catalog (`active` is false). So an
    inactive price with a plain amount reads as one-off: as it stands it couldn't be used on another link anyway.
    """
    product = price.get("product")
    known = product if isinstance(product, Mapping) else {}
    listed = price.get("active", True) and known.get("active", True)
    is_further = currency != price["currency"]
    price = _in_currency(price, currency) if is_further else price
    catalog = catalog_price(price).model_copy(update={"is_further": is_further})
    if listed or not catalog.is_plain or price.get("unit_amount") is None:
        return catalog
    return OneOffPrice(
        name=catalog.product_name,
        unit_amount=price["unit_amount"],
        currency=catalog.currency,
        recurring=catalog.recurring,
        description=known.get("description") or None,
        tax_behavior=tax if (tax := price.get("tax_behavior")) != "unspecified" else None,
        tax_code=known.get("tax_code") or None,
    )


def _in_currency(price: Stripe, currency: str) -> Stripe:
    """The price with its amounts in another of its currencies; without any where these aren't known."""
    option = (price.get("currency_options") or {}).get(currency) or {}
    amounts = {name: option.get(name) for name in ("unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers")}
    if not option and price.get("custom_unit_amount"):
        amounts["custom_unit_amount"] = {"enabled": True}
    return {**price, **amounts, "currency": currency}


def once(price: AnyPrice) -> AnyPrice:
    """The same without its billing period."""
    return price.model_copy(update={"recurring": None})


def in_words(price: CatalogPrice | OneOffPrice, locale: str = "en_US") -> str:
    """What it costs: `€10.00 every month`, `€10.00 per 5 seats`, `from $9.00, graduated`,
    `customer chooses, $5–$500`."""
    if isinstance(price, OneOffPrice):
        words = Money(price.unit_amount, price.currency).format(locale)
    else:
        words = _catalog_words(price, locale)
    return f"{words} {price.recurring.words}" if price.recurring else words


def amount_in_words(amount: Decimal, currency: str, locale: str = "en_US") -> str:
    """Minor units as people write them; with a fraction of one written out plainly: `0.0025 USD`."""
    if amount == amount.to_integral_value():
        return Money(int(amount), currency).format(locale)
    major = amount.scaleb(-exponent(currency)).normalize()
    return f"{major:f} {currency.upper()}"


def tiers_in_words(tiered: Tiered, currency: str, locale: str = "en_US") -> str:
    """Every tier: `1–10: $9.00 each; 11–50: $8.00 each + $20.00; from 51: $5.00 each`."""
    words, below = [], 0
    for tier in tiered.tiers:
        first = below + 1
        units = f"from {first:,}" if tier.up_to is None else f"{first:,}–{tier.up_to:,}"
        each = [] if tier.unit_amount is None else [f"{amount_in_words(tier.unit_amount, currency, locale)} each"]
        flat = [] if not tier.flat_amount else [amount_in_words(tier.flat_amount, currency, locale)]
        words.append(f"{units}: {' + '.join((*each, *flat)) or 'free'}")
        below = tier.up_to or below
    return "; ".join(words)


def _catalog_words(price: CatalogPrice, locale: str) -> str:
    if isinstance(price.pricing, Chosen):
        return _range(price.pricing, price.currency, locale)
    if isinstance(price.pricing, Tiered):
        words = _tiers(price.pricing, price.currency, locale)
    elif price.unit_amount_decimal is None:
        words = "as set in Stripe"
    else:
        words = amount_in_words(price.unit_amount_decimal, price.currency, locale)
        if price.pricing:
            words = f"{words} per {_package(price.pricing)}"
    return f"{words} per unit used" if price.metered and not price.pricing else words


def _range(chosen: Chosen, currency: str, locale: str) -> str:
    low, high = (
        "" if bound is None else Money(bound, currency).format(locale, short=True)
        for bound in (chosen.minimum, chosen.maximum)
    )
    if low and high:
        return f"customer chooses, {low}–{high}"
    if low:
        return f"customer chooses, from {low}"
    return f"customer chooses, up to {high}" if high else "customer chooses"


def _tiers(tiered: Tiered, currency: str, locale: str) -> str:
    units = [tier.from_unit for tier in tiered.tiers if tier.from_unit is not None]
    fees = [tier.flat_amount for tier in tiered.tiers if tier.flat_amount is not None]
    if units:
        return f"from {amount_in_words(min(units), currency, locale)}, {tiered.mode}"
    if fees:
        return f"from {amount_in_words(min(fees), currency, locale)} in all, {tiered.mode}"
    return f"{tiered.mode} tiers"


def _package(package: Package) -> str:
    """`5 seats`; products give the label of one."""
    label = package.unit_label
    several = label if not label or package.divide_by == 1 or label.endswith("s") else f"{label}s"
    return f"{package.divide_by:,} {several}".rstrip()


def _pricing(price: Stripe, unit_label: str) -> Pricing | None:
    if custom := price.get("custom_unit_amount"):
        return Chosen(minimum=custom.get("minimum"), maximum=custom.get("maximum"), preset=custom.get("preset"))
    if price.get("billing_scheme") == "tiered":
        mode = price.get("tiers_mode") or "graduated"
        return Tiered(mode=mode, tiers=tuple(_tier(tier) for tier in price.get("tiers") or ()))
    if package := price.get("transform_quantity"):
        return Package(divide_by=package["divide_by"], round=package.get("round") or "up", unit_label=unit_label)
    return None


def _tier(tier: Stripe) -> Tier:
    amounts = {name: _unit_amount(tier, name) for name in ("unit_amount", "flat_amount")}
    return Tier(up_to=tier.get("up_to"), **amounts)


def _unit_amount(holder: Stripe, name: str = "unit_amount") -> Decimal | None:
    exact, whole = holder.get(f"{name}_decimal"), holder.get(name)
    found = whole if exact is None else exact
    return None if found is None else Decimal(str(found))


def _recurring(price: Stripe) -> Recurring | None:
    if not (recurring := price.get("recurring")):
        return None
    return Recurring(interval=recurring["interval"], interval_count=recurring.get("interval_count") or 1)
