"""Due cards: taken one per channel's turn, finished by their holder alone."""

import asyncio

import pytest
from sqlalchemy import select
from sqlmodel import col

from storage import cards, outbox, pace, turns
from storage.database import Database
from storage.models import Card
from storage.outbox import Claim, Stood
from tests.databases import blocked

TEAM = "T1"


async def want(db: Database, subject: str, channel: str = "C1", now: float = 1.0, kind: str = "payment") -> None:
    async with db.begin() as session:
        await cards.want(session, TEAM, kind, subject, channel, now)


async def take(
    db: Database, owner: str, now: float, limit: int = 10, posting: bool = False, digest_after: int = 30
) -> list[Claim]:
    async with db.begin() as session:
        return await outbox.claim(session, TEAM, owner, now, now + 30, limit, digest_after, posting)


async def stand(db: Database, owner: str, now: float, digest_after: int = 30) -> None:
    """Takes what is due, and has it stand."""
    claims = await take(db, owner, now, digest_after=digest_after)
    stood = [Stood(claim, claim.card.channel_id, "1.0", claim.version) for claim in claims]
    async with db.begin() as session:
        await outbox.stand(session, stood, now)
        await pace.give_back(session, TEAM, [claim.turn for claim in claims], now)


async def test_a_post_is_uncertain_from_the_moment_it_is_taken(database: Database) -> None:
    await want(database, "cs_1")
    (claim,) = await take(database, "w1", 2.0)
    assert (claim.is_post, claim.unsure, claim.version, claim.turn) == (True, False, 1, ("post:C1", "w1"))
    assert claim.card.posted_channel == "C1"
    async with database.read() as session:
        (card,) = await cards.of(session, TEAM, "payment", "cs_1")
    assert (card.state, card.posted_channel, card.standing, card.updated_at) == ("uncertain", "C1", 1, 2.0)

    assert await take(database, "w2", 31.9) == []
    (again,) = await take(database, "w2", 32.0)
    assert (again.unsure, again.card.attempts, again.card.updated_at) == (True, 1, 2.0)


async def test_nobody_but_the_holder_ends_it(database: Database) -> None:
    await want(database, "cs_1")
    (old,) = await take(database, "w1", 2.0)
    (new,) = await take(database, "w2", 40.0)
    async with database.begin() as session:
        await outbox.stand(session, [Stood(old, "C1", "1.0", 1)], 41.0)
        assert not await outbox.goes_to(session, old, "D1", 41.0)
        assert not await outbox.post_anew(session, old, 41.0)
        assert not await outbox.postpone(session, old, due_at=1, attempts=1, reason="", unsure=False, dead=True)
        await outbox.stand(session, [Stood(new, "C1", "2.0", 1)], 41.0)
        await outbox.stand(session, [Stood(new, "C1", "3.0", 1)], 41.0)
    async with database.read() as session:
        (card,) = await cards.of(session, TEAM, "payment", "cs_1")
    assert (card.state, card.ts) == ("standing", "2.0")


async def test_many_that_stand_are_written_at_once_each_by_its_holder(database: Database) -> None:
    for number in range(4):
        await want(database, f"cs_{number}", f"C{number}")
    taken = {claim.card.id: claim for claim in await take(database, "w1", 2.0)}
    (elsewhere,) = await take(database, "w2", 40.0, limit=1)
    lost = taken.pop(elsewhere.card.id)
    first, changed, silent = taken.values()
    await want(database, changed.card.subject_id, changed.card.channel_id, 40.5)
    stood = [Stood(claim, claim.card.channel_id, "1.0", 1) for claim in (lost, changed, first)]
    async with database.begin() as session:
        await outbox.stand(session, [*stood, Stood(silent, silent.card.channel_id, None, 1)], 41.0)
        found = [
            (await cards.of(session, TEAM, "payment", claim.card.subject_id))[0]
            for claim in (lost, first, changed, silent)
        ]
    assert [(card.state, card.ts, card.posted_channel, card.lease_owner) for card in found] == [
        ("uncertain", None, lost.card.channel_id, "w2"),
        ("standing", "1.0", first.card.channel_id, ""),
        ("due", "1.0", changed.card.channel_id, ""),
        ("standing", None, None, ""),
    ]
    assert found[2].wanted_at == 41.0


async def test_a_digest_is_written_after_the_payments_that_wishes_begin_with(database: Database) -> None:
    for subject, channel in (("cs_0", "C1"), ("cs_1", "C1"), ("cs_2", "C2")):
        await want(database, subject, channel)
    claims = await take(database, "w1", 2.0, digest_after=1)
    assert sorted(claim.card.subject_kind for claim in claims) == ["digest", "payment"]

    async def write() -> None:
        async with database.begin() as session:
            stood = [Stood(claim, claim.card.channel_id, "1.0", claim.version) for claim in claims]
            await outbox.stand(session, stood, 3.0)

    async with database.begin() as session:
        await cards.want(session, TEAM, "payment", "cs_2", "C2", 3.0)
        writing = asyncio.create_task(write())
        await blocked(database, writing)
        await cards.want(session, TEAM, "payment", "cs_0", "C1", 3.0)
    await writing


