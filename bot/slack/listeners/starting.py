"""All the ways to a new link: the command, the shortcuts, the home's button, the draft offered back."""

import re

from bot.errors import Conflict, GatewayError
from bot.links import quick
from bot.links.draft import LinkDraft
from bot.links.quick import QuickError
from bot.slack.listeners.drafts import draw, draw_on, open_on_top, redraw
from bot.slack.listeners.telling import tell
from bot.slack.listeners.visit import Visit
from bot.slack.ui.help import mistake_message
from bot.slack.ui.unfinished import UnfinishedMemo, unfinished_view


async def new_link(visit: Visit, channel: str) -> None:
    """Opens the editor, or offers an unfinished draft back first."""
    unfinished = await visit.face.services.links.unfinished(visit.actor)
    if unfinished is not None:
        await open_on_top(visit, unfinished_view(unfinished, channel, visit.actor.locale))
    else:
        await _open(visit, channel)


async def new_link_here(visit: Visit) -> None:
    """The message shortcut, which works in threads, and what else happens in a channel."""
    await new_link(visit, visit.channel_id or "")


async def new_link_anywhere(visit: Visit) -> None:
    """The global shortcut and the home's button: the person's messages with the app stand in for a channel."""
    await new_link(visit, await here(visit))


async def from_line(visit: Visit, typed: str) -> None:
    """`/paylink 2 x Consulting 150 eur`: the editor filled in, or the exact place of the mistake."""
    try:
        prefill = quick.parse(typed, visit.face.settings.currency)
    except QuickError as mistake:
        await tell(visit.face.slack, visit.body, mistake_message(typed, mistake))
    else:
        await _open(visit, visit.channel_id or "", prefill)


async def open_editor(visit: Visit) -> None:
    """*Open the editor* under a mistake: with every item of the line that can be understood."""
    typed = str(visit.action.get("value", ""))
    await _open(visit, visit.channel_id or "", understood(typed, visit.face.settings.currency))


async def continue_draft(visit: Visit) -> None:
    """*Continue* with the unfinished draft."""
    opened = await visit.face.services.links.draft(visit.actor, _memo(visit).draft)
    await redraw(visit, draw_on(visit, opened))


async def go_on(visit: Visit) -> None:
    """*Go on* under the word that a submit was refused."""
    opened = await visit.face.services.links.draft(visit.actor, str(visit.action["value"]))
    if opened.state != "open":
        raise Conflict("This was finished since, or is on its way to Stripe. Type /paylink list to see the links.")
    await open_on_top(visit, draw_on(visit, opened))


async def start_new(visit: Visit) -> None:
    """*Start new*, the unfinished draft being kept."""
    opened = await visit.face.services.links.start(visit.actor, _memo(visit).channel)
    await redraw(visit, draw(visit, opened))


async def discard_draft(visit: Visit) -> None:
    """*Throw away* the unfinished draft, and start anew: with a new link, or with the live one as it is."""
    links = visit.face.services.links
    opened = await links.draft(visit.actor, _memo(visit).draft)
    await links.discard(visit.actor, opened.id)
    if opened.base is None:
        await start_new(visit)
    else:
        await redraw(visit, draw(visit, await links.edit(visit.actor, str(opened.link_id))))


def understood(typed: str, currency: str) -> LinkDraft:
    """The items of a quick line that can be understood, the others left out."""
    draft = LinkDraft()
    for part in filter(None, map(str.strip, re.split(r"[;\n]", typed))):
        try:
            items = quick.parse(part, currency).line_items
        except QuickError:
            continue
        for item in items:
            draft = draft.with_item(item)
    return draft


async def here(visit: Visit) -> str:
    """The channel it happened in; where there is none, the person's messages with the app."""
    if visit.channel_id:
        return visit.channel_id
    try:
        return await visit.face.slack.dm(visit.actor.user_id)
    except GatewayError:
        return ""


async def start_with(visit: Visit, prefill: LinkDraft) -> None:
    """The editor filled in."""
    await _open(visit, await here(visit), prefill)


async def _open(visit: Visit, channel: str, prefill: LinkDraft | None = None) -> None:
    opened = await visit.face.services.links.start(visit.actor, channel, prefill)
    await open_on_top(visit, draw(visit, opened))


def _memo(visit: Visit) -> UnfinishedMemo:
    return visit.read_memo(UnfinishedMemo)
