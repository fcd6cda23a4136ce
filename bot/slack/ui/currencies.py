"""The currency picker: Stripe's currencies, found by code or by name in the reader's language."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_name

from bot.money import CURRENCIES
from bot.slack.ui import blocks
from bot.slack.ui.blocks import MAX_OPTIONS, Json

_COMMON = ("usd", "eur", "gbp", "jpy", "cad", "aud", "chf", "cny", "inr", "brl", "sek", "mxn", "sgd")


def currency_option(code: str, locale: str) -> Json:
    """`EUR · Euro`."""
    return blocks.option(f"{code.upper()} · {_names(locale).get(code, code.upper())}", code)


def currency_options(typed: str, locale: str) -> list[Json]:
    """Currencies whose code or name holds what was typed, the common ones first; at most 100."""
    wanted = typed.strip().casefold()
    names = _names(locale)
    ordered = (*_COMMON, *(code for code in CURRENCIES if code not in _COMMON))
    found = [code for code in ordered if wanted in code or wanted in names[code].casefold()]
    return [currency_option(code, locale) for code in sorted(found, key=lambda code: code != wanted)[:MAX_OPTIONS]]


@lru_cache(maxsize=16)
def _names(locale: str) -> dict[str, str]:
    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        known = Locale("en")
    return {code: get_currency_name(code.upper(), locale=known) for code in CURRENCIES}
