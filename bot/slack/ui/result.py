"""What the editor turns into once it was submitted."""

from collections.abc import Mapping, Sequence
from typing import Literal

from bot.links.totals import totals_in_words
from bot.services.notices import LinkCard
from bot.slack.ids import Action, View
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import absent, place
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.notice import notice_view
from bot.slack.ui.text import escape, line, said

Doing = Literal["create", "edit", "replace"]
_WORKING: Mapping[Doing, tuple[str, str]] = {
    "create": ("New payment link", "Creating your link…"),
    "edit": ("Edit payment link", "Saving your changes…"),
    "replace": ("Replace payment link", "Making the new link and turning the old one off…"),
}


def working_view(doing: Doing) -> Json:
    """While Stripe is being asked."""
    title, words = _WORKING[doing]
    return notice_view(title, words, "You can close this: the card appears all the same.")


def done_view(card: LinkCard, *, locale: str, app_is_there: bool, editing: bool, changes: Sequence[str] = ()) -> Json:
    """The link, ready to be copied or opened. `changes` says what an edit changed; `app_is_there` whether the app can
    speak in the link's channel."""
    channel = card.channel_id
    rows: list[rich_text.Line] = [
        [rich_text.text(card.name, 150, bold=True)],
        [rich_text.link(card.url)],
        rich_text.labelled("Total", totals_in_words(card.draft, locale), 1000),
        *([rich_text.text(change)] for change in changes),
    ]
    if editing and not changes:
        rows.append([rich_text.text("Nothing was changed.")])
    if card.replaces and changes:
        old = line(card.replaces.name, 150)
        rows.append([rich_text.text(f"The old link “{old}” is off. Whoever opens it reads the new address.")])
    if channel:
        here = [rich_text.text("Its card is in "), place(channel), rich_text.text(".")]
        rows.append(here if app_is_there else absent(channel))
    shown = [
        *([] if card.livemode else [blocks.context(TEST_MODE)]),
        rich_text.block(rich_text.paragraph(rows)),
        blocks.actions([blocks.button("Open", Action.OPEN_LINK, card.link_id, url=card.url, style="primary")]),
    ]
    return blocks.modal(View.NOTICE, "Link saved" if editing else "Link ready", shown, close="Done")


def done_text(card: LinkCard) -> str:
    """The same for a message, when the modal was closed meanwhile."""
    mode = "" if card.livemode else TEST_MODE
    return said((mode, f"Your payment link {escape(line(card.name, 150))} is ready:", card.url))
