"""`/paylink`: what was typed after it, and who does it."""

import json
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.gateways.slack import Message
from bot.links import quick
from bot.links.quick import QuickError
from bot.services.notices import LinkCard
from bot.slack.ids import Command, Word
from bot.slack.listeners import coupons, links, notices, products, sharing, starting, templates
from bot.slack.listeners.door import Door, Listener
from bot.slack.listeners.telling import sentence, tell
from bot.slack.listeners.visit import Json, Visit
from bot.slack.ui.cards import link_message
from bot.slack.ui.help import help_message, matches_message, unknown_message
from bot.slack.ui.text import unescape

_help = lru_cache(maxsize=1)(help_message)


@lru_cache(maxsize=1)
def _help_answer() -> str:
    """The help as the acknowledgement's JSON, which is the same each time."""
    return json.dumps({"response_type": "ephemeral", "text": _help().text, "blocks": _help().blocks})


def listener(door: Door) -> Listener:
    """Acknowledges at once; help is the acknowledgement itself, as it needs to know nothing."""

    async def paylink_command(ack: AsyncAck, body: Json) -> BoltResponse:
        if body.get("text", "").strip().lower() == Word.HELP:
            return BoltResponse(status=200, body=_help_answer())
        door.start(paylink, body)
        return await ack()

    return paylink_command


async def paylink(visit: Visit) -> None:
    """Does what was typed."""
    typed = unescape(visit.body.get("text", "")).strip()
    word, _, rest = typed.partition(" ")
    if not typed:
        await starting.new_link(visit, visit.channel_id or "")
    elif word.lower() == Word.LIST:
        await links.open_list(visit, rest.strip())
    elif word.lower() == Word.COUPONS:
        await coupons.open_coupons(visit, rest.strip())
    elif word.lower() == Word.NOTIFY:
        await notices.open_notices(visit, visit.channel_id or "")
    elif word.lower() == Word.PRODUCTS:
        await products.open_products(visit, rest.strip())
    elif word.lower() == Word.NEW:
        await templates.new(visit, rest.strip())
    elif word.lower() == Word.TEMPLATES:
        await templates.open_list(visit)
    elif word.lower() in _ON_A_LINK:
        await _on_a_link(visit, Word(word.lower()), rest.strip())
    elif word.lower() == Word.HELP:
        await tell(visit.face.slack, visit.body, _help())
    elif _is_a_word(typed, visit.face.settings.currency):
        nearest = get_close_matches(word.lower(), list(Word), n=1)
        await tell(visit.face.slack, visit.body, unknown_message(word, nearest[0] if nearest else None))
    else:
        await starting.from_line(visit, typed)


def _is_a_word(typed: str, currency: str) -> bool:
    """Whether it is meant as a word of ours rather than as items: it can't be read as items, and either there is no
    digit in it or it begins like one of our words."""
    try:
        quick.parse(typed, currency)
    except QuickError:
        near = get_close_matches(typed.split()[0].lower(), list(Word), n=1)
        return bool(near) or not any(character.isdigit() for character in typed)
    return False


async def _on_a_link(visit: Visit, word: Word, words: str) -> None:
    """A word that is about one link, which is told by id, address or name."""
    if not words:
        example = f"{Command.PAYLINK} {word}"
        message = f"Which link? Type {example} and its name, id or address. {Command.PAYLINK} list shows them all."
        await tell(visit.face.slack, visit.body, sentence(message))
        return
    found = await visit.face.services.links.find(visit.actor, _address(words))
    exact = [card for card in found if _is_exact(card, _address(words))]
    meant = _current(exact if exact else found)
    if len(meant) == 1:
        await _ON_A_LINK[word](visit, meant[0])
    elif meant:
        await tell(visit.face.slack, visit.body, matches_message(words, meant, f"{Command.PAYLINK} {word}"))
    else:
        message = f"No link matches “{words[:80]}”. Type {Command.PAYLINK} list to see them all."
        await tell(visit.face.slack, visit.body, sentence(message))


def _current(meant: list[LinkCard]) -> list[LinkCard]:
    """A link and the one that replaced it have one name: the new one is meant, the old one by its id or address."""
    ids = {card.link_id for card in meant}
    return [card for card in meant if card.replaced_by is None or card.replaced_by.link_id not in ids]


def _address(words: str) -> str:
    """Slack may wrap an address: `<https://…|…>`."""
    return words.strip("<>").partition("|")[0] if words.startswith("<http") else words


def _is_exact(card: LinkCard, words: str) -> bool:
    return words in (card.link_id, card.url) or words.casefold() == card.name.casefold()


async def _show(visit: Visit, card: LinkCard) -> None:
    await tell(visit.face.slack, visit.body, link_message(card, visit.actor.locale))


async def _edit(visit: Visit, card: LinkCard) -> None:
    await links.open_edit(visit, card.link_id)


async def _share(visit: Visit, card: LinkCard) -> None:
    await sharing.open_share(visit, card.link_id)


async def _turn_on(visit: Visit, card: LinkCard) -> None:
    await tell(visit.face.slack, visit.body, await _turned(visit, card, active=True))


async def _turn_off(visit: Visit, card: LinkCard) -> None:
    await tell(visit.face.slack, visit.body, await _turned(visit, card, active=False))


async def _turned(visit: Visit, card: LinkCard, *, active: bool) -> Message:
    turned = await visit.face.services.links.set_active(visit.actor, card.link_id, active)
    state = "on: customers can pay with it" if turned.active else "off: customers can't pay with it any more"
    return sentence(f"“{turned.name[:150]}” is {state}. {turned.url}")


async def _duplicate(visit: Visit, card: LinkCard) -> None:
    await links.duplicate(visit, card.link_id)


async def _qr(visit: Visit, card: LinkCard) -> None:
    await sharing.send_qr(visit, card.link_id)


_ON_A_LINK: Mapping[str, Callable[[Visit, LinkCard], Awaitable[None]]] = {
    Word.SHOW: _show,
    Word.EDIT: _edit,
    Word.ON: _turn_on,
    Word.OFF: _turn_off,
    Word.SHARE: _share,
    Word.QR: _qr,
    Word.DUPLICATE: _duplicate,
}
