"""Offers an unfinished draft back."""

from pydantic import BaseModel, ConfigDict

from bot.links.totals import totals_in_words
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action, View
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.money import count
from bot.slack.ui.text import line


class UnfinishedMemo(BaseModel):
    """What the view carries: the draft on offer, and the channel for a new one."""

    model_config = ConfigDict(frozen=True)

    draft: str
    channel: str


def unfinished_view(opened: OpenDraft, channel: str, locale: str) -> Json:
    """The choice between going on and starting anew. Nothing is lost either way, unless thrown away."""
    draft = opened.draft
    what = f"{line(draft.title, 150)}\n{count(len(draft.line_items), 'item')}, {totals_in_words(draft, locale)}"
    throw_away = blocks.confirm("Throw this draft away?", "What was written in it is gone then.", "Throw away")
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
                    blocks.button("Throw away", Action.DISCARD_DRAFT, confirm=throw_away),
                ]
            ),
            blocks.context("Starting new keeps this one: it is offered again next time."),
        ],
        private_metadata=UnfinishedMemo(draft=opened.id, channel=channel).model_dump_json(),
    )
