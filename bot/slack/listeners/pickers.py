"""Menus whose options Slack asks of us while somebody types; answered from this machine alone."""

from bot.links.coupons import discount_in_words
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui import blocks
from bot.slack.ui.currencies import currency_options
from bot.slack.ui.item_form import ItemForm, price_words


async def prices(visit: Visit) -> list[Json]:
    """Prices of the catalog, in the currency of the draft's other items."""
    form = ItemForm.model_validate_json(visit.memo)
    found = await visit.face.services.catalog.search(visit.actor, visit.body["value"], form.only_currency)
    shown = found[: blocks.MAX_OPTIONS]
    return [blocks.option(price_words(price, visit.actor.locale), price.price) for price in shown]


async def products(visit: Visit) -> list[Json]:
    """Products of the catalog."""
    found = await visit.face.services.discounts.products(visit.actor, visit.body["value"])
    return [blocks.option(name, product_id) for product_id, name in found]


async def promotion_codes(visit: Visit) -> list[Json]:
    """Codes that customers can use now, and that take something off in the currency of the link being shared."""
    services = visit.face.services
    card = await services.links.get(visit.actor, visit.memo)
    found = await services.discounts.codes(visit.actor, visit.body["value"], card.draft.currency)
    return [
        blocks.option(f"{code.code.code} · {discount_in_words(coupon, visit.actor.locale)}", str(code.code.code))
        for code, coupon in found
    ]


async def currencies(visit: Visit) -> list[Json]:
    """Stripe's currencies."""
    return currency_options(visit.body["value"], visit.actor.locale)
