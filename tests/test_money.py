"""Money: exact digits by Stripe's rules, and no guess about what was typed."""

import pytest
from babel.numbers import parse_decimal
from hypothesis import given
from hypothesis import strategies as st

from bot.money import (
    CURRENCIES,
    AmountError,
    Money,
    amount_problem,
    charge_step,
    exponent,
    is_currency,
    max_amount,
    parse_amount,
)
from tests.links.strategies import LOCALES, currencies, money, thorough


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        (30000, "eur", "en_US", "€300.00"),
        (30000, "eur", "de-DE", "300,00\u00a0€"),
        (500, "jpy", "en_US", "¥500"),
        (500, "jpy", "ja_JP", "￥500"),
        (123450, "usd", "de_CH", "$\u00a01’234.50"),
        (1230, "kwd", "en_US", "KWD\u00a01.230"),
        (50000, "isk", "en_US", "ISK\u00a0500"),
        (50050, "isk", "en_US", "ISK\u00a0500.50"),
        (1000, "huf", "en_US", "HUF\u00a010.00"),
        (1000, "twd", "en_US", "NT$10.00"),
        (1000, "mga", "en_US", "MGA\u00a01,000"),
        (12345678900, "inr", "hi_IN", "₹12,34,56,789.00"),
        (1050, "gbp", "zz-nowhere", "£10.50"),
        (-1050, "gbp", "en_US", "-£10.50"),
    ],
)
def test_format_shows_exactly_stripes_digits(amount: int, currency: str, locale: str, shown: str) -> None:
    assert Money(amount, currency).format(locale).replace("\u00a0", " ") == shown.replace("\u00a0", " ")


@thorough
@given(money())
def test_the_plain_form_parses_back(amount: Money) -> None:
    assert parse_amount(amount.plain(), amount.currency) == amount


@thorough
@given(money())
def test_english_grouping_parses_back(amount: Money) -> None:
    whole, _, decimals = amount.plain().partition(".")
    grouped = f"{int(whole):,}"
    text = f"{grouped}.{decimals}" if decimals else grouped
    assert parse_amount(text, amount.currency) == amount


@thorough
@given(money(), st.sampled_from(LOCALES[:6]))
def test_the_localised_form_says_the_same_number(amount: Money, locale: str) -> None:
    name = locale.replace("-", "_")
    shown = amount.format(locale)
    digits = "".join(c for c in shown if c.isdigit())
    scaled = digits.ljust(len(digits) + (2 if amount.currency in ("isk", "ugx") else 0), "0")
    assert int(scaled) == amount.amount
    separated = "".join(c for c in shown if c.isdigit() or c in ",.'’ \u00a0\u202f").strip()
    if separated.replace(" ", "") and separated[-1:].isdigit() and separated[0].isdigit():
        assert parse_decimal(separated, locale=name) == amount._major()


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("1,234.50", "eur", 123450),
        ("1.234,50", "eur", 123450),
        ("1 234,50", "eur", 123450),
        ("1\u202f234,50", "eur", 123450),
        ("1'234.50", "chf", 123450),
        ("1,50", "eur", 150),
        ("1,5", "eur", 150),
        ("1,500", "usd", 150000),
        ("12,34,567.5", "inr", 123456750),
        ("1.234.567", "jpy", 1234567),
        ("1,234", "jpy", 1234),
        ("2500000", "idr", 250000000),
        ("12.340", "kwd", 12340),
        ("  7 ", "usd", 700),
        ("500", "isk", 50000),
        ("500.00", "isk", 50000),
        ("0", "usd", 0),
        ("007", "usd", 700),
        ("999999.99", "usd", 99_999_999),
    ],
)
def test_what_is_clear_is_understood(text: str, currency: str, amount: int) -> None:
    assert parse_amount(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "currency", "reason"),
    [
        ("", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1e9", "usd", "Write the amount in plain digits, like 1234.50."),
        ("１２", "usd", "Write the amount in plain digits, like 1234.50."),
        ("٣", "usd", "Write the amount in plain digits, like 1234.50."),
        ("0x10", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1_000", "usd", "Write the amount in plain digits, like 1234.50."),
        ("NaN", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1,23,4", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1,234.567.8", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1.234.567.8", "usd", "Write the amount in plain digits, like 1234.50."),
        ("1.5.", "usd", "Write the amount in plain digits, like 1234.50."),
        (".", "usd", "Write the amount in plain digits, like 1234.50."),
        ("+5", "usd", "Write the amount in plain digits, like 1234.50."),
        ("-5", "usd", "An amount can't be negative. Write it without the minus sign."),
        ("−5", "usd", "An amount can't be negative. Write it without the minus sign."),
        ("12.345", "usd", "USD has 2 decimals. Write the amount like 1234.50."),
        ("0,500", "usd", "USD has 2 decimals. Write the amount like 1234.50."),
        ("100.5", "jpy", "JPY has no decimals. Write a whole number."),
        ("1,5", "jpy", "JPY has no decimals. Write a whole number."),
        ("1,500", "kwd", "1,500 can mean two amounts. Write 1500 or 1.500."),
        ("1.234", "kwd", "Stripe charges KWD in steps of 0.010. End the amount in 0."),
        ("5.50", "isk", "ISK is charged in whole units. Leave out the decimals."),
        ("1000000", "usd", "That is more than Stripe allows. Write $999,999.99 or less."),
        ("9" * 41, "usd", "That is too long for an amount. Write it like 1234.50."),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(text: str, currency: str, reason: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(text, currency)
    assert str(refused.value) == reason


@thorough
@given(st.text(st.sampled_from("0123456789.,' -+eE$€x\u202f٣１\x00"), max_size=50) | st.text(max_size=50), currencies)
def test_any_text_is_an_amount_that_stripe_charges_or_refused(text: str, currency: str) -> None:
    try:
        parsed = parse_amount(text, currency)
    except AmountError:
        return
    assert amount_problem(parsed) is None
    assert parsed.currency == currency


def test_the_currencies_are_stripes() -> None:
    assert len(CURRENCIES) == len(set(CURRENCIES))
    assert list(CURRENCIES) == sorted(CURRENCIES)
    assert is_currency("EUR")
    assert not is_currency("xyz")
    assert {code for code in CURRENCIES if exponent(code) == 3} == {"bhd", "jod", "kwd", "omr", "tnd"}
    assert {code for code in CURRENCIES if charge_step(code) == 100} == {"isk", "ugx"}
    assert {code: len(str(max_amount(code))) for code in CURRENCIES if max_amount(code) > 99_999_999} == {
        "cop": 10,
        "huf": 10,
        "idr": 12,
        "inr": 9,
        "jpy": 10,
    }
    assert exponent("ugx") == exponent("huf") == exponent("twd") == 2
