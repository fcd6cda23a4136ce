"""The catalog's products: search, filter, pages, and a way into each."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.links.prices import in_words
from bot.services.catalog import Progress
from bot.services.products import Page, ProductCard
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Conversation, Id, Searched
from bot.slack.ui.money import TEST_MODE, count
from bot.slack.ui.search import search_field
from bot.slack.ui.text import line

Filter = Literal["active", "archived", "all"]
_FILTERS: tuple[tuple[Filter, str], ...] = (("active", "On sale"), ("archived", "Archived"), ("all", "All products"))


class CatalogMemo(BaseModel):
    """What every view of the catalog carries, all of them being one modal that changes: which page of which products
    is shown (`after` and `next` as `ProductService.page` knows them), in which channel it was asked for, which product
    and price it is about, how many of the product's prices were passed, the name of the form that is open, and what
    it was opened with (`bot.slack.ui.touched`)."""

    model_config = ConfigDict(frozen=True)

    channel: Conversation = ""
    filter: Filter = "active"
    text: Searched = ""
    after: Id | None = None
    next: Id | None = None
    product: Id | None = None
    price: Id | None = None
    skip: Annotated[int, Field(ge=0, lt=2**31)] = 0
    form: Id = ""
    opened: dict[str, str] = {}

    @property
    def active(self) -> bool | None:
        """The filter as `ProductService.page` takes it."""
        return {"all": None, "active": True, "archived": False}[self.filter]


def products_view(memo: CatalogMemo, page: Page, reading: Progress | None, locale: str, *, livemode: bool) -> Json:
    """The modal for one page. `reading` is how far the mirror has come, None once it is whole."""
    memo = memo.model_copy(update={"next": page.next, "product": None, "price": None, "skip": 0, "opened": {}})
    return blocks.modal(
        View.PRODUCTS,
        "Products",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *(reading_blocks(reading)),
            *_controls(memo),
            *_rows(memo, page, reading, locale),
            *_pages(memo),
        ],
        submit="Search",
        private_metadata=memo.model_dump_json(),
    )


def reading_blocks(reading: Progress | None) -> list[Json]:
    """What to know while the catalog isn't all here yet."""
    if reading is None:
        return []
    seen = count(reading.prices, "price") if reading.prices else count(reading.products, "product")
    return [blocks.section(f"Reading your catalog from Stripe: {seen} so far. What is missing comes by itself.")]


def glance(card: ProductCard, locale: str) -> str:
    """A product's first prices in words."""
    shown = [in_words(price.price, locale) for price in card.prices if price.active]
    rest = card.on_sale - len(shown)
    if not shown:
        return "No price yet"
    return f"{' · '.join(shown)}{f' and {rest:,} more' if rest > 0 else ''}"


def _controls(memo: CatalogMemo) -> Iterator[Json]:
    yield search_field(Block.PRODUCTS_SEARCH, Action.PRODUCTS_SEARCH, memo.text, "Name, description or id, then Enter")
    options = [blocks.option(text, value) for value, text in _FILTERS]
    menu = blocks.select(Action.PRODUCTS_FILTER, options, initial=memo.filter)
    new = blocks.button("New product", Action.NEW_PRODUCT, style="primary")
    yield blocks.actions([menu, new], block_id=Block.PRODUCTS_FILTER)


def _rows(memo: CatalogMemo, page: Page, reading: Progress | None, locale: str) -> Iterator[Json]:
    yield blocks.divider()
    if not page.products and reading is None:
        searched = memo.text or memo.filter == "archived"
        yield blocks.section("No product matches." if searched else "No products yet. Make the first one.")
    for card in page.products:
        words = line(f"{card.product.name or card.id}{'' if card.active else ' · Archived'}", 250)
        button = blocks.button("Open", Action.OPEN_PRODUCT, card.id)
        text = f"{words}\n{line(glance(card, locale), 500)}"
        yield blocks.section(text, block_id=block_id(Block.PRODUCT, card.id), accessory=button)


def _pages(memo: CatalogMemo) -> Iterator[Json]:
    buttons = [
        *([blocks.button("First page", Action.PRODUCTS_FIRST)] if memo.after else []),
        *([blocks.button("Next page", Action.PRODUCTS_MORE)] if memo.next else []),
    ]
    if buttons:
        yield blocks.actions(buttons)
