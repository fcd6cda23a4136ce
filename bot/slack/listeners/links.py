"""What can be done with a link that is there: from its card, from the list, from the home, or by command."""

import structlog

from bot.errors import GatewayError
from bot.slack.ids import Action, Block, Menu
from bot.slack.listeners import door, sharing, templates
from bot.slack.listeners.drafts import draw, open_on_top, redraw, show
from bot.slack.listeners.home import publish
from bot.slack.listeners.starting import here
from bot.slack.listeners.telling import respond
from bot.slack.listeners.visit import Json, Visit, revised
from bot.slack.ui.cards import link_message
from bot.slack.ui.links_list import ListMemo, list_view
from bot.slack.ui.memo import MAX_SEARCH
from bot.slack.ui.search import read_search
from bot.slack.ui.unfinished import unsaved_view

_FILTERS = {"active": "active", "on": "active", "off": "off", "all": "all"}
_log = structlog.get_logger()


async def open_list(visit: Visit, words: str) -> None:
    """`/paylink list [active|off|text]`."""
    known = _FILTERS.get(words.lower())
    memo = ListMemo.model_validate({"filter": known} if known else {"text": words[:MAX_SEARCH]})
    await open_on_top(visit, await _listed(visit, memo))


async def all_links(visit: Visit) -> None:
    """*All links* in the home."""
    await open_list(visit, "")


async def redraw_list(visit: Visit) -> None:
    """A filter, a search or another page."""
    memo, action = _memo(visit), visit.action["action_id"]
    before = memo.next if action == Action.LINKS_OLDER else None
    await redraw(visit, await _listed(visit, memo.model_copy(update={"before": before})))


async def submit_list(visit: Visit) -> door.Reply:
    """*Search*: the same modal with what was found."""
    return door.update(await _listed(visit, _memo(visit).model_copy(update={"before": None})))


async def link_menu(visit: Visit) -> None:
    """The menu of a link: on its card, and of its row in the list and in the home."""
    menu, link_id = visit.menu
    if menu == Menu.EDIT:
        await open_edit(visit, link_id)
    elif menu == Menu.SHARE:
        await sharing.open_share(visit, link_id)
    elif menu == Menu.QR_CODE:
        await sharing.send_qr(visit, link_id)
    elif menu == Menu.DUPLICATE:
        await duplicate(visit, link_id)
    elif menu == Menu.SAVE_TEMPLATE:
        await templates.save_link(visit, link_id)
    else:
        await visit.face.services.links.set_active(visit.actor, link_id, menu == Menu.TURN_ON)
        await _redraw_row(visit)


async def duplicate(visit: Visit, link_id: str) -> None:
    """The editor on a new link like this one."""
    opened = await visit.face.services.links.duplicate(visit.actor, link_id, await here(visit))
    await open_on_top(visit, draw(visit, opened))


async def edit_link(visit: Visit) -> None:
    """*Edit* on a card."""
    await open_edit(visit, str(visit.action["value"]))


async def turn_on(visit: Visit) -> None:
    """*Turn on* on a card."""
    await _turn(visit, active=True)


async def turn_off(visit: Visit) -> None:
    """*Turn off* on a card."""
    await _turn(visit, active=False)


async def open_edit(visit: Visit, link_id: str) -> None:
    """The editor on a live link: at once with what we know, then with what Stripe says. What this person has changed
    and not saved is offered back first."""
    links = visit.face.services.links
    if unsaved := await links.unsaved(visit.actor, link_id):
        await open_on_top(visit, unsaved_view(unsaved, livemode=visit.face.settings.livemode))
        return
    opened = await links.edit(visit.actor, link_id)
    view = await open_on_top(visit, draw(visit, opened))
    try:
        latest = await links.refresh(visit.actor, opened.id)
    except GatewayError as error:
        _log.warning("link_not_refreshed", link=link_id, error=type(error).__name__)
        return
    if (latest.draft, latest.base) != (opened.draft, opened.base):
        await show(visit, latest, view["id"], view["hash"])


async def _turn(visit: Visit, *, active: bool) -> None:
    """Cards in channels are brought up to date by delivery; one that only this person sees, here."""
    card = await visit.face.services.links.set_active(visit.actor, str(visit.action["value"]), active)
    if visit.body["container"].get("is_ephemeral"):
        await respond(visit.body, link_message(card, visit.actor.locale), replace=True)


async def _redraw_row(visit: Visit) -> None:
    if visit.in_modal:
        await redraw(visit, await _listed(visit, _memo(visit)))
    else:
        await publish(visit.face, visit.actor)


def _memo(visit: Visit) -> ListMemo:
    """What the list shows, with what now stands in its filter and its search."""
    memo = visit.read_memo(ListMemo)
    search = read_search(Block.LINKS_SEARCH, Action.LINKS_SEARCH, visit.state)
    picked = visit.state[Block.LINKS_FILTER][Action.LINKS_FILTER].get("selected_option")
    update = {"text": search, "filter": picked["value"] if picked else memo.filter}
    return revised(memo, update)


async def _listed(visit: Visit, memo: ListMemo) -> Json:
    page = await visit.face.services.links.page(
        visit.actor, active=memo.active, text=memo.text or None, before=memo.before
    )
    return list_view(memo, page, visit.actor.locale, livemode=visit.face.settings.livemode)
