"""Templates: saving a draft or a link as one, the list of them, and starting a link from one."""

from bot.errors import Invalid
from bot.links import quick
from bot.links.draft import LinkDraft
from bot.links.quick import QuickError
from bot.services.templates import TemplateExists
from bot.slack.ids import Action, Block
from bot.slack.listeners import door, starting
from bot.slack.listeners.drafts import change_in_editor, draw, open_on_top, put, redraw
from bot.slack.listeners.telling import tell
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui.notice import notice_view
from bot.slack.ui.templates import TemplateMemo, near_message, overwrite_view, save_view, templates_view


async def new(visit: Visit, words: str) -> None:
    """`/paylink new NAME`: the editor filled in from the template. Without a name, all of them; items will do too."""
    if not words:
        await open_list(visit)
        return
    found, sure = await visit.face.services.templates.find(visit.actor, words)
    if sure and len(found) == 1:
        await starting.start_with(visit, found[0].start())
    elif not found and _are_items(words, visit.face.settings.currency):
        await starting.from_line(visit, words)
    else:
        await tell(visit.face.slack, visit.body, near_message(words, found))


async def open_list(visit: Visit) -> None:
    """`/paylink templates`, and *Templates* in the home."""
    await open_on_top(visit, await _listed(visit, await starting.here(visit)))


async def use(visit: Visit) -> None:
    """*Use*: the editor in the place of the list."""
    template = await visit.face.services.templates.get(visit.actor, str(visit.action["value"]))
    opened = await visit.face.services.links.start(visit.actor, _memo(visit).channel, template.start())
    await redraw(visit, draw(visit, opened))


async def rename(visit: Visit) -> None:
    """*Rename*: a modal on top of the list."""
    template = await visit.face.services.templates.get(visit.actor, str(visit.action["value"]))
    memo = TemplateMemo(what="template", id=template.id, channel=_memo(visit).channel)
    await open_on_top(visit, save_view(memo, template.name))


async def delete(visit: Visit) -> None:
    """*Delete*, which was confirmed."""
    await visit.face.services.templates.delete(visit.actor, str(visit.action["value"]))
    await redraw(visit, await _listed(visit, _memo(visit).channel))


async def save_draft(visit: Visit) -> None:
    """*Save as template* in the editor."""
    opened = await change_in_editor(visit)
    await open_on_top(visit, save_view(TemplateMemo(what="draft", id=opened.id), opened.draft.name))


async def save_link(visit: Visit, link_id: str) -> None:
    """*Save as template* in a card's menu."""
    card = await visit.face.services.links.get(visit.actor, link_id)
    await open_on_top(visit, save_view(TemplateMemo(what="link", id=link_id), card.name))


async def submit(visit: Visit) -> door.Reply:
    """Saves or renames; asks first before another one is written over."""
    memo = _memo(visit)
    try:
        return await (_rename(visit, memo) if memo.what == "template" else _save(visit, memo))
    except Invalid as invalid:
        if memo.name:
            raise
        return door.errors({Block.TEMPLATE_NAME: str(invalid)})


async def _save(visit: Visit, memo: TemplateMemo) -> door.Reply:
    services = visit.face.services
    draft = await _draft(visit, memo)
    try:
        name = memo.name or _typed(visit)
        saved = await services.templates.save(visit.actor, name, draft, overwrite=bool(memo.name))
    except TemplateExists as exists:
        return door.update(overwrite_view(memo, exists.template, visit.actor.locale))
    words = f"“{saved.name}” is saved. Type /paylink new {saved.name} to start a link from it."
    return door.update(notice_view("Template saved", words))


async def _rename(visit: Visit, memo: TemplateMemo) -> door.Reply:
    try:
        await visit.face.services.templates.rename(visit.actor, memo.id, _typed(visit))
    except TemplateExists as exists:
        return door.errors({Block.TEMPLATE_NAME: f"{exists} Write another name."})

    async def show_list() -> None:
        await put(visit, str(visit.view["previous_view_id"]), await _listed(visit, memo.channel))

    return door.Reply(then=show_list)


async def _draft(visit: Visit, memo: TemplateMemo) -> LinkDraft:
    links = visit.face.services.links
    if memo.what == "draft":
        return (await links.draft(visit.actor, memo.id)).draft
    return (await links.get(visit.actor, memo.id)).draft


async def _listed(visit: Visit, channel: str) -> Json:
    found, livemode = await visit.face.services.templates.all(visit.actor), visit.face.settings.livemode
    return templates_view(found, channel, visit.actor.locale, livemode=livemode)


def _typed(visit: Visit) -> str:
    return visit.state[Block.TEMPLATE_NAME][Action.TEMPLATE_NAME].get("value") or ""


def _memo(visit: Visit) -> TemplateMemo:
    return visit.read_memo(TemplateMemo)


def _are_items(words: str, currency: str) -> bool:
    try:
        quick.parse(words, currency)
    except QuickError:
        return False
    return True
