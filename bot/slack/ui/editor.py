"""The link editor: one modal, drawn from the draft alone."""

from collections.abc import Iterator, Sequence
from itertools import chain
from zlib import crc32

from bot.errors import Problem
from bot.links.draft import LineItem
from bot.links.line_item import MAX_LINE_ITEMS
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup
from bot.links.rules import MAX_NAME
from bot.links.totals import totals_in_words
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action, Block, Menu, View, block_id, menu_value
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.forms import has_form
from bot.slack.ui.item_form import shown_description
from bot.slack.ui.money import TEST_MODE, item_in_words, item_title
from bot.slack.ui.places import Places
from bot.slack.ui.replace import replace_notice, submit_words
from bot.slack.ui.text import line

_ROW = 300


def editor_view(
    opened: OpenDraft,
    *,
    livemode: bool,
    locale: str,
    connect: bool = False,
    problems: Sequence[Problem] = (),
    fresh: str = "",
) -> Json:
    """The editor. Each problem stands at the row it is about, those about the whole on top.

    `connect` is whether Stripe Connect's options are offered. `fresh` differs from one drawing to the next, so that
    the menu of options comes back with nothing picked.
    """
    places = Places(problems, opened.draft)
    editing = opened.base is not None
    return blocks.modal(
        View.EDITOR,
        "Edit payment link" if editing else "New payment link",
        list(
            chain(
                _top(opened, places, livemode),
                _items(opened, places, locale),
                _options(opened, places, fresh, connect=connect),
                _channel(opened),
                _template(),
            )
        ),
        submit=submit_words(opened),
        private_metadata=opened.id,
    )


def name_block(opened: OpenDraft) -> str:
    """The id of the name's block. It changes with what stands in Stripe, so that a newer name there is shown."""
    return block_id(Block.NAME, _typed_key(opened))


def channel_block(opened: OpenDraft) -> str:
    """The id of the channel's block."""
    return block_id(Block.CHANNEL, _typed_key(opened))


def _typed_key(opened: OpenDraft) -> str:
    return f"{opened.id}.{crc32(opened.base.name.encode()):x}" if opened.base else opened.id


def _top(opened: OpenDraft, places: Places, livemode: bool) -> Iterator[Json]:
    if places.any:
        yield blocks.section("Not sent to Stripe yet. What is left is marked with “⚠️ To do”.")
    yield from _to_do(places.whole)
    if not livemode:
        yield blocks.context(TEST_MODE)
    yield from replace_notice(opened)
    yield blocks.field(
        "Name",
        blocks.text_input(
            Action.NAME,
            initial=opened.draft.name,
            placeholder="For your team, such as the customer's name",
            max_length=MAX_NAME,
        ),
        block_id=name_block(opened),
        hint="Shown in Slack only. Left empty, the items' names are used.",
        optional=True,
    )
    yield from _to_do(places.name)


def _items(opened: OpenDraft, places: Places, locale: str) -> Iterator[Json]:
    draft = opened.draft
    yield blocks.header("Items")
    room = len(draft.line_items) < MAX_LINE_ITEMS
    for item in draft.line_items:
        accessory = _item_menu(item, room)
        words = _row(
            item_title(item), item_in_words(item, locale), places.item(item.row), shown_description(item.price)
        )
        yield blocks.section(words, block_id=block_id(Block.ITEM, item.row), accessory=accessory)
    yield from _to_do(places.items)
    if room:
        style = None if draft.line_items else "primary"
        yield blocks.actions([blocks.button("Add item", Action.ADD_ITEM, style=style)], block_id=Block.ADD_ITEM)
    else:
        yield blocks.context(f"A link holds {MAX_LINE_ITEMS} items. Remove one to add another.")
    yield rich_text.block(rich_text.paragraph([rich_text.labelled("Total", totals_in_words(draft, locale), 1000)]))


def _item_menu(item: LineItem, room: bool) -> Json:
    entries = [("Edit", Menu.EDIT), *([("Duplicate", Menu.DUPLICATE)] if room else []), ("Remove", Menu.REMOVE)]
    return blocks.overflow(Action.ITEM_MENU, [(text, menu_value(menu, item.row)) for text, menu in entries])


def _options(opened: OpenDraft, places: Places, fresh: str, *, connect: bool) -> Iterator[Json]:
    present = opened.draft.options
    yield blocks.header("Options")
    for group in present.values():
        words = _row(group.title, group.summary(), places.option(group.key))
        yield blocks.section(
            words, block_id=block_id(Block.OPTION, group.key), accessory=_option_menu(opened, group, connect=connect)
        )
    missing = [one for key, one in GROUPS.items() if key not in present and (connect or not one.connect)]
    if missing:
        menu = blocks.select(
            Action.ADD_OPTION,
            [blocks.option(one.title, one.key, one.why_not(opened.draft) or one.description) for one in missing],
            placeholder="Add an option…",
        )
        yield blocks.actions([menu], block_id=block_id(Block.ADD_OPTION, fresh))


def _option_menu(opened: OpenDraft, group: OptionGroup, *, connect: bool) -> Json:
    """A group without fields is there or not: nothing to change."""
    if not has_form(opened, type(group), connect=connect):
        return blocks.button("Remove", Action.REMOVE_OPTION, group.key)
    entries = (("Change", Menu.EDIT), ("Remove", Menu.REMOVE))
    return blocks.overflow(Action.OPTION_MENU, [(text, menu_value(menu, group.key)) for text, menu in entries])


def _channel(opened: OpenDraft) -> Iterator[Json]:
    yield blocks.header("Where it shows")
    yield blocks.field(
        "Channel",
        blocks.conversations_select(
            Action.CHANNEL,
            initial=opened.draft.notify_channel or opened.channel_id or None,
            placeholder="Pick a channel",
        ),
        block_id=channel_block(opened),
        hint="The link's card and its payments appear there. Where Paylink isn't a member, they come to you instead.",
    )


def _template() -> Iterator[Json]:
    yield blocks.actions([blocks.button("Save as template", Action.SAVE_TEMPLATE)])


def _row(title: str, words: str, messages: Sequence[str], more: str = "") -> str:
    """A row's text, with what stands against it. One block a row: a view has 100, however many rows need attention."""
    told = [line(text, _ROW) for text in (title, words, more) if text]
    return "\n".join([*told, *([_marked(messages)] if messages else [])])


def _to_do(messages: Sequence[str]) -> Iterator[Json]:
    """What stands against something that is no row of text."""
    if messages:
        yield blocks.section(_marked(messages))


def _marked(messages: Sequence[str]) -> str:
    return f"⚠️ To do: {' '.join(messages)}"
