"""Money: whole minor units and a currency, by Stripe's rules. Never a float.

The rules are those of Stripe's "Supported currencies" page (docs.stripe.com/currencies), which differ from CLDR's:
ISK and UGX are sent with two decimals that must be 00, HUF and TWD have two, three-decimal currencies end in 0.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern, format_decimal, get_currency_symbol, parse_pattern

_SUPPORTED = (
    "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl "
    "bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur "
    "fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy "
    "kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop "
    "mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg "
    "qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top "
    "try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw"
)

CURRENCIES: tuple[str, ...] = tuple(_SUPPORTED.split())
"""Stripe's presentment currencies, as Stripe writes them (lower case), in alphabetical order."""

_ZERO_DECIMAL = frozenset(
    ("bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf")
)
_THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
_WHOLE_UNITS_ONLY = frozenset({"isk", "ugx"})
_DIGITS = {"cop": 10, "huf": 10, "idr": 12, "inr": 9, "jpy": 10}

_PLAIN = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_COMMA_DECIMALS = re.compile(r"\d+,\d+", re.ASCII)
_GROUPED = re.compile(r"(?:[1-9]\d{0,2}(?:G\d{3})+|[1-9]\d?(?:G\d\d)+G\d{3})".replace("G", "[ ,.'’]"), re.ASCII)


class AmountError(ValueError):
    """The text is not an amount; `str(error)` is the reason, for a person."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units of `currency` (Stripe's lower-case code)."""

    amount: int
    currency: str

    def plain(self) -> str:
        """The amount in major units as a machine writes it: `1234.50`, `500` (yen), `1.230` (dinar)."""
        return f"{self._major():.{exponent(self.currency)}f}"

    def format(self, locale: str = "en_US", *, short: bool = False) -> str:
        """The amount as people of `locale` write it, with exactly the digits it has: `€300.00`, `300,00 €`, `¥500`.

        With `short`, whole amounts come without decimals: `€300`. An unknown locale reads as US English.
        """
        whole = self.amount % 10 ** exponent(self.currency) == 0
        whole_units = whole and (short or self.currency in _WHOLE_UNITS_ONLY)
        digits = 0 if whole_units else exponent(self.currency)
        known = _locale(locale)
        return format_decimal(self._major(), _pattern(known, self.currency.upper(), digits), known)

    def _major(self) -> Decimal:
        return Decimal(self.amount).scaleb(-exponent(self.currency))


def is_currency(code: str) -> bool:
    """Whether Stripe takes payments in `code`; upper or lower case."""
    return code.lower() in CURRENCIES


def exponent(currency: str) -> int:
    """How many decimals Stripe's minor unit stands for: 2, 0 (yen) or 3 (dinar)."""
    if currency in _ZERO_DECIMAL:
        return 0
    return 3 if currency in _THREE_DECIMAL else 2


def max_amount(currency: str) -> int:
    """The most that Stripe charges at once, in minor units: eight digits, more for a few currencies of small units."""
    return int("9" * _DIGITS.get(currency, 8))


def charge_step(currency: str) -> int:
    """The minor units an amount must be a multiple of: 100 for ISK and UGX, 10 for three-decimal currencies, else 1."""
    if currency in _WHOLE_UNITS_ONLY:
        return 100
    return 10 if currency in _THREE_DECIMAL else 1


def amount_problem(money: Money) -> str | None:
    """Why Stripe won't charge exactly this amount, as a sentence that says what to do; None when it will."""
    code, step = money.currency.upper(), charge_step(money.currency)
    if money.amount < 0:
        return "An amount can't be negative. Write it without the minus sign."
    if money.amount > max_amount(money.currency):
        most = Money(max_amount(money.currency), money.currency)
        return f"That is more than Stripe allows. Write {most.format()} or less."
    if money.amount % step == 0:
        return None
    if step == 100:
        return f"{code} is charged in whole units. Leave out the decimals."
    return f"Stripe charges {code} in steps of {Money(step, money.currency).plain()}. End the amount in 0."


def parse_amount(text: str, currency: str) -> Money:
    """The amount that `text` (major units, as people type them) means in `currency`.

    `.` and `,` are both understood where only one reading is possible; `1,500` is fifteen hundred. Raises `AmountError`
    with the reason where the text has no or several readings, or is an amount that Stripe won't charge.
    """
    number = _number(text.strip(), currency)
    decimals = -int(number.as_tuple().exponent)
    if decimals > exponent(currency):
        raise AmountError(_too_many_decimals(currency))
    money = Money(int(number.scaleb(exponent(currency))), currency)
    if problem := amount_problem(money):
        raise AmountError(problem)
    return money


def _number(text: str, currency: str) -> Decimal:
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    if text.startswith(("-", "−")):
        raise AmountError("An amount can't be negative. Write it without the minus sign.")
    if len(text) > 40:
        raise AmountError("That is too long for an amount. Write it like 1234.50.")
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _COMMA_DECIMALS.fullmatch(text):
        return _comma_number(text, currency)
    if (whole := _ungrouped(text)) is not None:
        return Decimal(whole)
    cut = max(text.rfind("."), text.rfind(","))
    if cut > 0 and (text[cut + 1 :].isascii() and text[cut + 1 :].isdigit()):
        whole = _ungrouped(text[:cut])
        if whole is not None and text[cut] not in text[:cut]:
            return Decimal(f"{whole}.{text[cut + 1 :]}")
    raise AmountError("Write the amount in plain digits, like 1234.50.")


def _comma_number(text: str, currency: str) -> Decimal:
    """One comma: decimals when as many as the currency has fit, thousands when a group of three can't be decimals."""
    after = len(text) - text.index(",") - 1
    grouped = _ungrouped(text)
    if grouped is not None and exponent(currency) == 3:
        plain, point = text.replace(",", ""), text.replace(",", ".")
        raise AmountError(f"{text} can mean two amounts. Write {plain} or {point}.")
    if grouped is not None:
        return Decimal(grouped)
    if after > exponent(currency):
        raise AmountError(_too_many_decimals(currency))
    return Decimal(text.replace(",", "."))


def _ungrouped(text: str) -> str | None:
    """The digits of a number with one kind of thousands separator, properly placed; None for anything else."""
    separators = {character for character in text if not character.isdigit()}
    if len(separators) != 1 or not _GROUPED.fullmatch(text):
        return None
    return text.replace(separators.pop(), "")


def _too_many_decimals(currency: str) -> str:
    code, digits = currency.upper(), exponent(currency)
    if digits == 0:
        return f"{code} has no decimals. Write a whole number."
    return f"{code} has {digits} decimals. Write the amount like {Money(123450, currency).plain()}."


@lru_cache(maxsize=256)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en", "US")


@lru_cache(maxsize=1024)
def _pattern(locale: Locale, code: str, digits: int) -> NumberPattern:
    """CLDR's currency pattern with as many decimals as Stripe counts, and with CLDR's space after a symbol of letters
    (`KWD 1.230`), which Babel leaves out.

    The symbol stands in it already: to put it there, Babel's `format_currency` would also look up, for each amount, the
    currency's name in the plural that goes with it, which is half of what formatting takes.
    """
    symbol = get_currency_symbol(code, locale)
    pattern: str = locale.currency_formats["standard"].pattern
    if symbol[-1].isalpha():
        pattern = pattern.replace("¤#", "¤\u00a0#")
    pattern = pattern.replace("0.00", "0." + "0" * digits if digits else "0")
    return parse_pattern(pattern.replace("¤", f"'{symbol}'"))
