"""Totals: what Stripe will charge today and later, as amounts and in words."""

from decimal import Decimal

import pytest
from hypothesis import given

from bot.links.draft import CatalogPrice, LineItem, LinkDraft, OneOffPrice, Recurring
from bot.links.options import GROUPS
from bot.links.options.fields import build
from bot.links.pricing import Tiered
from bot.links.totals import Totals, totals_in_words
from bot.money import Money
from tests.links.strategies import drafts, thorough

MONTH = Recurring(interval="month")
TIERS = Tiered(mode="graduated")


def item(amount: int, quantity: int = 1, period: Recurring | None = None, currency: str = "eur") -> LineItem:
    price = OneOffPrice(name="Thing", unit_amount=amount, currency=currency, recurring=period)
    return LineItem(price=price, quantity=quantity)


def tiered(name: str, period: Recurring | None = None) -> LineItem:
    price = CatalogPrice(price="p", product_name=name, currency="eur", pricing=TIERS, recurring=period)
    return LineItem(price=price)


def draft(*items: LineItem) -> LinkDraft:
    return LinkDraft(line_items=items)


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (draft(), "Nothing to pay yet"),
        (draft(item(15000, 2)), "€300.00 today"),
        (draft(item(4990, 1, MONTH)), "€49.90 every month"),
        (draft(item(15000, 2), item(4990, 1, MONTH)), "€349.90 today, then €49.90 every month"),
        (draft(item(100, 1, Recurring(interval="week", interval_count=2))), "€1.00 every 2 weeks"),
        (draft(item(100, 1, MONTH), item(200, 2, MONTH)), "€5.00 every month"),
        (
            draft(item(100, 1, MONTH), item(200, 1, Recurring(interval="year"))),
            "€3.00 today, then €1.00 every month, then €2.00 every year",
        ),
        (draft(item(100), tiered("Seats")), "€1.00 today, plus Seats (graduated tiers)"),
        (draft(tiered("Seats"), tiered("Rooms")), "Seats (graduated tiers) and Rooms (graduated tiers)"),
        (draft(item(100), item(100, currency="usd")), "No total: the items are in more than one currency"),
        (draft(item(500, 1, None, "jpy")), "¥500 today"),
    ],
)
def test_totals_in_words(of: LinkDraft, words: str) -> None:
    assert totals_in_words(of) == words


def test_amounts_are_in_the_readers_locale() -> None:
    assert totals_in_words(draft(item(123450)), "de-DE") == "1.234,50\u00a0€ today"


def test_tax_that_is_not_known_is_said() -> None:
    taxed = draft(item(100)).with_option(build(GROUPS["tax"], {}))
    assert totals_in_words(taxed) == "€1.00 today, plus tax where it applies"


@pytest.mark.parametrize(
    ("items", "days", "words"),
    [
        ([item(4990, 1, MONTH)], 14, "14 days free, then €49.90 every month"),
        ([item(15000, 2), item(4990, 1, MONTH)], 1, "€300.00 today, 1 day free, then €49.90 every month"),
        ([item(100)], 14, "€1.00 today"),
    ],
)
def test_during_a_free_trial_nothing_recurring_is_due(items: list[LineItem], days: int, words: str) -> None:
    trial = build(GROUPS["subscription"], {"subscription_data.trial_period_days": days})
    assert totals_in_words(draft(*items).with_option(trial)) == words


def test_fractions_are_rounded_for_the_row_as_a_whole() -> None:
    price = CatalogPrice(price="p", product_name="Call", currency="usd", unit_amount_decimal=Decimal("0.25"))
    assert draft(LineItem(price=price, quantity=10)).totals() == Totals(Money(3, "usd"), (), ())


@thorough
@given(drafts())
def test_today_is_everything_that_is_known(of: LinkDraft) -> None:
    found = of.totals()
    due = [item for item in of.line_items if not (item.price.recurring and found.trial_days)]
    known = [item.amount for item in due if item.amount]
    assert (found.today.amount if found.today else 0) == sum(money.amount for money in known)
    if not found.trial_days:
        assert sum(money.amount for _, money in found.recurring) <= (found.today.amount if found.today else 0)
    assert len(found.open) == sum(item.amount is None for item in of.line_items) + len(
        {"tax", "shipping_rates"} & of.options.keys()
    )
