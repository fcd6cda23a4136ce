"""Looking through the catalog. List, product and forms are one modal that changes, so that none is too deep."""

from bot.errors import GatewayError
from bot.links.draft import LineItem, LinkDraft
from bot.slack.ids import Action, Block, Menu
from bot.slack.listeners import door
from bot.slack.listeners.drafts import draw, open_on_top, redraw
from bot.slack.listeners.product_forms import edit_price
from bot.slack.listeners.visit import Json, Visit, revised
from bot.slack.ui.memo import MAX_SEARCH
from bot.slack.ui.product import product_view
from bot.slack.ui.products import CatalogMemo, products_view
from bot.slack.ui.search import read_search

_FILTERS = {"active": "active", "archived": "archived", "all": "all"}


async def open_products(visit: Visit, words: str) -> None:
    """`/paylink products [active|archived|all|text]`."""
    known = _FILTERS.get(words.lower())
    asked = {"filter": known} if known else {"text": words[:MAX_SEARCH]}
    memo = CatalogMemo.model_validate({"channel": visit.channel_id or "", **asked})
    await open_on_top(visit, await _listed(visit, memo))


async def all_products(visit: Visit) -> None:
    """*Products* in the home."""
    await open_products(visit, "")


async def redraw_products(visit: Visit) -> None:
    """A filter, a search or another page."""
    memo = _with_state(visit)
    after = memo.next if visit.action["action_id"] == Action.PRODUCTS_MORE else None
    await redraw(visit, await _listed(visit, memo.model_copy(update={"after": after})))


async def submit_products(visit: Visit) -> door.Reply:
    """*Search*: the same modal with what was found."""
    return door.update(await _listed(visit, _with_state(visit).model_copy(update={"after": None})))


async def back_to_products(visit: Visit) -> None:
    """The list as it was left."""
    await redraw(visit, await _listed(visit, _memo(visit)))


async def open_product(visit: Visit) -> None:
    """*Open* in a product's row, and the way back to it from a form."""
    memo = _with_state(visit).model_copy(update={"product": str(visit.action["value"]), "skip": 0})
    await _show_product(visit, memo)


async def more_prices(visit: Visit) -> None:
    """*More prices* of the product."""
    await _show_product(visit, revised(_memo(visit), {"skip": visit.action["value"]}))


async def turn_product(visit: Visit) -> None:
    """*Archive* and *Restore*."""
    memo = _memo(visit)
    active = visit.action["action_id"] == Action.RESTORE_PRODUCT
    await visit.face.services.products.set_active(visit.actor, str(memo.product), active)
    await _show_product(visit, memo)


async def price_menu(visit: Visit) -> None:
    """The menu of a price."""
    menu, price_id = visit.menu
    memo = _memo(visit)
    if menu == Menu.USE:
        await _use(visit, memo, price_id)
    elif menu == Menu.EDIT:
        await edit_price(visit, memo, price_id)
    else:
        await visit.face.services.products.set_price_active(visit.actor, price_id, menu == Menu.RESTORE)
        await _show_product(visit, memo)


async def _use(visit: Visit, memo: CatalogMemo, price_id: str) -> None:
    """The editor of a new link that sells this price, in the catalog's place."""
    price = await visit.face.services.catalog.price(visit.actor, price_id)
    prefill = LinkDraft(line_items=(LineItem(price=price),))
    opened = await visit.face.services.links.start(visit.actor, memo.channel or await _messages(visit), prefill)
    await redraw(visit, draw(visit, opened))


async def _messages(visit: Visit) -> str:
    """The person's messages with the app; empty when Slack can't be asked."""
    try:
        return await visit.face.slack.dm(visit.actor.user_id)
    except GatewayError:
        return ""


async def _show_product(visit: Visit, memo: CatalogMemo) -> None:
    card = await visit.face.services.products.product(visit.actor, str(memo.product), memo.skip)
    livemode = visit.face.settings.livemode
    await redraw(visit, product_view(memo, card, visit.actor.locale, livemode=livemode))


async def _listed(visit: Visit, memo: CatalogMemo) -> Json:
    services, livemode = visit.face.services, visit.face.settings.livemode
    page = await services.products.page(visit.actor, text=memo.text, active=memo.active, after=memo.after)
    reading = await services.catalog.reading()
    return products_view(memo, page, reading, visit.actor.locale, livemode=livemode)


def _memo(visit: Visit) -> CatalogMemo:
    return visit.read_memo(CatalogMemo)


def _with_state(visit: Visit) -> CatalogMemo:
    """What the list shows, with what now stands in its filter and its search, where they are there."""
    memo, state = _memo(visit), visit.state
    if Block.PRODUCTS_SEARCH not in state:
        return memo
    search = read_search(Block.PRODUCTS_SEARCH, Action.PRODUCTS_SEARCH, state)
    picked = state[Block.PRODUCTS_FILTER][Action.PRODUCTS_FILTER].get("selected_option")
    return revised(memo, {"text": search, "filter": picked["value"] if picked else memo.filter})
