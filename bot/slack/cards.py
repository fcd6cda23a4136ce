"""Cards as delivery needs them: what a row shows now, and whom to tell when its channel is out of reach."""

from bot.gateways.slack import Message
from bot.services.notices import NoticeService
from bot.slack.listeners.telling import sentence
from bot.slack.ui.cards import digest_message, link_message, payment_message, reply_message
from storage.models import Card


class Cards:
    """Puts the services' state and the Slack face's drawing together. `locale` is that of messages in channels."""

    def __init__(self, notices: NoticeService, locale: str) -> None:
        self._notices = notices
        self._locale = locale

    async def render(self, card: Card) -> Message | None:
        """The message that should stand, None when its subject is unknown."""
        hint = card.channel_id if card.posted_channel not in (None, card.channel_id) else None
        if card.subject_kind == "link":
            link = await self._notices.link_card(card.subject_id, hint, card)
            return link_message(link, self._locale) if link else None
        if card.subject_kind == "payment":
            payment = await self._notices.payment_card(card.subject_id, hint)
            return payment_message(payment, self._locale) if payment else None
        if card.subject_kind == "reply":
            reply = await self._notices.reply(card, hint)
            return reply_message(reply, self._locale) if reply else None
        if card.subject_kind == "message":
            return sentence(card.data["text"]) if card.data else None
        digest = await self._notices.digest(card.id, hint)
        return digest_message(digest, self._locale) if digest else None

    async def fallback(self, card: Card) -> str | None:
        """The person who shared the card or made the link, of a digest's links the most paid; None for links made
        elsewhere."""
        if card.shared_by:
            return card.shared_by
        if card.subject_kind == "link":
            link = await self._notices.link_card(card.subject_id)
            return link.created_by if link else None
        if card.subject_kind == "payment":
            payment = await self._notices.payment_card(card.subject_id)
            return payment.created_by if payment else None
        if card.subject_kind == "reply":
            reply = await self._notices.reply(card)
            return reply.card.created_by if reply else None
        digest = await self._notices.digest(card.id) if card.subject_kind == "digest" else None
        return digest.created_by if digest else None
