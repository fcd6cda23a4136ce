"""What channels want to hear: chosen for each, and read for many at once."""

from storage import channels
from storage.database import Database
from storage.models import ChannelNotices
from tests.storage.rows import OTHER_TEAM, TEAM


def notices(channel_id: str, *muted: str, team_id: str = TEAM) -> ChannelNotices:
    """A channel's choice."""
    return ChannelNotices(team_id=team_id, channel_id=channel_id, muted=list(muted), broadcast=False, updated_at=1.0)


async def test_what_is_held_is_as_it_was_read_and_the_rest_is_read_by_itself(database: Database) -> None:
    async with database.begin() as session:
        for one in (notices("C1", "refund"), notices("C2", "dispute"), notices("C1", "renewal", team_id=OTHER_TEAM)):
            await channels.put(session, one)
    async with database.read() as session:
        await channels.hold(session, TEAM, [])
        await channels.hold(session, TEAM, {"C1", "C3"})
        for asked in (["C1"], ["C1", "C3"], ["C1", "C2", "C3", "C4"], []):
            chosen = await channels.get(session, TEAM, asked)
            expected = {"C1": ["refund"], "C2": ["dispute"]}
            assert {id: one.muted for id, one in chosen.items()} == {id: expected[id] for id in asked if id in expected}
        others = await channels.get(session, OTHER_TEAM, ["C1"])
        assert [one.muted for one in others.values()] == [["renewal"]]
