"""The words at the end of a quick item: the price and the billing period, and where they stand."""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import category

from babel.numbers import get_currency_symbol

from bot.links.line_item import Interval, Recurring
from bot.money import CURRENCIES, is_currency

Span = tuple[int, int]

NOT_A_PERIOD = "That isn't a billing period. Write /day, /week, /month or /year, or every 2 weeks."

_UNITS: dict[str, tuple[Interval, int]] = {
    **dict.fromkeys(("d", "day", "days"), ("day", 1)),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), ("week", 1)),
    **dict.fromkeys(("m", "mo", "mos", "month", "months"), ("month", 1)),
    **dict.fromkeys(("q", "quarter", "quarters"), ("month", 3)),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), ("year", 1)),
}
_ADVERBS: dict[str, tuple[Interval, int]] = {
    "daily": ("day", 1),
    "weekly": ("week", 1),
    "monthly": ("month", 1),
    "quarterly": ("month", 3),
    "yearly": ("year", 1),
    "annually": ("year", 1),
}
_COUNT_AND_UNIT = re.compile(r"\s*(?:([0-9]{1,4})\s*)?([a-z]+)", re.IGNORECASE)
_WORD = re.compile(r"\S+")

_DOLLARS = frozenset(
    {"ars", "aud", "bbd", "bmd", "bnd", "bsd", "bzd", "cad", "clp", "cop", "dop", "fjd", "gyd", "hkd", "jmd", "kyd"}
    | {"lrd", "mxn", "nad", "nzd", "sbd", "sgd", "srd", "ttd", "twd", "usd", "uyu", "xcd"}
)
"""Currencies whose people write a plain `$`."""


@dataclass(frozen=True, slots=True)
class Period:
    recurring: Recurring
    span: Span


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` as it was typed; `currency` is None when none was. `span` covers both."""

    amount: str
    amount_span: Span
    currency: str | None
    currency_span: Span | None
    span: Span


def period(text: str, body: Span) -> Period | None:
    """The billing period at the end of `text[body]`: `/month`, `/3 months`, `every 2 weeks`, `monthly`."""
    found = _words(text, body)
    if found and (known := _ADVERBS.get(text[found[-1][0] : found[-1][1]].lower())):
        return Period(Recurring(interval=known[0], interval_count=known[1]), found[-1])
    slash = text.rfind("/", *body)
    starts = [(slash, slash + 1)] if slash >= 0 else []
    starts += [(a, b) for a, b in found[-3:] if text[a:b].lower() in ("every", "each", "per")]
    for start, after in starts:
        match = _COUNT_AND_UNIT.fullmatch(text, after, body[1])
        if match and (unit := _UNITS.get(match.group(2).lower())):
            count = int(match.group(1) or 1) * unit[1]
            return Period(Recurring(interval=unit[0], interval_count=count), (start, body[1]))
    return None


def price(text: str, body: Span, default_currency: str) -> Price | None:
    """The price at the end of `text[body]`, its currency before or after the amount; None when there is none."""
    found = _words(text, body)
    if not found:
        return None
    last = found[-1]
    after = currency(text[last[0] : last[1]], default_currency)
    if after is None and not _has_digit(text, last):
        return None
    if after is not None:
        if len(found) < 2 or not _has_digit(text, found[-2]):
            return None
        amount = found[-2]
        return Price(text[amount[0] : amount[1]], amount, after, last, (amount[0], last[1]))
    return _glued(text, last, default_currency) or _currency_before(text, found, default_currency)


def currency(word: str, default_currency: str) -> str | None:
    """The currency a word stands for: a code, or a symbol (`$` and `¥` as in the default currency's country)."""
    if word == "$":
        return default_currency if default_currency in _DOLLARS else "usd"
    if word == "¥":
        return "cny" if default_currency == "cny" else "jpy"
    return word.lower() if is_currency(word) else _symbols().get(word.lower())


def after_last_number(text: str, body: Span) -> Span | None:
    """What follows the last word with a digit in it; None when no word has one, or nothing follows."""
    found = _words(text, body)
    numbers = [at for at, span in enumerate(found) if _has_digit(text, span)]
    if not numbers or numbers[-1] + 1 == len(found):
        return None
    return found[numbers[-1] + 1][0], found[-1][1]


def _glued(text: str, word: Span, default_currency: str) -> Price | None:
    """`€150`, `150€`, `150eur`: a currency without a space. Code letters only count after the digits."""
    start, end = word
    marks = sorted(("$", "¥", *_symbols()), key=len, reverse=True)
    said = text[start:end].lower()
    for mark in marks:
        if said.startswith(mark) and len(said) > len(mark):
            cut = start + len(mark)
            return Price(text[cut:end], (cut, end), currency(mark, default_currency), (start, cut), word)
    for mark in (*marks, *CURRENCIES):
        if said.endswith(mark) and said[: -len(mark)][-1:].isdigit():
            cut = end - len(mark)
            return Price(text[start:cut], (start, cut), currency(mark, default_currency), (cut, end), word)
    return None


def _currency_before(text: str, found: list[Span], default_currency: str) -> Price:
    last = found[-1]
    amount = text[last[0] : last[1]]
    before = found[-2] if len(found) > 1 else None
    code = currency(text[before[0] : before[1]], default_currency) if before else None
    if before is None or code is None:
        return Price(amount, last, None, None, last)
    return Price(amount, last, code, before, (before[0], last[1]))


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    """Symbols that mean one currency, as English writes them: `€`, `ca$`, `₹`, …, and the euro by name."""
    known = {get_currency_symbol(code.upper(), locale="en_US").lower(): code for code in CURRENCIES}
    marks = {mark: code for mark, code in known.items() if category(mark[-1]) == "Sc" and mark not in ("$", "¥")}
    return {**marks, "us$": "usd", "euro": "eur", "euros": "eur"}


def _words(text: str, body: Span) -> list[Span]:
    return [match.span() for match in _WORD.finditer(text, *body)]


def _has_digit(text: str, word: Span) -> bool:
    return any(character.isdigit() for character in text[word[0] : word[1]])
