"""What should be said in channels about a payment that changed: its card, and replies in the card's thread."""

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot.payments.news import News
from bot.payments.payment import Payment
from storage import cards, channels
from storage.models import ChannelNotices
from storage.replies import Reply


async def wish(
    session: AsyncSession,
    team_id: str,
    payment: Payment,
    pieces: Sequence[News],
    *,
    changed: bool,
    channel: str | None,
    announce: bool,
    now: float,
) -> bool:
    """Brings the payment's cards up to date and has each piece of news told once in their threads, in the channels
    that didn't mute its kind.

    A payment without a card gets one in `channel` when it is to be announced, or when there is news of it that the
    channel wants to hear. Answers whether anything is to be said: nothing is of one that hasn't `changed` and has its
    card.
    """
    if not (announce and channel) and not pieces:
        await cards.want_everywhere(session, team_id, "payment", payment.id, now)
        return True
    held = {card.channel_id for card in await cards.of(session, team_id, "payment", payment.id)}
    places = held or ({channel} if channel else set())
    chosen = await channels.get(session, team_id, places) if pieces else {}
    told = {place: [piece for piece in pieces if not _is_muted(chosen, place, piece)] for place in places}
    is_new = bool(channel and not held and (announce or told[channel]))
    if channel and is_new:
        await cards.want(session, team_id, "payment", payment.id, channel, now)
    elif changed:
        await cards.want_everywhere(session, team_id, "payment", payment.id, now)
    for place in sorted(told):
        for piece in told[place]:
            data = {"payment": payment.id, "news": piece.model_dump(mode="json")}
            await cards.reply(session, Reply(team_id, payment.id, place, piece.key, data, now))
    return changed or is_new


def _is_muted(chosen: Mapping[str, ChannelNotices], channel_id: str, piece: News) -> bool:
    return channel_id in chosen and piece.kind in chosen[channel_id].muted
