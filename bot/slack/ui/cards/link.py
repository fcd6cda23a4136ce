"""The card of a payment link: what it sells, whether it is on, what came in, and what can be done with it."""

from collections.abc import Iterator

from bot.gateways.slack import Message
from bot.links.totals import totals_in_words
from bot.services.lineage import Relative
from bot.services.notices import LinkCard
from bot.slack.ids import Action, Block, Menu, block_id, menu_value
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import invite_hint, invite_text
from bot.slack.ui.money import TEST_MODE, count, item_in_words, item_title, paid_in_words
from bot.slack.ui.text import escape, line, said

_ITEM = 100
_OPTION = 110
_TOTAL = 400
_ITEMS = 1500
MAX_NOTE = 300


def link_message(card: LinkCard, locale: str) -> Message:
    """The card as a message. `text` alone says the whole of it."""
    return Message(_text(card, locale), tuple(_blocks(card, locale)))


def status_in_words(card: LinkCard) -> str:
    """Whether the link can be paid."""
    if card.replaced_by and not card.active:
        return "Replaced: whoever opens it reads the new link's address"
    return "On" if card.active else "Turned off: customers can't pay with it"


def income_in_words(card: LinkCard, locale: str) -> str:
    """What came in, and went back: `€600.00 in 2 payments, €49.90 in 1 renewal, €20.00 refunded; 1 processing`."""
    payments, renewals = paid_in_words(card.paid, locale), paid_in_words(card.renewed, locale, "renewal")
    refunds = (f"{refunded.format(locale)} refunded" for refunded in card.refunded)
    paid = ", ".join(filter(None, (payments, renewals, *refunds))) or "nothing yet"
    words = f"{paid}; {card.processing:,} processing" if card.processing else paid
    together = card.replaces is not None and (card.paid or card.processing)
    return f"{words}, with the link it replaces" if together else words


def _text(card: LinkCard, locale: str) -> str:
    items = "; ".join(
        line(f"{item_title(item)}, {item_in_words(item, locale)}", _ITEM) for item in card.draft.line_items
    )
    return said(
        (
            "" if card.livemode else TEST_MODE,
            f"Payment link: {escape(line(card.name, 150))}.",
            escape(line(card.note, MAX_NOTE)) if card.note else "",
            f"Filled in: {escape(line(card.prefilled, _TOTAL))}." if card.prefilled else "",
            f"Items: {escape(line(items, _ITEMS))}.",
            f"Total: {escape(line(totals_in_words(card.draft, locale), _TOTAL))}.",
            f"Status: {status_in_words(card)}.",
            f"Paid: {income_in_words(card, locale)}.",
            escape(card.url),
            *(f"{label} {escape(line(other.name, 150))}: {other.url}" for label, other in _relatives(card)),
            invite_text(card.hint_channel),
        )
    )


def _blocks(card: LinkCard, locale: str) -> Iterator[Json]:
    yield blocks.header(f"🔗 Payment link: {card.name}")
    if not card.livemode:
        yield blocks.context(TEST_MODE)
    if card.note:
        yield rich_text.block(rich_text.quote(card.note, MAX_NOTE))
    yield rich_text.block(
        rich_text.bullets(
            [
                rich_text.text(item_title(item), _ITEM, bold=True),
                rich_text.text(f": {item_in_words(item, locale)}", _ITEM),
            ]
            for item in card.draft.line_items
        )
        if card.draft.line_items
        else rich_text.paragraph([[rich_text.text("Paylink can't show what this link sells.")]]),
        rich_text.paragraph(_facts(card, locale)),
    )
    if card.hint_channel:
        yield invite_hint(card.hint_channel)
    yield _buttons(card)


def _facts(card: LinkCard, locale: str) -> Iterator[rich_text.Line]:
    yield rich_text.labelled("Total", totals_in_words(card.draft, locale), _TOTAL)
    yield [rich_text.text("Link: ", bold=True), rich_text.link(card.url)]
    if card.prefilled:
        yield rich_text.labelled("Filled in", card.prefilled, _TOTAL)
    yield rich_text.labelled("Status", f"{'🟢' if card.active else '⛔'} {status_in_words(card)}")
    yield rich_text.labelled("Paid", income_in_words(card, locale))
    yield from _lineage(card)
    for group in card.draft.options.values():
        yield rich_text.labelled(group.title, group.summary(), _OPTION)
    if card.foreign:
        yield [rich_text.text("Made in Stripe, not with Paylink.")]


def _lineage(card: LinkCard) -> Iterator[rich_text.Line]:
    for label, other in _relatives(card):
        name = rich_text.text(f"{line(other.name, 150)} ")
        yield [rich_text.text(f"{label}: ", bold=True), name, rich_text.link(other.url)]


def _relatives(card: LinkCard) -> Iterator[tuple[str, Relative]]:
    if card.replaced_by:
        yield "Replaced by", card.replaced_by
    if card.replaces:
        yield "Replaces", card.replaces


def _buttons(card: LinkCard) -> Json:
    """What can be done. A link that was replaced, and is off, is history."""
    menu = [("Duplicate", Menu.DUPLICATE), ("Save as template", Menu.SAVE_TEMPLATE)]
    if card.replaced_by and not card.active:
        after = card.replaced_by
        shown = [blocks.button("Open the new link", Action.OPEN_SUCCESSOR, after.link_id, url=after.url)]
    else:
        shown = [
            blocks.button("Open", Action.OPEN_LINK, card.link_id, url=card.url),
            blocks.button("Share", Action.SHARE_LINK, card.link_id),
            blocks.button("Edit", Action.EDIT_LINK, card.link_id),
            _turn_off(card) if card.active else _turn_on(card),
            blocks.button("QR code", Action.QR_CODE, card.link_id),
        ]
    more = blocks.overflow(Action.LINK_MENU, [(text, menu_value(key, card.link_id)) for text, key in menu])
    return blocks.actions([*shown, more], block_id=block_id(Block.CARD, card.link_id))


def _turn_off(card: LinkCard) -> Json:
    open_payments = f" {count(card.processing, 'payment')} will still settle." if card.processing else ""
    text = f"Customers won't be able to pay with “{line(card.name, 150)}” until it is turned on again.{open_payments}"
    confirm = blocks.confirm("Turn this link off?", text, "Turn off")
    return blocks.button("Turn off", Action.TURN_OFF, card.link_id, style="danger", confirm=confirm)


def _turn_on(card: LinkCard) -> Json:
    text = f"Anyone who has the address of “{line(card.name, 150)}” will be able to pay with it."
    confirm = blocks.confirm("Turn this link on?", text, "Turn on", style="primary")
    return blocks.button("Turn on", Action.TURN_ON, card.link_id, confirm=confirm)
