"""The item's modal."""

from bot.errors import Invalid
from bot.links.draft import CatalogPrice, LineItem
from bot.slack.listeners import door
from bot.slack.listeners.drafts import change, redraw, show
from bot.slack.listeners.visit import Visit
from bot.slack.ui import item_reading
from bot.slack.ui.item import item_view
from bot.slack.ui.item_form import ItemForm


async def redraw_item(visit: Visit) -> None:
    """A pick that brings other fields with it."""
    await redraw(visit, item_view(_form(visit), visit.actor.locale))


async def submit_item(visit: Visit) -> door.Reply:
    """Puts the item on the draft, or says at which field it can't be."""
    form, services = _form(visit), visit.face.services
    opened = await services.links.draft(visit.actor, form.draft)
    known = opened.draft.item(form.row) if form.row else None
    try:
        item = item_reading.read_item(form, known, await _picked(visit, form, known))
    except Invalid as invalid:
        return door.errors(item_reading.errors(invalid.problems))
    changed = await change(visit, form.draft, lambda draft: draft.with_item(item))
    return door.Reply(then=lambda: show(visit, changed, visit.view["previous_view_id"]))


async def _picked(visit: Visit, form: ItemForm, known: LineItem | None) -> CatalogPrice | None:
    """The price picked in the catalog. The one that the item has already may not be in the catalog any more."""
    if form.kind != "catalog":
        return None
    if known and isinstance(known.price, CatalogPrice) and known.price.price == form.price:
        return known.price
    return await visit.face.services.catalog.price(visit.actor, form.price)


def _form(visit: Visit) -> ItemForm:
    return visit.read_memo(ItemForm).with_state(visit.state)
