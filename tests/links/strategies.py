"""Drafts and their parts, as Hypothesis makes them."""

from decimal import Decimal

from hypothesis import strategies as st

from bot.links.draft import AdjustableQuantity, CatalogPrice, Interval, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.line_item import MAX_LINE_ITEMS
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.pricing import Package, Tier, Tiered
from bot.money import CURRENCIES, Money, charge_step, max_amount
from tests.links.answers import NEEDS_ADDRESS, NOT_MANAGED, ONE_TIME_ONLY, RECURRING_ONLY, groups
from tests.links.words import any_text, names, rows, thorough

__all__ = ["any_text", "groups", "names", "thorough"]

LOCALES = ("en_US", "en-GB", "de_DE", "fr-FR", "de_CH", "ja_JP", "hi_IN", "ar_EG", "pt-BR", "xx")
LONGEST: tuple[tuple[Interval, int], ...] = (("day", 1095), ("week", 156), ("month", 36), ("year", 3))

currencies = st.sampled_from(CURRENCIES)


@st.composite
def money(draw: st.DrawFn) -> Money:
    """An amount that Stripe charges exactly."""
    currency = draw(currencies)
    return Money(draw(amounts(currency, 0, max_amount(currency))), currency)


def amounts(currency: str, smallest: int, most: int) -> st.SearchStrategy[int]:
    step = charge_step(currency)
    return st.integers(-(-smallest // step), most // step).map(lambda steps: steps * step)


@st.composite
def recurring(draw: st.DrawFn) -> Recurring:
    interval, longest = draw(st.sampled_from(LONGEST))
    return Recurring(interval=interval, interval_count=draw(st.integers(1, longest)))


@st.composite
def one_off_prices(draw: st.DrawFn, currency: str, period: Recurring | None) -> OneOffPrice:
    return OneOffPrice(
        name=draw(names),
        unit_amount=draw(amounts(currency, 1, 100_000)),
        currency=currency,
        recurring=draw(st.sampled_from([None, period])),
        description=draw(st.none() | names),
        tax_behavior=draw(st.sampled_from([None, "exclusive", "inclusive"])),
        tax_code=draw(st.sampled_from([None, "txcd_10000000"])),
    )


decimals = st.integers(0, 100_000).map(Decimal) | st.just(Decimal("0.25"))
tiers = st.builds(Tier, up_to=st.none() | st.integers(1, 100), unit_amount=st.none() | decimals, flat_amount=decimals)
pricings = st.builds(
    Tiered, mode=st.sampled_from(["graduated", "volume"]), tiers=st.lists(tiers, max_size=3).map(tuple)
) | st.builds(Package, divide_by=st.integers(1, 100), round=st.sampled_from(["up", "down"]), unit_label=names)


@st.composite
def catalog_prices(draw: st.DrawFn, currency: str, period: Recurring | None) -> CatalogPrice:
    pricing = draw(st.none() | pricings)
    return CatalogPrice(
        price="price_" + draw(rows),
        product_name=draw(names),
        currency=currency,
        unit_amount_decimal=None if isinstance(pricing, Tiered) else draw(decimals),
        recurring=draw(st.sampled_from([None, period])),
        pricing=pricing,
    )


@st.composite
def quantities(draw: st.DrawFn) -> tuple[int, AdjustableQuantity | None]:
    """A quantity and limits around it, some of them left to Stripe."""
    quantity = draw(st.integers(1, 40))
    if draw(st.booleans()):
        return quantity, None
    minimum = draw(st.none() | st.integers(0, quantity))
    maximum = draw(st.none() | st.integers(quantity, 999_999))
    return quantity, AdjustableQuantity(minimum=minimum, maximum=maximum)


@st.composite
def line_items(draw: st.DrawFn, currency: str, period: Recurring | None, row: str) -> LineItem:
    price = draw(one_off_prices(currency, period) | catalog_prices(currency, period))
    quantity, adjustable = draw(quantities())
    return LineItem(row=row, price=price, quantity=quantity, adjustable_quantity=adjustable)


@st.composite
def options(draw: st.DrawFn, *, recurring: bool, currency: str) -> dict[str, OptionGroup]:
    """Groups that can stand together on a link that recurs, or doesn't."""
    usable = [key for key in GROUPS if key not in (ONE_TIME_ONLY if recurring else RECURRING_ONLY)]
    keys = draw(st.sets(st.sampled_from(usable)))
    if "managed_payments" in keys:
        usable = [key for key in usable if key not in NOT_MANAGED | NEEDS_ADDRESS]
    found = {key: draw(groups(key, recurring=recurring, currency=currency)) for key in usable if key in keys}
    if found.keys() & NEEDS_ADDRESS:
        found.setdefault("shipping_address", draw(groups("shipping_address")))
    return {key: found[key] for key in GROUPS if key in found}


@st.composite
def drafts(draw: st.DrawFn, most_items: int = MAX_LINE_ITEMS) -> LinkDraft:
    """A draft that can be created as it is."""
    currency = draw(currencies)
    period = draw(recurring())
    unique = draw(st.lists(rows, min_size=1, max_size=min(most_items, 6), unique=True))
    items = tuple(draw(line_items(currency, period, row)) for row in unique)
    return LinkDraft(
        name=draw(st.just("") | names)[:100].strip(),
        line_items=items,
        options=draw(options(recurring=any(item.price.recurring for item in items), currency=currency)),
        notify_channel=draw(st.none() | rows.map(lambda row: f"C{row.upper()}")),
    )
