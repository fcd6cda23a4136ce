"""Menus whose options Slack asks of us while somebody types; answered from this machine alone."""

from bot.links.coupons import discount_in_words
from bot.links.draft import LinkDraft
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui import blocks
from bot.slack.ui.currencies import currency_options
from bot.slack.ui.forms import FormMemo
from bot.slack.ui.item_form import ItemForm, price_words
from bot.slack.ui.option_fields import NOTHING

_NO_ITEM = "No item"


async def prices(visit: Visit) -> list[Json]:
    """Prices of the catalog, in the currency of the draft's other items."""
    form = visit.read_memo(ItemForm)
    found = await visit.face.services.catalog.search(visit.actor, visit.body["value"], form.only_currency)
    return blocks.answered(blocks.option(price_words(price, visit.actor.locale), price.price) for price in found)


async def products(visit: Visit) -> list[Json]:
    """Products of the catalog."""
    found = await visit.face.services.discounts.products(visit.actor, visit.body["value"])
    return blocks.answered(blocks.option(name, product_id) for product_id, name in found)


async def promotion_codes(visit: Visit) -> list[Json]:
    """Codes that customers can use now, and that take something off in the currency of the link being shared."""
    services = visit.face.services
    card = await services.links.get(visit.actor, visit.memo)
    found = await services.discounts.codes(visit.actor, visit.body["value"], card.draft.currency)
    return blocks.answered(
        blocks.option(f"{code.code.code} · {discount_in_words(coupon, visit.actor.locale)}", str(code.code.code))
        for code, coupon in found
    )


async def currencies(visit: Visit) -> list[Json]:
    """Stripe's currencies."""
    return currency_options(visit.body["value"], visit.actor.locale)


async def prices_for_option(visit: Visit) -> list[Json]:
    """Prices of the catalog in the currency of the draft, and a way to take a pick back."""
    draft, text = await _draft(visit), visit.body["value"]
    found = await visit.face.services.catalog.search(visit.actor, text, draft.currency)
    prices = [blocks.option(price_words(price, visit.actor.locale), price.price) for price in found]
    nothing = [blocks.option(_NO_ITEM, NOTHING)] if text.lower() in _NO_ITEM.lower() else []
    return blocks.answered([*nothing, *prices])


async def rates(visit: Visit) -> list[Json]:
    """Shipping rates in the currency of the draft."""
    draft = await _draft(visit)
    found = await visit.face.services.shipping.find(visit.actor, visit.body["value"], draft.currency)
    return blocks.answered(blocks.option(fact.words, rate_id) for rate_id, fact in found)


async def _draft(visit: Visit) -> LinkDraft:
    memo = visit.read_memo(FormMemo)
    return (await visit.face.services.links.draft(visit.actor, memo.draft)).draft
