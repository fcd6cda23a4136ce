"""What to tell people whose channel the app isn't in."""

from bot.slack.ui import rich_text
from bot.slack.ui.blocks import Json

_WHY = "Paylink isn't in that channel, so this came to you. Type "
_INVITE = "/invite @Paylink"


def invite_hint(channel_id: str) -> Json:
    """Why a card stands in a direct message, and the cure."""
    return rich_text.block(
        rich_text.paragraph(
            [
                [
                    rich_text.text("Meant for "),
                    rich_text.channel(channel_id),
                    rich_text.text(f". {_WHY}"),
                    {"type": "text", "text": _INVITE, "style": {"code": True}},
                    rich_text.text(" there to see payments in the channel."),
                ]
            ]
        )
    )


def invite_text(channel_id: str | None) -> str:
    """The same for a message's `text`; empty when there is no such channel."""
    if channel_id is None:
        return ""
    return f"Meant for <#{channel_id}>. {_WHY}{_INVITE} there to see payments in the channel."
