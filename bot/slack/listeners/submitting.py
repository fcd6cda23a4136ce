"""From the editor to Stripe: what is left to do, what takes a new link, what somebody else changed too, and the end."""

from bot.errors import Invalid, PaylinkError, Problem
from bot.gateways.slack import Message
from bot.links.changes import compare, needs_new_link, problems
from bot.services.drafts import OpenDraft
from bot.services.submission import Clash
from bot.slack.listeners import door
from bot.slack.listeners.drafts import draw, put, redraw
from bot.slack.listeners.telling import about_draft, app_is_in, direct, sentence
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui.conflict import conflict_view, conflicts_in_words, read_choices
from bot.slack.ui.notice import notice_view
from bot.slack.ui.replace import replace_view
from bot.slack.ui.result import Doing, done_text, done_view, working_view


async def go_on(visit: Visit, opened: OpenDraft) -> door.Reply:
    """The answer to a submit: the editor with what is left to do, the question whether to replace the link, or the
    word that Stripe is being asked."""
    if found := problems(opened.base, opened.draft):
        return door.update(draw(visit, opened, found))
    if not needs_new_link(opened.base, opened.draft):
        return await _sending(visit, opened, "edit" if opened.base else "create")
    card = await visit.face.services.links.get(visit.actor, str(opened.link_id))
    return door.update(replace_view(opened, livemode=card.livemode, foreign=card.foreign, active=card.active))


async def submit_replace(visit: Visit) -> door.Reply:
    """*Replace link*, after what it means was read."""
    return await _sending(visit, await visit.face.services.links.draft(visit.actor, visit.memo), "replace")


async def submit_conflict(visit: Visit) -> door.Reply:
    """*Save changes*, each conflict being settled."""
    links = visit.face.services.links
    opened = await links.draft(visit.actor, visit.memo)
    return await go_on(visit, await links.settle(visit.actor, opened.id, read_choices(opened, visit.state)))


async def back_to_editor(visit: Visit) -> None:
    """*Back to editing*."""
    await redraw(visit, draw(visit, await visit.face.services.links.draft(visit.actor, visit.memo)))


async def _sending(visit: Visit, opened: OpenDraft, doing: Doing) -> door.Reply:
    """The view says that the window may be closed, so the submit has to outlive this process from here on."""
    try:
        begun = await visit.face.services.links.begin(visit.actor, opened.id, replace=doing == "replace")
    except PaylinkError as error:
        _, view = await _not_submitted(visit, opened, error)
        return door.update(view)
    return door.update(working_view(doing), lambda: _carry_out(visit, opened, doing, begun))


async def _carry_out(visit: Visit, opened: OpenDraft, doing: Doing, begun: bool) -> None:
    text, view = await _submitted(visit, opened, doing, begun)
    if not await put(visit, str(visit.view["id"]), view):
        await direct(visit.face.slack, visit.actor.user_id, text)


async def _submitted(visit: Visit, opened: OpenDraft, doing: Doing, begun: bool) -> tuple[Message, Json]:
    """What came of it: as a message, and as a view."""
    links = visit.face.services.links
    try:
        card = await links.submit(visit.actor, opened.id, replace=doing == "replace", begun=begun)
    except PaylinkError as error:
        return await _not_submitted(visit, opened, error)
    there = card.channel_id is None or await app_is_in(visit.face.slack, card.channel_id)
    changes = compare(opened.base, opened.draft).summary if opened.base else ()
    editing = opened.base is not None
    view = done_view(card, locale=visit.actor.locale, app_is_there=there, editing=editing, changes=changes)
    return Message(done_text(card)), view


async def _not_submitted(visit: Visit, opened: OpenDraft, error: PaylinkError) -> tuple[Message, Json]:
    """Back to where it can be put right, as long as the draft is open."""
    reopened = await visit.face.services.links.draft(visit.actor, opened.id)
    if reopened.state != "open":
        return sentence(str(error)), notice_view("Payment link", str(error))
    if isinstance(error, Clash):
        words = f"{error} {conflicts_in_words(reopened)}. Nothing is saved yet: press Go on to pick what it should be."
        return about_draft(words, opened.id), conflict_view(reopened, livemode=visit.face.settings.livemode)
    if isinstance(error, Invalid):
        words = f"Your payment link isn't there yet: {error} Type /paylink to go on with it."
        if opened.base:
            words = f"Your changes to the payment link “{opened.base.title}” weren't made: {error}"
        return about_draft(words, opened.id), draw(visit, reopened, error.problems)
    return about_draft(str(error), opened.id), draw(visit, reopened, [Problem("", str(error))])
