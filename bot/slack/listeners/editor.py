"""The editor's buttons and menus, and its submit."""

from bot.links.options import GROUPS
from bot.slack.ids import Menu
from bot.slack.listeners import door
from bot.slack.listeners.drafts import change, change_in_editor, open_on_top, show_here
from bot.slack.listeners.options import open_option
from bot.slack.listeners.submitting import go_on
from bot.slack.listeners.visit import Visit, picked_from
from bot.slack.ui.forms import has_form
from bot.slack.ui.item import item_view
from bot.slack.ui.item_form import ItemForm
from bot.slack.ui.notice import notice_view


async def add_item(visit: Visit) -> None:
    """*Add item*: an empty form on top of the editor."""
    opened = await change_in_editor(visit)
    currency = visit.face.settings.currency
    form = ItemForm.new(opened.id, opened.draft, currency, live=opened.base is not None)
    await open_on_top(visit, item_view(form, visit.actor.locale))


async def item_menu(visit: Visit) -> None:
    """*Edit*, *Duplicate* or *Remove* in an item's menu."""
    menu, row = visit.menu
    if menu == Menu.EDIT:
        await _open_item(visit, row)
    elif menu == Menu.DUPLICATE:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.duplicated(row)))
    else:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_item(row)))


async def add_option(visit: Visit) -> None:
    """*Add an option…*: its form, or the option itself when there is nothing to fill in."""
    key = visit.picked
    group_type = picked_from(GROUPS, key)
    opened = await change_in_editor(visit)
    if reason := group_type.why_not(opened.draft):
        await open_on_top(visit, notice_view(group_type.title, reason))
    elif has_form(opened, group_type, connect=visit.face.settings.connect):
        await open_option(visit, opened, group_type)
    else:
        opened = await change(visit, opened.id, lambda draft: draft.with_option(group_type()))
    await show_here(visit, opened)


async def option_menu(visit: Visit) -> None:
    """*Change* or *Remove* in an option's menu."""
    menu, key = visit.menu
    if menu == Menu.REMOVE:
        await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_option(key)))
        return
    opened = await change_in_editor(visit)
    await open_option(visit, opened, picked_from(GROUPS, key))


async def remove_option(visit: Visit) -> None:
    """*Remove* on an option that has no form."""
    key = str(visit.action["value"])
    await show_here(visit, await change_in_editor(visit, lambda draft: draft.without_option(key)))


async def submit(visit: Visit) -> door.Reply:
    """Shows what is left to do, what takes a new link, or that Stripe is being asked, and then what came of it."""
    return await go_on(visit, await change_in_editor(visit))


async def _open_item(visit: Visit, row: str) -> None:
    opened = await change_in_editor(visit)
    item = opened.draft.item(row)
    form = ItemForm.of(opened.id, opened.draft, item, visit.actor.locale, live=opened.base is not None)
    await open_on_top(visit, item_view(form, visit.actor.locale))
