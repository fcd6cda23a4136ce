"""What to tell people whose channel the app isn't in."""

from bot.slack.ui import rich_text
from bot.slack.ui.blocks import Json

INVITE = "/invite @Paylink"
_WHY = "Paylink isn't in that channel, so this came to you. Type "


def invite_hint(channel_id: str) -> Json:
    """Why a card stands in a direct message, and the cure."""
    words = [
        rich_text.text("Meant for "),
        rich_text.channel(channel_id),
        rich_text.text(f". {_WHY}"),
        _invite(),
        rich_text.text(" there to see payments in the channel."),
    ]
    return rich_text.block(rich_text.paragraph([words]))


def absent(channel_id: str) -> rich_text.Line:
    """What will come of a link whose channel the app isn't in, and the cure."""
    return [
        rich_text.text("Paylink isn't in "),
        rich_text.channel(channel_id),
        rich_text.text(", so the card and the payments come to your messages with Paylink. Type "),
        _invite(),
        rich_text.text(" there to have them in the channel."),
    ]


def place(conversation_id: str) -> Json:
    """A conversation's name, in a modal. Slack has no name for a direct message."""
    if conversation_id.startswith("D"):
        return rich_text.text("a direct message")
    if conversation_id.startswith(("U", "W")):
        return rich_text.user(conversation_id)
    return rich_text.channel(conversation_id)


def _invite() -> Json:
    return {"type": "text", "text": INVITE, "style": {"code": True}}


def invite_text(channel_id: str | None) -> str:
    """The same for a message's `text`; empty when there is no such channel."""
    if channel_id is None:
        return ""
    return f"Meant for <#{channel_id}>. {_WHY}{INVITE} there to see payments in the channel."
