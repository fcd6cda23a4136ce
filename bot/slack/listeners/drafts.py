"""What the listeners of the editor have in common: change the draft, show it."""

from collections.abc import Callable, Sequence
from secrets import token_hex

from bot.errors import Problem, SlackRefused
from bot.links.draft import LinkDraft
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action
from bot.slack.listeners.telling import conversation
from bot.slack.listeners.visit import Json, Said, Visit
from bot.slack.ui.conflict import conflict_view
from bot.slack.ui.editor import editor_view

Change = Callable[[LinkDraft], LinkDraft]


async def change(visit: Visit, draft_id: str, wanted: Change) -> OpenDraft:
    """Changes this person's draft. Raises NotFound or Conflict."""
    links = visit.face.services.links
    async with visit.face.turn(draft_id):
        opened = await links.draft(visit.actor, draft_id)
        draft = wanted(opened.draft)
        return opened if draft == opened.draft else await links.save(visit.actor, draft_id, draft)


async def change_in_editor(visit: Visit, wanted: Change = lambda draft: draft) -> OpenDraft:
    """Keeps what is typed in the editor, then changes the draft."""
    elements = Said({action: element for block in visit.state.values() for action, element in block.items()})
    name = elements[Action.NAME].get("value") or ""
    picked = elements[Action.CHANNEL].get("selected_conversation")
    channel = await conversation(visit.face.slack, picked) if picked else None
    return await change(visit, visit.memo, lambda draft: wanted(draft.with_name(name).with_notify_channel(channel)))


def draw(visit: Visit, opened: OpenDraft, problems: Sequence[Problem] = ()) -> Json:
    """The editor for this person."""
    return editor_view(
        opened,
        livemode=visit.face.settings.livemode,
        locale=visit.actor.locale,
        connect=visit.face.settings.connect,
        problems=problems,
        fresh=token_hex(4),
    )


def draw_on(visit: Visit, opened: OpenDraft) -> Json:
    """Where this person goes on with a draft: at what somebody else changed too, else in the editor."""
    if opened.conflicts:
        return conflict_view(opened, livemode=visit.face.settings.livemode)
    return draw(visit, opened)


async def show(visit: Visit, opened: OpenDraft, view_id: str, hash: str | None = None) -> None:
    """Draws the editor anew. When the view has changed since `hash`, what is shown is the draft as it is by then; when
    it was closed, the draft is kept and there is nothing to show."""
    try:
        await visit.face.slack.update_view(view_id, draw(visit, opened), hash)
    except SlackRefused as refused:
        if refused.code == "hash_conflict":
            await show(visit, await visit.face.services.links.draft(visit.actor, opened.id), view_id)
        elif refused.code != "not_found":
            raise


async def show_here(visit: Visit, opened: OpenDraft) -> None:
    """Draws the editor that was acted on anew."""
    await show(visit, opened, visit.view["id"], visit.view.get("hash"))


async def redraw(visit: Visit, view: Json) -> None:
    """Replaces the view that was acted on; when it changed since, the later act wins."""
    await _replace(visit, view, visit.view.get("hash"))


async def _replace(visit: Visit, view: Json, hash: str | None = None) -> None:
    try:
        await visit.face.slack.update_view(visit.view["id"], view, hash)
    except SlackRefused as refused:
        if refused.code == "hash_conflict":
            await _replace(visit, view)
        elif refused.code != "not_found":
            raise


async def put(visit: Visit, view_id: str, view: Json, hash: str | None = None) -> bool:
    """Replaces another view than the one that was acted on, or this one when the answer took its time. False when it
    was closed meanwhile, or has changed since `hash`: then what stands there is newer."""
    try:
        await visit.face.slack.update_view(view_id, view, hash)
    except SlackRefused as refused:
        if refused.code not in ("not_found", "hash_conflict"):
            raise
        return False
    return True


async def open_on_top(visit: Visit, view: Json) -> Json:
    """Opens a modal, on top of the one the person is in, if any. Answers Slack's view."""
    slack = visit.face.slack
    return await (slack.push_view if visit.in_modal else slack.open_view)(visit.trigger_id, view)
