"""Tiers and amounts as people type them."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.currency_amounts import read_options, tier_params, write_options
from bot.links.pricing import Tier
from bot.links.tiers import EXAMPLE, MOST_TIERS, read_amount, read_tiers, write_amount, write_tiers
from bot.money import AmountError, charge_step
from tests.links.words import thorough

currencies = st.sampled_from(["usd", "jpy", "kwd", "isk"])


@st.composite
def typed_amounts(draw: st.DrawFn, currency: str) -> Decimal:
    """What can be typed: whole steps of the currency, or a fraction below one."""
    whole = draw(st.integers(0, 10_000).map(lambda number: Decimal(number * charge_step(currency))))
    fine = draw(st.integers(1, 999).map(lambda number: Decimal(number).scaleb(-4)))
    return draw(st.sampled_from([whole, fine]))


@st.composite
def typed_tiers(draw: st.DrawFn) -> tuple[str, tuple[Tier, ...]]:
    currency = draw(currencies)
    bounds = sorted(draw(st.sets(st.integers(1, 10**9), max_size=MOST_TIERS - 1)))
    amounts = typed_amounts(currency)
    either = st.tuples(amounts, st.none() | amounts) | st.tuples(st.none(), amounts)
    pairs = [draw(either) for _ in (*bounds, None)]
    tiers = zip((*bounds, None), pairs, strict=True)
    return currency, tuple(Tier(up_to=bound, unit_amount=unit, flat_amount=flat) for bound, (unit, flat) in tiers)


@thorough
@given(typed_tiers())
def test_tiers_are_read_as_they_are_written(typed: tuple[str, tuple[Tier, ...]]) -> None:
    currency, tiers = typed
    assert read_tiers(write_tiers(tiers, currency), currency) == tiers


@thorough
@given(currencies.flatmap(lambda currency: st.tuples(st.just(currency), typed_amounts(currency))))
def test_amounts_are_read_as_they_are_written(typed: tuple[str, Decimal]) -> None:
    currency, amount = typed
    assert read_amount(write_amount(amount, currency), currency) == amount


@pytest.mark.parametrize(("text", "currency"), [("0.005", "kwd"), ("0.50", "isk"), ("1.0025", "usd")])
def test_amounts_that_stripe_does_not_charge_are_refused(text: str, currency: str) -> None:
    with pytest.raises(AmountError):
        read_amount(text, currency)


def test_the_example_is_right_and_so_are_other_ways_to_write_it() -> None:
    tiers = (
        Tier(up_to=10, unit_amount=Decimal(900)),
        Tier(up_to=1050, unit_amount=Decimal(800), flat_amount=Decimal(2000)),
        Tier(unit_amount=Decimal(500)),
    )
    assert read_tiers(EXAMPLE.replace("50 =", "1050 ="), "usd") == tiers
    assert read_tiers("up to 10 = 9 each\n\n 11-1,050 = 8 + 20\nMore = 5.00 per unit", "usd") == tiers
    assert read_tiers("rest = 20 flat", "usd") == (Tier(flat_amount=Decimal(2000)),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("10 = 9.00", "Line 1: the last line, and only that, is for all above: begin it with rest =."),
        ("rest = 9\nrest = 8", "Line 1: the last line, and only that, is for all above: begin it with rest =."),
        ("10 9.00\nrest = 1", "Line 1: write it as 10 = 9.00, the last one as rest = 5.00."),
        ("ten = 9.00\nrest = 1", "Line 1: before the =, write the most units of the tier, like 10."),
        ("0 = 9.00\nrest = 1", "Line 1: write 1 or more before the =."),
        ("10 = 9\n10 = 8\nrest = 1", "Line 2: write more than 10: tiers go up."),
        ("10 = 9\n12-20 = 8\nrest = 1", "Line 2: begin at 11, right after the tier before."),
        ("rest = 1 flat + 2 flat", "Line 1: write one amount for each unit, and after a + one flat fee."),
        ("rest = nine", "Line 1: Write the amount in plain digits, like 1234.50."),
        ("rest = 1.005", "Line 1: USD has 2 decimals. Write the amount like 1234.50."),
        ("\n".join(f"{number} = 1" for number in range(1, 22)), "Write at most 20 tiers; these are 21."),
    ],
)
def test_what_cannot_be_read_is_told_by_its_line(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_tiers(text, "usd")


def test_fractions_of_a_cent_are_taken_below_one_only() -> None:
    assert read_amount("0.0025", "usd") == Decimal("0.25")
    for text in ("1.230", "12.005", "0.123456789012345"):
        with pytest.raises(AmountError):
            read_amount(text, "usd")


def test_a_tier_as_stripe_takes_it() -> None:
    tiers = read_tiers("10 = 9.00 + 0.005 flat\nrest = 0.0025", "usd")
    assert tier_params(tiers) == [
        {"up_to": 10, "unit_amount": 900, "flat_amount_decimal": "0.5"},
        {"up_to": "inf", "unit_amount_decimal": "0.25"},
    ]


def test_further_currencies_of_every_kind() -> None:
    assert read_options("usd = 11\n JPY = 1500 ", "eur", "flat") == {
        "usd": {"unit_amount": 1100},
        "jpy": {"unit_amount": 1500},
    }
    chosen = read_options("usd = 5 to 500, suggested 20\ngbp = from 5\nchf = up to 9, 3\njpy = any", "eur", "custom")
    assert {currency: option["custom_unit_amount"] for currency, option in chosen.items()} == {
        "usd": {"enabled": True, "minimum": 500, "maximum": 50000, "preset": 2000},
        "gbp": {"enabled": True, "minimum": 500},
        "chf": {"enabled": True, "maximum": 900, "preset": 300},
        "jpy": {"enabled": True},
    }
    tiers = read_tiers("10 = 9\nrest = 5", "eur")
    assert read_options("usd = 10 + 1; 6", "eur", "tiered", tiers)["usd"]["tiers"] == [
        {"up_to": 10, "unit_amount": 1000, "flat_amount": 100},
        {"up_to": "inf", "unit_amount": 600},
    ]


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("usd 11", "flat", "Line 1: write it as usd = 11.00."),
        ("usd = 1\nUSD = 2", "flat", "Line 2: USD is there already. Write each currency once."),
        ("eur = 1", "flat", "Line 1: EUR is there already. Write each currency once."),
        ("abc = 1", "flat", "Line 1: abc isn't a currency that Stripe supports. Write its code, like usd."),
        ("jpy = 1.50", "flat", "Line 1: JPY has no decimals. Write a whole number."),
        ("usd = 5", "custom", "Line 1: write it as usd = 5.00 to 500.00, suggested 20.00 (or from, up to, any)."),
        ("usd = 5", "tiered", "Line 1: write an amount for each of the 2 tiers, with a ; between them."),
    ],
)
def test_what_is_wrong_with_a_further_currency(text: str, kind: str, reason: str) -> None:
    tiers = read_tiers("10 = 9\nrest = 5", "eur")
    with pytest.raises(ValueError, match=f"^{re.escape(reason)}$"):
        read_options(text, "eur", kind, tiers)


def test_further_currencies_are_written_as_they_are_read() -> None:
    options = {
        "eur": {"unit_amount": 900, "unit_amount_decimal": "900"},
        "usd": {"unit_amount": 1100, "unit_amount_decimal": "1100"},
        "chf": {"unit_amount": None, "unit_amount_decimal": "0.5"},
        "gbp": {"unit_amount": None, "unit_amount_decimal": None},
    }
    text = write_options(options, "eur")
    assert text == "chf = 0.005\nusd = 11.00"
    assert read_options(text, "eur", "flat") == {"chf": {"unit_amount_decimal": "0.5"}, "usd": {"unit_amount": 1100}}
