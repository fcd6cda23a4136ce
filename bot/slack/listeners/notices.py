"""What a channel hears of its payments, from `/paylink notify` and from a payment's card."""

import re

from bot.errors import Unreadable
from bot.slack.listeners import door
from bot.slack.listeners.drafts import open_on_top
from bot.slack.listeners.visit import Visit
from bot.slack.ui.notices import notices_view, read_notices

_CHANNEL = re.compile("[CDG][A-Z0-9]+")


async def open_notices(visit: Visit, channel_id: str) -> None:
    """The modal for this channel. Raises Unreadable for what is none."""
    if not _CHANNEL.fullmatch(channel_id):
        raise Unreadable
    known = await visit.face.services.muting.get(visit.actor, channel_id)
    await open_on_top(visit, notices_view(known, livemode=visit.face.settings.livemode))


async def notices(visit: Visit) -> None:
    """*Notices* on a payment's card: for the channel the card was meant for, wherever it stands."""
    await open_notices(visit, str(visit.action.get("value") or visit.channel_id))


async def submit_notices(visit: Visit) -> door.Reply:
    """*Save*: the modal closes."""
    told, broadcast = read_notices(visit.state)
    await visit.face.services.muting.choose(visit.actor, visit.memo, told, broadcast)
    return door.Reply()
