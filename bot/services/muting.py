"""What a channel hears of its payments after they were announced: each kind can be turned off."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.payments.news import Kind
from bot.services.actors import Actor, require_editor
from storage import channels
from storage.database import Database
from storage.models import ChannelNotices


@dataclass(frozen=True, slots=True)
class Notices:
    """A channel's choice. `told` are the kinds that are told in threads; `broadcast`: in the channel too."""

    channel_id: str
    told: frozenset[Kind]
    broadcast: bool


class MutingService:
    """One workspace's choices. Where nothing was chosen everything is told, and nothing outside of the threads."""

    def __init__(self, db: Database, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._team_id = team_id
        self._clock = clock

    async def get(self, actor: Actor, channel_id: str) -> Notices:
        """What the channel hears now."""
        async with self._db.read() as session:
            chosen = (await channels.get(session, self._team_id, [channel_id])).get(channel_id)
        muted = set(chosen.muted) if chosen else set()
        return Notices(channel_id, frozenset(Kind) - muted, chosen.broadcast if chosen else False)

    async def choose(self, actor: Actor, channel_id: str, told: Collection[Kind], broadcast: bool) -> Notices:
        """From now on the channel hears of these kinds, and of no other. Raises NotAllowed."""
        require_editor(actor)
        notices = ChannelNotices(
            team_id=self._team_id,
            channel_id=channel_id,
            muted=sorted(frozenset(Kind) - frozenset(told)),
            broadcast=broadcast,
            updated_at=self._clock(),
        )
        async with self._db.begin() as session:
            await channels.put(session, notices)
        return await self.get(actor, channel_id)
