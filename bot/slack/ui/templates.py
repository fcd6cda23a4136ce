"""Templates: the list of them, and the modals that save or rename one."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.gateways.slack import Message
from bot.links.rules import MAX_NAME
from bot.links.totals import totals_in_words
from bot.services.templates import Template
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Conversation, Id
from bot.slack.ui.money import TEST_MODE, count, item_title
from bot.slack.ui.text import escape, line, said

_SHOWN = 45
"""Each takes two blocks of a view's hundred."""

_MAX_MATCHES = 10

_WORDS = 300


class TemplateMemo(BaseModel):
    """What the modals carry: what is saved (a draft or a link, by its id) or renamed, and in which channel a link that
    is started shows. `name` is there once it is to be written over the template that has it."""

    model_config = ConfigDict(frozen=True)

    what: Literal["draft", "link", "template", "list"] = "list"
    id: Id = ""
    name: str = ""
    channel: Conversation = ""


def templates_view(templates: Sequence[Template], channel: str, locale: str, *, livemode: bool) -> Json:
    """All templates, with what can be done with each. `channel` is where a link started here will show."""
    shown = [block for template in templates[:_SHOWN] for block in _row(template, locale)]
    empty = (
        "No templates yet. Press “Save as template” in the editor, or on a link's card, to keep what it sells and how."
    )
    more = f"There are {len(templates) - _SHOWN:,} more: type /paylink new and a part of the name."
    return blocks.modal(
        View.TEMPLATES,
        "Templates",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *(shown or [blocks.section(empty)]),
            *([blocks.context(more)] if len(templates) > _SHOWN else []),
        ],
        private_metadata=TemplateMemo(channel=channel).model_dump_json(),
    )


def save_view(memo: TemplateMemo, name: str) -> Json:
    """Asks for the name under which something is saved, or for another one."""
    renaming = memo.what == "template"
    hint = "Anyone in the workspace can start a link from it: /paylink new and this name. The link is called like it."
    return blocks.modal(
        View.TEMPLATE,
        "Rename template" if renaming else "Save as template",
        [
            blocks.field(
                "Name",
                blocks.text_input(
                    Action.TEMPLATE_NAME, initial=name, placeholder="Consulting day", max_length=MAX_NAME
                ),
                block_id=Block.TEMPLATE_NAME,
                hint="" if renaming else hint,
            )
        ],
        submit="Rename" if renaming else "Save",
        close="Cancel",
        private_metadata=memo.model_dump_json(),
    )


def overwrite_view(memo: TemplateMemo, standing: Template, locale: str) -> Json:
    """Asks whether to write over the template of this name."""
    who = rich_text.user(standing.saved_by)
    said = [rich_text.text(f"There is a template “{standing.name}” already, saved by "), who, rich_text.text(":")]
    shown = rich_text.paragraph([said, [rich_text.text(_words(standing, locale))]])
    return blocks.modal(
        View.TEMPLATE,
        "Overwrite template?",
        [
            rich_text.block(shown),
            blocks.context("Links that were started from it stay as they are."),
        ],
        submit="Overwrite",
        close="Cancel",
        private_metadata=memo.model_copy(update={"name": standing.name}).model_dump_json(),
    )


def near_message(words: str, found: Sequence[Template]) -> Message:
    """No template of exactly this name: those that come near, with what to type, or how to see all."""
    if not found:
        text = f"No template is called “{line(words, 80)}”. Type /paylink templates to see them all."
        return Message(escape(text), (blocks.section(text),))
    head = f"Which template? These come near “{line(words, 80)}”:"
    commands = [f"/paylink new {line(template.name, MAX_NAME)}" for template in found[:_MAX_MATCHES]]
    rows = [[{"type": "text", "text": command, "style": {"code": True}}] for command in commands]
    shown = rich_text.block(rich_text.paragraph([[rich_text.text(head)]]), rich_text.bullets(rows))
    more = "There are more: add words to narrow it down." if len(found) > _MAX_MATCHES else ""
    return Message(
        said((escape(head), escape("; ".join(commands)), more)), (shown, *([blocks.context(more)] if more else []))
    )


def _row(template: Template, locale: str) -> Iterator[Json]:
    yield blocks.section(f"{line(template.name, MAX_NAME)}\n{_words(template, locale)}")
    title = line(template.name, 60)
    sure = blocks.confirm(f"Delete “{title}”?", "Links that were started from it stay as they are.", "Delete")
    yield blocks.actions(
        [
            blocks.button("Use", Action.USE_TEMPLATE, template.id),
            blocks.button("Rename", Action.RENAME_TEMPLATE, template.id),
            blocks.button("Delete", Action.DELETE_TEMPLATE, template.id, style="danger", confirm=sure),
        ],
        block_id=block_id(Block.TEMPLATE, template.id),
    )


def _words(template: Template, locale: str) -> str:
    """What links that start from it sell, and how much there is to it."""
    draft = template.draft
    items = ", ".join(item_title(item) for item in draft.line_items) or "No items"
    options = f" · {count(len(draft.options), 'option')}" if draft.options else ""
    total = f" · {totals_in_words(draft, locale)}" if draft.line_items else ""
    return line(f"{items}{total}{options}", _WORDS)
