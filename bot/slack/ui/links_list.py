"""The list of links: search, filter, pages, and a menu for each row."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.links.totals import totals_in_words
from bot.services.links import Page
from bot.services.notices import LinkCard
from bot.slack.ids import Action, Block, Menu, View, block_id, menu_value
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.cards.link import income_in_words
from bot.slack.ui.memo import Id, Searched
from bot.slack.ui.money import TEST_MODE
from bot.slack.ui.search import search_field
from bot.slack.ui.text import line

Filter = Literal["all", "active", "off"]
_FILTERS: tuple[tuple[Filter, str], ...] = (("all", "All links"), ("active", "On"), ("off", "Turned off"))


class ListMemo(BaseModel):
    """What the view carries: which page of which links it shows. `before` as `LinkService.page` takes it."""

    model_config = ConfigDict(frozen=True)

    filter: Filter = "all"
    text: Searched = ""
    before: tuple[float, Id] | None = None
    next: tuple[float, Id] | None = None

    @property
    def active(self) -> bool | None:
        """The filter as `LinkService.page` takes it."""
        return {"all": None, "active": True, "off": False}[self.filter]


def list_view(memo: ListMemo, page: Page, locale: str, *, livemode: bool) -> Json:
    """The modal for one page."""
    memo = memo.model_copy(update={"next": page.next})
    return blocks.modal(
        View.LINKS,
        "Payment links",
        [
            *([] if livemode else [blocks.context(TEST_MODE)]),
            *_controls(memo),
            *_rows(memo, page, locale),
            *_pages(memo),
        ],
        submit="Search",
        private_metadata=memo.model_dump_json(),
    )


def link_row(card: LinkCard, locale: str) -> Json:
    """A link in two lines, with its menu."""
    status = "On" if card.active else "Turned off"
    if card.replaced_by:
        status = f"{status}, replaced by {card.replaced_by.url}"
    facts = f"{status} · {totals_in_words(card.draft, locale)} · Paid: {income_in_words(card, locale)}"
    words = f"{line(card.name, 200)}\n{line(facts, 500)}\n{card.url}"
    menu = blocks.overflow(Action.LINK_MENU, [(text, menu_value(key, card.link_id)) for text, key in _menu(card)])
    return blocks.section(words, block_id=block_id(Block.LINK, card.link_id), accessory=menu)


def _menu(card: LinkCard) -> tuple[tuple[str, Menu], ...]:
    turn = ("Turn off", Menu.TURN_OFF) if card.active else ("Turn on", Menu.TURN_ON)
    return (("Edit", Menu.EDIT), ("Share", Menu.SHARE), turn, ("QR code", Menu.QR_CODE), ("Duplicate", Menu.DUPLICATE))


def _controls(memo: ListMemo) -> Iterator[Json]:
    yield search_field(Block.LINKS_SEARCH, Action.LINKS_SEARCH, memo.text, "Name, id or address, then Enter")
    options = [blocks.option(text, value) for value, text in _FILTERS]
    menu = blocks.select(Action.LINKS_FILTER, options, initial=memo.filter)
    yield blocks.actions([menu], block_id=Block.LINKS_FILTER)


def _rows(memo: ListMemo, page: Page, locale: str) -> Iterator[Json]:
    yield blocks.divider()
    if not page.links:
        everything = memo.filter == "all" and not memo.text
        yield blocks.section("No links yet. Type /paylink to make one." if everything else "No link matches.")
    for card in page.links:
        yield link_row(card, locale)


def _pages(memo: ListMemo) -> Iterator[Json]:
    buttons = [
        *([blocks.button("Back to the newest", Action.LINKS_NEWEST)] if memo.before else []),
        *([blocks.button("Older links", Action.LINKS_OLDER)] if memo.next else []),
    ]
    if buttons:
        yield blocks.actions(buttons, block_id=Block.LINKS_PAGES)
