"""The editor's buttons and menus, and its submit."""

from bot.errors import Invalid, PaylinkError, Problem, SlackRefused
from bot.gateways.slack import Message
from bot.links.changes import compare, new_problems
from bot.links.options import GROUPS
from bot.links.options.fields import leaves
from bot.services.drafts import OpenDraft
from bot.slack.ids import Menu, read_menu
from bot.slack.listeners import door
from bot.slack.listeners.drafts import change, change_in_editor, draw, open_on_top, show_here
from bot.slack.listeners.telling import app_is_in, direct, sentence
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui.forms import form_view
from bot.slack.ui.item import item_view
from bot.slack.ui.item_form import ItemForm
from bot.slack.ui.notice import notice_view
from bot.slack.ui.result import done_text, done_view, working_view


async def add_item(visit: Visit) -> None:
    """*Add item*: an empty form on top of the editor."""
    opened = await change_in_editor(visit)
    form = ItemForm.new(opened.id, opened.draft, visit.face.settings.currency)
    await open_on_top(visit, item_view(form, visit.actor.locale))


async def item_menu(visit: Visit) -> None:
    """*Edit*, *Duplicate* or *Remove* in an item's menu."""
    menu, row = read_menu(visit.picked)
    if menu == Menu.EDIT:
        await _open_item(visit, row)
    elif menu == Menu.DUPLICATE:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.duplicated(row)))
    else:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_item(row)))


async def change_quantity(visit: Visit) -> None:
    """*Change quantity* on an item of a live link."""
    await _open_item(visit, str(visit.action["value"]))


async def add_option(visit: Visit) -> None:
    """*Add an option…*: its form, or the option itself when there is nothing to fill in."""
    key = visit.picked
    group_type = GROUPS[key]
    opened = await change_in_editor(visit)
    if reason := group_type.why_not(opened.draft):
        await open_on_top(visit, notice_view(group_type.title, reason))
    elif leaves(group_type):
        await open_on_top(visit, form_view(opened, group_type, locale=visit.actor.locale))
    else:
        opened = await change(visit, opened.id, lambda draft: draft.with_option(group_type()))
    await show_here(visit, opened)


async def option_menu(visit: Visit) -> None:
    """*Change* or *Remove* in an option's menu."""
    menu, key = read_menu(visit.picked)
    if menu == Menu.REMOVE:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_option(key)))
        return
    opened = await change_in_editor(visit)
    await open_on_top(visit, form_view(opened, GROUPS[key], locale=visit.actor.locale))


async def remove_option(visit: Visit) -> None:
    """*Remove* on an option that has no form."""
    key = str(visit.action["value"])
    await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_option(key)))


async def submit(visit: Visit) -> door.Reply:
    """Shows what is left to do, or that Stripe is being asked, and then what came of it."""
    opened = await change_in_editor(visit)
    if problems := _problems(opened):
        return door.update(draw(visit, opened, problems))
    # The view says that the window may be closed, so the submit has to outlive this process from here on.
    begun = await visit.face.services.links.begin(visit.actor, opened.id)
    return door.update(working_view(editing=opened.base is not None), lambda: _carry_out(visit, opened, begun))


async def _open_item(visit: Visit, row: str) -> None:
    opened = await change_in_editor(visit)
    item = opened.draft.item(row)
    form = ItemForm.of(opened.id, opened.draft, item, visit.actor.locale, fixed=opened.base is not None)
    await open_on_top(visit, item_view(form, visit.actor.locale))


def _problems(opened: OpenDraft) -> list[Problem]:
    """What stands against the submit, as far as can be told without Stripe."""
    if opened.base is None:
        return opened.draft.problems()
    return [*compare(opened.base, opened.draft).refused, *new_problems(opened.base, opened.draft)]


async def _carry_out(visit: Visit, opened: OpenDraft, begun: bool) -> None:
    text, view = await _submitted(visit, opened, begun)
    try:
        await visit.face.slack.update_view(visit.view["id"], view)
    except SlackRefused as refused:
        if refused.code != "not_found":
            raise
        await direct(visit.face.slack, visit.actor.user_id, text)


async def _submitted(visit: Visit, opened: OpenDraft, begun: bool) -> tuple[Message, Json]:
    """What came of it: as a message, and as a view."""
    links = visit.face.services.links
    try:
        card = await links.submit(visit.actor, opened.id, begun=begun)
    except Invalid as invalid:
        reopened = await links.draft(visit.actor, opened.id)
        words = f"Your payment link isn't there yet: {invalid} Type /paylink to go on with it."
        return sentence(words), draw(visit, reopened, invalid.problems)
    except PaylinkError as error:
        return sentence(str(error)), notice_view("Payment link", str(error))
    there = card.channel_id is None or await app_is_in(visit.face.slack, card.channel_id)
    changes = compare(opened.base, opened.draft).summary if opened.base else ()
    editing = opened.base is not None
    view = done_view(card, locale=visit.actor.locale, app_is_there=there, editing=editing, changes=changes)
    return Message(done_text(card)), view
