"""Other people's words, made safe to show: never breaking a view, never notifying anyone, never formatting anything.

Blocks show them as `plain_text` or in rich text, where Slack interprets nothing. Only a message's `text` is mrkdwn, and
only there `&`, `<` and `>` are escaped (Slack, "Formatting text for app surfaces").
"""

import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime

NOTHING = "–"
"""Stands where nothing is left to show; Slack refuses empty texts."""

_ELLIPSIS = "…"
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACES = frozenset(("Zs", "Zl", "Zp"))


def line(text: str, limit: int) -> str:
    """One line of at most `limit` characters: no control and no direction-changing characters, cut with an ellipsis."""
    return cut(" ".join(_visible(text, "\n\t").split()), limit)


def lines(text: str, limit: int) -> str:
    """Like `line`, with line ends kept."""
    return cut(_visible(text.replace("\r\n", "\n"), "\n").strip(), limit)


def aligned(text: str) -> str:
    """The text with each invisible or direction-changing character as one space, so that offsets still point right."""
    return "".join(character if _is_visible(character) else " " for character in text)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, the last an ellipsis when something is missing. Characters are counted as JavaScript
    does (an emoji is two or more): Slack doesn't say how it counts, and this never counts too few."""
    if width(text) <= limit:
        return text or NOTHING
    room = limit - 1
    kept: list[str] = []
    for character in text:
        room -= width(character)
        if room < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + _ELLIPSIS


def width(text: str) -> int:
    """The length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """For mrkdwn: no mention, link or entity can come out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What was typed after a slash command; Slack sends `&`, `<` and `>` as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def moment(seconds: float) -> str:
    """`2026-12-31 23:00 UTC`, where Slack has no way to say it in the reader's own time zone."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def said(parts: Iterable[str]) -> str:
    """Sentences as one text, the empty ones left out."""
    return " ".join(part for part in parts if part)


def _visible(text: str, keep: str) -> str:
    if text.isprintable():  # Python's word for: no control or format characters, and no space but " ". Most texts are.
        return text
    return "".join(
        " " if unicodedata.category(character) in _SPACES else character
        for character in text
        if character in keep or _is_visible(character) or unicodedata.category(character) in _SPACES
    )


def _is_visible(character: str) -> bool:
    return character not in _BIDI_CONTROLS and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
