"""A modal that says one thing."""

from collections.abc import Sequence

from bot.slack.ids import View
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json


def notice_view(title: str, *paragraphs: str, buttons: Sequence[Json] = ()) -> Json:
    """Sentences, one block each, and perhaps buttons."""
    shown = [blocks.section(paragraph) for paragraph in paragraphs]
    return blocks.modal(View.NOTICE, title, [*shown, *([blocks.actions(buttons)] if buttons else [])])
