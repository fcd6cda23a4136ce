"""Drafts and their parts, as Hypothesis makes them."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from bot.links.draft import AdjustableQuantity, CatalogPrice, Interval, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.options.fields import Answer, build
from bot.links.rules import MAX_LINE_ITEMS
from bot.links.text import clean_line, clean_text
from bot.money import CURRENCIES, Money, charge_step, max_amount

thorough = settings(deadline=None, derandomize=True, max_examples=100)
"""For property tests: the same examples every time, and no clock."""

LOCALES = ("en_US", "en-GB", "de_DE", "fr-FR", "de_CH", "ja_JP", "hi_IN", "ar_EG", "pt-BR", "xx")
LONGEST: tuple[tuple[Interval, int], ...] = (("day", 1095), ("week", 156), ("month", 36), ("year", 3))

currencies = st.sampled_from(CURRENCIES)
any_text = st.text(st.characters(codec="utf-8"), max_size=300)
names = any_text.map(lambda text: clean_line(text)[:250].strip()).filter(bool)
rows = st.text("0123456789abcdef", min_size=8, max_size=8)


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
    )


@st.composite
def catalog_prices(draw: st.DrawFn, currency: str, period: Recurring | None) -> CatalogPrice:
    plain = draw(st.booleans())
    return CatalogPrice(
        price="price_" + draw(rows),
        product_name=draw(names),
        currency=currency,
        unit_amount_decimal=draw(st.integers(1, 100_000).map(Decimal)) if plain else None,
        recurring=draw(st.sampled_from([None, period])),
        words="" if plain else "graduated tiers",
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


messages = any_text.map(lambda text: clean_text(text)[:500].strip()).filter(bool)
ANSWERS: dict[str, st.SearchStrategy[dict[str, Answer]]] = {
    "after_completion": st.one_of(
        st.fixed_dictionaries(
            {
                "after_completion.type": st.just("hosted_confirmation"),
                "after_completion.hosted_confirmation.custom_message": messages,
            }
        ),
        st.fixed_dictionaries(
            {
                "after_completion.type": st.just("redirect"),
                "after_completion.redirect.url": rows.map(
                    lambda row: f"https://example.com/{row}?s={{CHECKOUT_SESSION_ID}}"
                ),
            }
        ),
    ),
    "completed_sessions": st.fixed_dictionaries(
        {"restrictions.completed_sessions.limit": st.integers(1, 10**6), "inactive_message": st.none() | messages}
    ),
}


def groups(key: str) -> st.SearchStrategy[OptionGroup]:
    """The group of this key, filled in without a mistake."""
    nothing: dict[str, Answer] = {}
    return ANSWERS.get(key, st.just(nothing)).map(lambda answers: build(GROUPS[key], answers))


@st.composite
def options(draw: st.DrawFn) -> dict[str, OptionGroup]:
    keys = draw(st.sets(st.sampled_from(list(GROUPS))))
    return {key: draw(groups(key)) for key in GROUPS if key in keys}


@st.composite
def drafts(draw: st.DrawFn, most_items: int = MAX_LINE_ITEMS) -> LinkDraft:
    """A draft that can be created as it is."""
    currency = draw(currencies)
    period = draw(recurring())
    unique = draw(st.lists(rows, min_size=1, max_size=min(most_items, 6), unique=True))
    return LinkDraft(
        name=draw(st.just("") | names)[:100].strip(),
        line_items=tuple(draw(line_items(currency, period, row)) for row in unique),
        options=draw(options()),
        notify_channel=draw(st.none() | rows.map(lambda row: f"C{row.upper()}")),
    )
