"""Whether an answer to a field is accepted."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

from bot.links.options.base import Answer, Ask
from bot.money import AmountError, is_currency, parse_amount

__all__ = ["Answer", "wrong"]

_DECIMAL = re.compile(r"\d{1,15}(?:\.(\d+))?", re.ASCII)


def wrong(ask: Ask, value: Answer, currency: str | None = None) -> str | None:
    """Why the answer isn't accepted, as a sentence that says what to do; None when it is. `currency` is that of an
    amount."""
    if value is None:
        return f"{ask.label} is needed." if ask.required else None
    if ask.widget == "choice":
        return None if value in ask.choices else "Pick one of the choices."
    if ask.widget in ("choices", "countries"):
        return _wrong_choices(ask, value)
    if ask.widget in ("number", "moment"):
        return _wrong_number(ask, value)
    if ask.widget == "decimal":
        return _wrong_decimal(ask, value)
    if ask.widget == "amount":
        return _wrong_amount(value, currency)
    if ask.widget == "currency":
        return None if isinstance(value, str) and is_currency(value) else "Pick a currency."
    if ask.widget == "objects" and isinstance(value, tuple) and len(value) > (ask.maximum or len(value)):
        return f"Pick at most {ask.maximum}; these are {len(value)}."
    return None if ask.widget in ("switch", "object", "objects") else _wrong_text(ask, value)


def _wrong_choices(ask: Ask, value: Answer) -> str | None:
    if isinstance(value, tuple) and all(one in ask.choices for one in value):
        return None
    return "Pick from the list."


def _wrong_number(ask: Ask, value: Answer) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "Pick a day and a time." if ask.widget == "moment" else "Write a whole number, like 100."
    return _out_of_bounds(ask, value)


def _wrong_decimal(ask: Ask, value: Answer) -> str | None:
    found = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return "Write a number, like 12.5." if ask.places else "Write a whole number, like 12."
    if len(found[1] or "") > ask.places:
        return f"Use at most {ask.places} decimals."
    return _out_of_bounds(ask, Decimal(str(value)))


def _wrong_amount(value: Answer, currency: str | None) -> str | None:
    if currency is None or not is_currency(currency):
        return "Pick the currency of this amount first."
    try:
        parse_amount(str(value), currency)
    except AmountError as error:
        return str(error)
    return None


def _out_of_bounds(ask: Ask, number: int | Decimal) -> str | None:
    if ask.minimum is not None and number < ask.minimum:
        return f"Write {ask.minimum:,} or more."
    if ask.maximum is not None and number > ask.maximum:
        return f"Write {ask.maximum:,} or less."
    return None


def _wrong_text(ask: Ask, value: Answer) -> str | None:
    if not isinstance(value, str):
        return "Write a text."
    if ask.max_length is not None and len(value) > ask.max_length:
        return f"Use at most {ask.max_length:,} characters; these are {len(value):,}."
    if ask.lines is not None:
        try:
            ask.lines.read(value)
        except ValueError as error:
            return str(error)
    return _wrong_url(value) if ask.widget == "url" else None


def _wrong_url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or re.search(r"\s", value):
        return "Write a complete web address, like https://example.com/thanks."
    return None if parts.scheme == "https" else "The web address must start with https://."
