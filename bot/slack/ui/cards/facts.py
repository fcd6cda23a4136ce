"""A fact on a card: a label and words, among them days that everybody reads in their own time zone.

Drawn twice: as a line of rich text and as a sentence of the message's `text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.slack.ui import rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.text import escape, line

_DAY = "{date_short_pretty}"
_MAX_WORDS = 300


@dataclass(frozen=True, slots=True)
class Day:
    """A day, by one of its moments in seconds since the epoch."""

    at: int


@dataclass(frozen=True, slots=True)
class Fact:
    """`words` are literal text and days, one after the other."""

    label: str
    words: tuple[str | Day, ...]


def fact(label: str, *words: str | Day) -> Fact:
    """A fact of these words, without the empty ones."""
    return Fact(label, tuple(word for word in words if word))


def line_of(fact: Fact) -> rich_text.Line:
    """`Label: words`, the label bold."""
    return [rich_text.text(f"{fact.label}: ", bold=True), *elements(*fact.words)]


def sentence_of(fact: Fact) -> str:
    """`Label: words.` as mrkdwn."""
    return f"{escape(fact.label)}: {mrkdwn(*fact.words)}."


def elements(*words: str | Day) -> Iterator[Json]:
    """The words as elements of rich text."""
    for word in words:
        if isinstance(word, Day):
            yield {"type": "date", "timestamp": word.at, "format": _DAY, "fallback": _plain(word)}
        else:
            yield rich_text.text(word, _MAX_WORDS)


def mrkdwn(*words: str | Day) -> str:
    """The words for a message's `text`."""
    return "".join(
        f"<!date^{word.at}^{_DAY}|{_plain(word)}>" if isinstance(word, Day) else _spaced(word) for word in words
    )


def _spaced(word: str) -> str:
    """Escaped and on one line, with the space at its ends kept."""
    lead, trail = word[: len(word) - len(word.lstrip(" "))], word[len(word.rstrip(" ")) :]
    return f"{lead}{escape(line(word, _MAX_WORDS))}{trail}" if word.strip() else " "


def _plain(day: Day) -> str:
    return datetime.fromtimestamp(day.at, UTC).strftime("%Y-%m-%d")
