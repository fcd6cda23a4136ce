"""What was given up on is tried again, all of it at a word."""

from bot.services.dead_letters import DeadLetterService
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival
from tests.conftest import Clock

TEAM = "T1"


async def test_however_much_was_given_up_on_all_of_it_is_tried_again(database: Database, clock: Clock) -> None:
    ids = [f"evt_{number}" for number in range(250)]
    now = clock()
    await inbox.store(database, TEAM, [Arrival(id, "some.type", now, b"{}") for id in ids], now)
    async with database.begin() as session:
        for event in await inbox.claim(session, TEAM, "w1", now, now + 30, len(ids)):
            await inbox.postpone(session, TEAM, event.id, "w1", due_at=now, attempts=12, reason="no", dead=True)

    letters = DeadLetterService(database, TEAM, clock)
    assert sorted(await letters.retry_all()) == sorted(ids)
    assert await letters.all() == []
    assert await letters.retry_all() == []
