"""Statements that are about several rows are the same for any number of them."""

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from storage import cards, channels, inbox, links, outbox, payments, replies
from storage.database import Database

TEAM = "T1"


async def ask(session: AsyncSession, ids: list[str]) -> None:
    """All that handling events and sending cards does with several rows at once."""
    await links.several(session, TEAM, ids)
    await payments.with_links(session, TEAM, ids)
    await channels.get(session, TEAM, ids)
    await cards.hold(session, TEAM, "payment", ids)
    async with cards.gathered(session):
        for id in ids:
            await cards.want_everywhere(session, TEAM, "payment", id, 1.0)
    await replies.wake(session, TEAM, ids, 1.0)
    await outbox._lease(session, ids, "due", "w1", 1.0, 9.0)
    await inbox.finish(session, TEAM, [(id, "w1") for id in ids])


async def asked(session: AsyncSession, ids: list[str]) -> list[tuple[str, object]]:
    """The statements of that, with their values."""
    connection = (await session.connection()).sync_connection
    heard: list[tuple[str, object]] = []

    def hear(_connection: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        heard.append((statement, values))

    event.listen(connection, "before_cursor_execute", hear)
    await ask(session, ids)
    event.remove(connection, "before_cursor_execute", hear)
    return heard


async def test_the_same_statements_ask_for_one_row_and_for_many(database: Database) -> None:
    async with database.begin() as session:
        one, many = await asked(session, ["a"]), await asked(session, ["b", "c", "d"])
    assert [statement for statement, _ in one] == [statement for statement, _ in many]


@pytest.mark.one_database
async def test_sqlite_looks_each_row_up_instead_of_walking_a_queue_or_all_cards(database: Database) -> None:
    async with database.begin() as session:
        connection = await session.connection()
        plans = [
            str(step.detail)
            for statement, values in await asked(session, ["a", "b"])
            for step in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        ]
    assert "SEARCH stripe_event USING INDEX sqlite_autoindex_stripe_event_1 (team_id=? AND id=?)" in plans
    walks = ("_due (", "card_subject (team_id=?)", "digest_id>?")
    assert [step for step in plans if any(walk in step for walk in walks) or step.startswith("SCAN card")] == []
