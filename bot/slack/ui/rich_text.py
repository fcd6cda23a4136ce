"""Rich text ("Rich text block", docs.slack.dev): bold, links and mentions by structure, every word literal."""

from collections.abc import Iterable, Sequence

from bot.slack.ui import text as words
from bot.slack.ui.blocks import Json

Line = Sequence[Json]


def text(value: str, limit: int = 300, *, bold: bool = False) -> Json:
    """One line of literal text. Space at its ends is kept."""
    lead, trail = value[: len(value) - len(value.lstrip(" "))], value[len(value.rstrip(" ")) :]
    element: Json = {"type": "text", "text": f"{lead}{words.line(value, limit)}{trail}"}
    return element | {"style": {"bold": True}} if bold else element


def link(url: str) -> Json:
    """An address, shown as it is."""
    return {"type": "link", "url": url}


def user(user_id: str) -> Json:
    """A mention; it notifies."""
    return {"type": "user", "user_id": user_id}


def channel(channel_id: str) -> Json:
    """A link to a channel."""
    return {"type": "channel", "channel_id": channel_id}


def labelled(label: str, value: str, limit: int = 300) -> Line:
    """`Label: value`, the label bold."""
    return [text(f"{label}: ", bold=True), text(value, limit)]


def paragraph(rows: Iterable[Line]) -> Json:
    """Lines, one under the other."""
    elements: list[Json] = []
    for row in rows:
        elements += [{"type": "text", "text": "\n"}] if elements else []
        elements += row
    return {"type": "rich_text_section", "elements": elements}


def bullets(rows: Iterable[Line]) -> Json:
    """A bulleted list."""
    return {
        "type": "rich_text_list",
        "style": "bullet",
        "elements": [{"type": "rich_text_section", "elements": list(row)} for row in rows],
    }


def quote(value: str, limit: int) -> Json:
    """Somebody's words, line ends kept."""
    return {"type": "rich_text_quote", "elements": [{"type": "text", "text": words.lines(value, limit)}]}


def preformatted(value: str) -> Json:
    """Text in a fixed-width box, exactly as given."""
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": value}]}


def block(*parts: Json, block_id: str | None = None) -> Json:
    """The block of these parts."""
    made: Json = {"type": "rich_text", "elements": list(parts)}
    return made | {"block_id": block_id} if block_id else made