async def test_digests_are_brought_up_to_date_in_the_order_of_their_ids(database: Database) -> None:
    for number in range(4):
        await want(database, f"cs_{number}", f"C{number % 2}")
    await stand(database, "w1", 2.0, digest_after=1)
    async with database.read() as session:
        found = await session.scalars(select(Card).where(col(Card.subject_kind) == "digest").order_by(col(Card.id)))
        low, high = [digest.channel_id for digest in found]
    for number, channel in enumerate((high, high, low, low)):
        await want(database, f"cs_late_{number}", channel, now=3.0 + number)

    async with database.begin() as session:
        await cards.want(session, TEAM, "payment", f"cs_{low[1:]}", low, 7.0)
        taking = asyncio.create_task(take(database, "w2", 8.0, digest_after=1))
        await blocked(database, taking)
        await cards.want(session, TEAM, "payment", f"cs_{high[1:]}", high, 7.0)
    await taking


async def test_the_limit_takes_posts_before_updates(database: Database) -> None:
    await want(database, "plink_1", "C0", kind="link")
    (claim,) = await take(database, "w1", 1.0)
    async with database.begin() as session:
        await outbox.stand(session, [Stood(claim, "C0", "1.0", 1)], 1.0)
        await pace.give_back(session, TEAM, [claim.turn], 2.0)
    await want(database, "plink_1", "C0", 2.0, kind="link")
    for number in range(1, 4):
        await want(database, f"cs_{number}", f"C{number}", 3.0)
    assert [claim.is_post for claim in await take(database, "w2", 5.0, limit=2)] == [True, True]
    assert [claim.is_post for claim in await take(database, "w3", 5.0, limit=2)] == [True, False]


async def test_updates_give_way_to_posts_for_a_while(database: Database) -> None:
    async def due(posting: bool) -> float | None:
        async with database.read() as session:
            return await turns.next_due(session, TEAM, posting)

    for number in range(turns.MOST_UPDATES + 1):
        await want(database, f"plink_{number}", f"C{number}", kind="link")
    await stand(database, "w1", 1.0)
    for number in range(turns.MOST_UPDATES + 1):
        await want(database, f"plink_{number}", f"C{number}", 2.0, kind="link")
    await want(database, "cs_1", "CP", 2.0)
    assert [claim.is_post for claim in await take(database, "w2", 2.1)] == [True]
    assert (await due(posting=True), await due(posting=False)) == (2.0 + turns.PATIENCE, 2.0)
    assert await take(database, "w2", 2.1, posting=True) == []

    await want(database, "cs_2", "CQ", 2.2)
    mixed = await take(database, "w3", 2.0 + turns.PATIENCE, limit=50, posting=True)
    assert [claim.is_post for claim in mixed] == [True] + [False] * turns.MOST_UPDATES
    assert [claim.is_post for claim in await take(database, "w4", 2.3, limit=50)] == [False]


async def test_when_the_next_card_is_due(database: Database) -> None:
    async def due() -> float | None:
        async with database.read() as session:
            return await turns.next_due(session, TEAM)

    assert await due() is None
    await want(database, "cs_1", now=3.0)
    assert await due() == 3.0
    (claim,) = await take(database, "w1", 5.0)
    assert await due() == 35.0
    async with database.begin() as session:
        await outbox.stand(session, [Stood(claim, "C1", "1.0", 1)], 6.0)
        await pace.give_back(session, TEAM, [claim.turn], 7.0)
    assert await due() is None
    await want(database, "cs_2", now=6.5)
    assert await due() == 7.0
    async with database.begin() as session:
        await pace.hold_off(session, TEAM, pace.WORKSPACE, 50.0)
    assert await due() == 50.0
    assert await take(database, "w2", 49.0) == []
    assert len(await take(database, "w2", 50.0)) == 1


@pytest.mark.parametrize("unsure", [True, False])
async def test_a_post_that_surely_failed_is_forgotten(database: Database, unsure: bool) -> None:
    await want(database, "cs_1")
    (claim,) = await take(database, "w1", 2.0)
    async with database.begin() as session:
        assert await outbox.postpone(session, claim, due_at=9.0, attempts=1, reason="x", unsure=unsure, dead=False)
        (card,) = await cards.of(session, TEAM, "payment", "cs_1")
    expected = ("uncertain", "C1", 1) if unsure else ("due", None, 0)
    assert (card.state, card.posted_channel, card.standing) == expected
    assert (card.due_at, card.attempts, card.reason, card.lease_owner) == (9.0, 1, "x", "")


@pytest.mark.parametrize(("next_at", "due_at"), [(3.0, 2.5), (2.5, 3.0)])
async def test_what_is_given_back_can_be_taken_after_its_pause_and_the_channel_s(
    database: Database, next_at: float, due_at: float
) -> None:
    await want(database, "cs_1")
    await take(database, "w1", 2.0)
    async with database.begin() as session:
        await outbox.release(session, TEAM, {"w1"}, next_at, due_at)
    assert await take(database, "w2", 2.9) == []
    (claim,) = await take(database, "w2", 3.0)
    assert (claim.unsure, claim.card.attempts) == (True, 0)
