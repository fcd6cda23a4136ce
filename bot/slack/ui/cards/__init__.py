"""What stands in channels: the card of a link, of a payment, of many payments at once, and replies."""

from bot.slack.ui.cards.digest import digest_message
from bot.slack.ui.cards.link import link_message
from bot.slack.ui.cards.payment import payment_message
from bot.slack.ui.cards.reply import reply_message

__all__ = ["digest_message", "link_message", "payment_message", "reply_message"]
