"""What can be typed, and where a typing mistake is."""

import unicodedata

from bot.gateways.slack import Message
from bot.links.quick import QuickError
from bot.services.notices import LinkCard
from bot.slack.ids import Action
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.text import aligned, escape, line, lines

USES = (
    ("/paylink", "opens the editor for a new payment link"),
    ("/paylink 2 x Consulting 150 eur; Support 49.90 eur/month", "opens it filled in; a semicolon goes between items"),
    ("/paylink new NAME", "opens it filled in from a template"),
    ("/paylink duplicate NAME", "opens it for a new link like this one"),
    ("/paylink list", "shows all links; add active, off, or words to look for"),
    ("/paylink show NAME", "shows a link's card to you; a name, an id or an address will do"),
    ("/paylink edit NAME", "changes a link"),
    ("/paylink on NAME", "turns a link on"),
    ("/paylink off NAME", "turns a link off"),
    (
        "/paylink share NAME",
        "shares a link: a card for a channel or a person, or an address with an email or a code filled in",
    ),
    ("/paylink qr NAME", "sends you a link's QR code"),
    ("/paylink templates", "shows all templates: what new links can start from"),
    ("/paylink products", "shows the catalog: products and prices to sell, add and change; add words to look for"),
    ("/paylink coupons", "shows coupons and their promotion codes, and makes new ones; add words to look for"),
    ("/paylink notify", "chooses what this channel hears of its payments: refunds, disputes, renewals and so on"),
    ("/paylink help", "shows this"),
)
_SHORTCUT = "In a thread, where commands don't work, use the message shortcut “Create payment link”."
_AROUND = 60
_MAX_VALUE = 2000
_MAX_MATCHES = 10


def help_message() -> Message:
    """Everything one can type."""
    text = "What you can type: " + "; ".join(f"{escape(use)} {meaning}" for use, meaning in USES) + f". {_SHORTCUT}"
    rows = [[_code(use), rich_text.text(f" {meaning}")] for use, meaning in USES]
    shown = rich_text.block(
        rich_text.paragraph([[rich_text.text("What you can type", bold=True)]]),
        rich_text.bullets(rows),
        rich_text.paragraph([[rich_text.text(_SHORTCUT)]]),
    )
    return Message(text, (shown,))


def unknown_message(word: str, nearest: str | None) -> Message:
    """A first word that is no command of ours."""
    known = f"Did you mean /paylink {nearest}?" if nearest else "Type /paylink help to see what there is."
    words = f"I don't know “{line(word, 80)}”. {known}"
    return Message(escape(words), (blocks.section(words),))


def mistake_message(typed: str, error: QuickError) -> Message:
    """The line as typed with a mark under the very place, the reason, an example, and a way on that loses nothing."""
    shown, mark = _pointed(typed, error)
    text = f"{escape(error.message)} You typed: {escape(lines(typed, 2000))} Example: {escape(error.example)}"
    where = f" (line {error.line})" if "\n" in typed else ""
    return Message(
        text,
        (
            blocks.section(f"{error.message}{where}"),
            rich_text.block(rich_text.preformatted(f"{shown}\n{mark}")),
            rich_text.block(
                rich_text.paragraph([[rich_text.text("Example: "), _code(f"/paylink {error.example}")]]),
            ),
            blocks.actions([blocks.button("Open the editor", Action.OPEN_EDITOR, typed[:_MAX_VALUE], style="primary")]),
            *_whole(typed, shown),
        ),
    )


def matches_message(words: str, found: list[LinkCard], command: str) -> Message:
    """Several links that may be meant, with what to type for each."""
    head = f"More than one link matches “{line(words, 80)}”. Type one of these:"
    rows = [
        [_code(f"{command} {card.link_id}"), rich_text.text(f" {line(card.name, 150)}")]
        for card in found[:_MAX_MATCHES]
    ]
    text = " ".join(f"{command} {card.link_id} ({escape(line(card.name, 150))})" for card in found[:_MAX_MATCHES])
    shown = rich_text.block(rich_text.paragraph([[rich_text.text(head)]]), rich_text.bullets(rows))
    more = [blocks.context("There are more: add words to narrow it down.")] if len(found) > _MAX_MATCHES else []
    return Message(f"{escape(head)} {text}", (shown, *more))


def _code(text: str) -> blocks.Json:
    return {"type": "text", "text": text, "style": {"code": True}}


def _pointed(typed: str, error: QuickError) -> tuple[str, str]:
    """The part of the line around the mistake, and a line of carets under the mistake itself."""
    begin = typed.rfind("\n", 0, error.start) + 1
    end = typed.find("\n", error.start)
    end = len(typed) if end < 0 else end
    left, right = max(begin, error.start - _AROUND), min(end, error.start + _AROUND)
    shown = aligned(typed[left:right])
    before = shown[: error.start - left]
    marked = shown[error.start - left : max(min(error.end, right), error.start) - left]
    prefix, suffix = "…" if left > begin else "", "…" if right < end else ""
    mark = " " * (len(prefix) + _columns(before)) + "^" * max(1, _columns(marked))
    return f"{prefix}{shown}{suffix}", mark


def _whole(typed: str, shown: str) -> tuple[blocks.Json, ...]:
    """All that was typed, where the marked line is only a part of it."""
    return () if shown == typed else (blocks.context(f"You typed: {typed}"),)


def _columns(text: str) -> int:
    """How wide the text is in a fixed-width font: wide characters take two columns, combining ones none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
