"""The card of a burst: many payments in one message, all of them counted."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.gateways.slack import Message
from bot.services.notices import DigestCard
from bot.slack.ui import blocks, rich_text
from bot.slack.ui.blocks import Json
from bot.slack.ui.hints import invite_hint, invite_text
from bot.slack.ui.money import count, paid_in_words
from bot.slack.ui.text import escape, line, said

_MAX_LINKS = 20


def digest_message(card: DigestCard, locale: str) -> Message:
    """The digest as a message."""
    links = "; ".join(_links(card))
    text = said(
        (
            f"{_title(card)}, from {_moment(card.since)} to {_moment(card.until)}.",
            f"Paid: {paid_in_words(card.paid, locale)}." if card.paid else "",
            f"{_unsettled(card)}." if _unsettled(card) else "",
            f"By link: {escape(line(links, 1500))}." if links else "",
            invite_text(card.hint_channel),
        )
    )
    return Message(text, tuple(_blocks(card, locale)))


def _title(card: DigestCard) -> str:
    number = sum(number for _, number in card.paid) + card.processing + card.failed
    return f"{count(number, 'payment')} in one message"


def _unsettled(card: DigestCard) -> str:
    parts = ((card.processing, "processing"), (card.failed, "failed"))
    return ", ".join(f"{number:,} {word}" for number, word in parts if number)


def _moment(seconds: float) -> str:
    """In each reader's own time zone, by Slack's date syntax."""
    fallback = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"<!date^{int(seconds)}^{{date_short_pretty}} {{time}}|{fallback}>"


def _links(card: DigestCard) -> Iterator[str]:
    for name, number in card.links[:_MAX_LINKS]:
        yield f"{line(name, 100)}: {number:,}"
    if len(card.links) > _MAX_LINKS:
        yield f"and {count(len(card.links) - _MAX_LINKS, 'more link')}"


def _blocks(card: DigestCard, locale: str) -> Iterator[Json]:
    yield blocks.header(_title(card))
    facts = [
        rich_text.labelled("Paid", paid_in_words(card.paid, locale) or "nothing yet", 500),
        *([rich_text.labelled("Not settled", _unsettled(card))] if _unsettled(card) else []),
    ]
    parts = [rich_text.paragraph(facts)]
    if card.links:
        parts.append(rich_text.bullets([rich_text.text(entry)] for entry in _links(card)))
    yield rich_text.block(*parts)
    if card.hint_channel:
        yield invite_hint(card.hint_channel)
    words = f"From {_moment(card.since)} to {_moment(card.until)}, in one message because they came all at once."
    yield {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}
