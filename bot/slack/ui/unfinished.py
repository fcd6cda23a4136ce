"""Offers an unfinished draft back: of a new link, or of changes to one."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from bot.links.changes import compare
from bot.links.totals import totals_in_words
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Conversation, Id
from bot.slack.ui.money import TEST_MODE, count
from bot.slack.ui.text import line

_CHANGE = 200
_MOST_CHANGES = 10


class UnfinishedMemo(BaseModel):
    """What the view carries: the draft on offer, and the channel for a new one."""

    model_config = ConfigDict(frozen=True)

    draft: Id
    channel: Conversation


def unfinished_view(opened: OpenDraft, channel: str, locale: str) -> Json:
    """The choice between going on and starting anew. Nothing is lost either way, unless thrown away."""
    draft = opened.draft
    what = f"{line(draft.title, 150)}\n{count(len(draft.line_items), 'item')}, {totals_in_words(draft, locale)}"
    return blocks.modal(
        View.UNFINISHED,
        "New payment link",
        [
            blocks.section("You have an unfinished link:"),
            blocks.section(what),
            blocks.actions(
                [
                    blocks.button("Continue", Action.CONTINUE_DRAFT, style="primary"),
                    blocks.button("Start new", Action.START_NEW),
                    _throw_away("Throw this draft away?"),
                ]
            ),
            blocks.context("Starting new keeps this one: it is offered again next time."),
        ],
        private_metadata=UnfinishedMemo(draft=opened.id, channel=channel).model_dump_json(),
    )


def unsaved_view(opened: OpenDraft, *, livemode: bool) -> Json:
    """The choice between going on with changes to a live link and taking it as it is."""
    return blocks.modal(
        View.UNFINISHED,
        "Edit payment link",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            blocks.section(f"You have changes to “{line(opened.draft.title, 150)}” that aren't saved:"),
            *_changes(opened),
            blocks.actions(
                [
                    blocks.button("Continue", Action.CONTINUE_DRAFT, style="primary"),
                    _throw_away("Throw these changes away?"),
                ]
            ),
            blocks.context("Once they are thrown away, the link is opened as it is."),
        ],
        private_metadata=UnfinishedMemo(draft=opened.id, channel=opened.channel_id).model_dump_json(),
    )


def _changes(opened: OpenDraft) -> Iterator[Json]:
    changes = compare(opened.base, opened.draft).summary if opened.base else ()
    shown = [line(change, _CHANGE) for change in changes[:_MOST_CHANGES]]
    if len(changes) > _MOST_CHANGES:
        shown.append(f"and {count(len(changes) - _MOST_CHANGES, 'more change')}")
    if shown:
        yield rich_text.block(rich_text.bullets([rich_text.text(change)] for change in shown))


def _throw_away(question: str) -> Json:
    confirm = blocks.confirm(question, "What was written in it is gone then.", "Throw away")
    return blocks.button("Throw away", Action.DISCARD_DRAFT, confirm=confirm)
