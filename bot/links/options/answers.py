"""Whether an answer to a field is accepted."""

import re
from urllib.parse import urlsplit

from bot.links.options.base import Ask

Answer = str | int | bool | tuple[str, ...] | None


def wrong(ask: Ask, value: Answer) -> str | None:
    """Why the answer isn't accepted, as a sentence that says what to do; None when it is."""
    if value is None:
        return f"{ask.label} is needed." if ask.required else None
    if ask.widget == "choice":
        return None if value in ask.choices else "Pick one of the choices."
    if ask.widget in ("choices", "countries"):
        return _wrong_choices(ask, value)
    if ask.widget == "number":
        return _wrong_number(ask, value)
    return None if ask.widget == "switch" else _wrong_text(ask, value)


def _wrong_choices(ask: Ask, value: Answer) -> str | None:
    if isinstance(value, tuple) and all(one in ask.choices for one in value):
        return None
    return "Pick from the list."


def _wrong_number(ask: Ask, value: Answer) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "Write a whole number, like 100."
    if ask.minimum is not None and value < ask.minimum:
        return f"Write {ask.minimum:,} or more."
    if ask.maximum is not None and value > ask.maximum:
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
