"""A change that takes a new link: said in the editor, and asked for once more before it is made."""

from collections.abc import Iterator

from bot.links.changes import compare, needs_new_link
from bot.links.draft import LinkDraft
from bot.links.options.completed_sessions import CompletedSessions
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.text import line

NEW_LINK_NEEDED = "Changing this on a live link takes a new link, which replaces it."
SUBMIT = "Replace link…"
_REASON = 200
_MOST_REASONS = 12
_STEPS = (
    "A new link with its own address is made.",
    "The old link is turned off. Whoever opens it reads that it was replaced, and the new address.",
    "Its cards in Slack point to the new link, whose card appears beside them.",
    "Payments of both are counted together on the new card.",
)


def replace_notice(opened: OpenDraft) -> Iterator[Json]:
    """One block for the editor, where what is wanted takes a new link."""
    if reasons := _reasons(opened.base, opened.draft):
        shown = rich_text.paragraph([[rich_text.text("🔁 This needs a new link:", bold=True)]])
        after = rich_text.paragraph([[rich_text.text("Undo these to change the link in place.")]])
        yield rich_text.block(shown, rich_text.bullets([[rich_text.text(one, _REASON)] for one in reasons]), after)


def submit_words(opened: OpenDraft) -> str:
    """What stands on the editor's button."""
    if opened.base is None:
        return "Create link"
    return SUBMIT if needs_new_link(opened.base, opened.draft) else "Save changes"


def replace_view(opened: OpenDraft, *, livemode: bool, foreign: bool, active: bool) -> Json:
    """Says what takes a new link, what will happen, and asks for it."""
    return blocks.modal(
        View.REPLACE,
        "Replace payment link",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *_why(opened),
            rich_text.block(
                rich_text.paragraph([[rich_text.text("What happens:", bold=True)]]),
                rich_text.bullets([[rich_text.text(step)] for step in _STEPS]),
            ),
            *(blocks.context(words) for words in _mind(opened.draft, foreign, active)),
            blocks.actions([blocks.button("Back to editing", Action.BACK_TO_EDITOR)]),
        ],
        submit="Replace link",
        close="Cancel",
        private_metadata=opened.id,
    )


def _why(opened: OpenDraft) -> Iterator[Json]:
    name = line(opened.base.title if opened.base else "", 150)
    words = f"Stripe can't make these changes to “{name}”, which is live:"
    bullets = [[rich_text.text(one, _REASON)] for one in _reasons(opened.base, opened.draft)]
    yield rich_text.block(rich_text.paragraph([[rich_text.text(words)]]), rich_text.bullets(bullets))


def _reasons(base: LinkDraft | None, draft: LinkDraft) -> list[str]:
    """What takes a new link, each once."""
    refused = compare(base, draft).refused if base else ()
    reasons = list(dict.fromkeys(problem.message for problem in refused))
    more = len(reasons) - _MOST_REASONS
    return [*reasons[:_MOST_REASONS], f"And {more} more."] if more > 0 else reasons


def _mind(draft: LinkDraft, foreign: bool, active: bool) -> Iterator[str]:
    """What somebody may not expect."""
    if not active:
        yield "The old link is off already. The new one will be on."
    limit = draft.options.get(CompletedSessions.key)
    if isinstance(limit, CompletedSessions) and limit.limit:
        yield f"The new link counts its {limit.limit:,} payments from zero."
    if draft.is_recurring:
        yield "Subscriptions that were started through the old link go on as they are."
    if foreign:
        yield "The link was made in Stripe: have a look at the new one's options before you share it."
