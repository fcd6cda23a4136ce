"""One product of the catalog with its prices, and what can be done with them."""

from collections.abc import Iterator
from decimal import Decimal

from bot.links.prices import amount_in_words, in_words, tiers_in_words
from bot.links.pricing import Tiered
from bot.services.products import PRICES, PriceCard, ProductCard
from bot.slack.ids import Action, Block, Menu, View, block_id, menu_value
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.products import CatalogMemo
from bot.slack.ui.text import line, lines

_TAX = {"exclusive": "tax comes on top", "inclusive": "tax is in it"}


def product_view(memo: CatalogMemo, card: ProductCard, locale: str, *, livemode: bool) -> Json:
    """The product and `PRICES` of its prices, those after the first `memo.skip`."""
    memo = memo.model_copy(update={"product": card.id, "price": None, "opened": {}})
    name = line(card.product.name or card.id, 140)
    return blocks.modal(
        View.PRODUCT,
        "Product",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            blocks.header(f"{name}{'' if card.active else ' · Archived'}"),
            *_facts(card),
            blocks.actions(_product_buttons(card)),
            blocks.header("Prices"),
            *_prices(memo, card, locale),
            blocks.divider(),
            blocks.actions([blocks.button("Back to all products", Action.BACK_TO_PRODUCTS)]),
        ],
        private_metadata=memo.model_dump_json(),
    )


def _facts(card: ProductCard) -> Iterator[Json]:
    product = card.product
    if product.description:
        yield blocks.section(lines(product.description, 1000))
    named = {
        "Unit": product.unit_label,
        "Tax code": product.tax_code,
        "On bank statements": product.statement_descriptor,
        "Shipped": product.shippable,
        "Web page": product.url,
        "Pictures": "  ".join(product.images),
        "Metadata": ", ".join(f"{key} = {value}" for key, value in product.metadata.items()),
        "Id": card.id,
    }
    rows = [rich_text.labelled(label, line(value, 500), 500) for label, value in named.items() if value]
    yield rich_text.block(rich_text.paragraph(rows))


def _product_buttons(card: ProductCard) -> list[Json]:
    archive = blocks.confirm(
        "Archive this product?",
        "Nobody can make a new link with it, and Stripe may turn off links that sell it. Subscriptions go on.",
        "Archive",
    )
    turn = (
        blocks.button("Archive", Action.ARCHIVE_PRODUCT, confirm=archive)
        if card.active
        else blocks.button("Restore", Action.RESTORE_PRODUCT, style="primary")
    )
    edit = blocks.button("Edit product", Action.EDIT_PRODUCT)
    if not card.active:
        return [turn, edit]
    style = None if card.prices else "primary"
    return [blocks.button("Add price", Action.NEW_PRICE, style=style), edit, turn]


def _prices(memo: CatalogMemo, card: ProductCard, locale: str) -> Iterator[Json]:
    if not card.prices:
        yield blocks.section("No price yet. Add one to sell it." if card.active else "None.")
    for price in card.prices:
        menu = blocks.overflow(
            Action.PRICE_MENU, [(text, menu_value(key, price.price.price)) for text, key in _menu(card, price)]
        )
        yield blocks.section(
            _price_words(price, locale), block_id=block_id(Block.PRICE, price.price.price), accessory=menu
        )
    if memo.skip:
        yield blocks.actions([blocks.button("First prices", Action.PRICES_MORE, "0")])
    if card.more:
        yield blocks.actions([blocks.button("More prices", Action.PRICES_MORE, str(memo.skip + PRICES))])


def _menu(card: ProductCard, price: PriceCard) -> Iterator[tuple[str, Menu]]:
    if card.active and price.active and not price.price.metered:
        yield "Use in a new link", Menu.USE
    yield "Edit", Menu.EDIT
    yield ("Archive", Menu.ARCHIVE) if price.active else ("Restore", Menu.RESTORE)


def _price_words(card: PriceCard, locale: str) -> str:
    """What it costs; its tiers; what else there is to know of it."""
    price, data = card.price, card.data
    archived = "" if card.active else " · Archived"
    words = [f"{in_words(price, locale)} · {price.currency.upper()}{archived}"]
    if isinstance(price.pricing, Tiered) and price.pricing.tiers:
        words.append(tiers_in_words(price.pricing, price.currency, locale))
    facts = [
        data.get("nickname"),
        f"lookup key {data['lookup_key']}" if data.get("lookup_key") else None,
        _TAX.get(str(data.get("tax_behavior"))),
        _elsewhere(card, locale),
        price.price,
    ]
    words.append(" · ".join(line(str(fact), 300) for fact in facts if fact))
    return "\n".join(line(row, 900) for row in words)


def _elsewhere(card: PriceCard, locale: str) -> str:
    """What it costs in further currencies: `also $11.00, GBP`."""
    found = []
    for currency, option in sorted((card.data.get("currency_options") or {}).items()):
        if currency != card.price.currency:
            amount = option.get("unit_amount_decimal")
            plain = None if amount is None else amount_in_words(Decimal(str(amount)), currency, locale)
            found.append(plain or currency.upper())
    return f"also {', '.join(found)}" if found else ""
