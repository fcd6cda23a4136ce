"""Wishes: one card per subject and channel, whoever asks and how often."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from storage import cards
from storage.database import Database
from storage.models import Card

TEAM = "T1"


async def make(session: AsyncSession, **values: Any) -> Card:
    """A card in any state."""
    fields: dict[str, Any] = {
        "id": "card_1",
        "team_id": TEAM,
        "channel_id": "C1",
        "subject_kind": "payment",
        "subject_id": "cs_1",
        "key": "key_1",
        "due_at": 1.0,
        "created_at": 1.0,
        "updated_at": 1.0,
    }
    card = Card(**fields | values)
    session.add(card)
    await session.flush()
    return card


async def only(db: Database, kind: str = "payment", subject: str = "cs_1") -> Card:
    async with db.read() as session:
        (card,) = await cards.of(session, TEAM, kind, subject)
    return card


async def test_a_first_wish_makes_a_due_card(database: Database) -> None:
    async with database.begin() as session:
        await cards.want(session, TEAM, "link", "plink_1", "C1", 5.0, note="for Ada")
    card = await only(database, "link", "plink_1")
    assert (card.state, card.wanted, card.standing, card.note) == ("due", 1, 0, "for Ada")
    assert (card.due_at, card.created_at, card.ts, card.posted_channel) == (5.0, 5.0, None, None)
    assert len(card.key) == 16


async def test_a_second_wish_bumps_it_and_an_empty_note_leaves_the_note(database: Database) -> None:
    async with database.begin() as session:
        await cards.want(session, TEAM, "link", "plink_1", "C1", 5.0, note="for Ada")
        await cards.want(session, TEAM, "link", "plink_1", "C1", 6.0)
        await cards.want(session, TEAM, "link", "plink_1", "C2", 6.0)
    async with database.read() as session:
        first, second = await cards.of(session, TEAM, "link", "plink_1")
    assert (first.wanted, first.note, first.due_at) == (2, "for Ada", 5.0)
    assert (second.channel_id, second.wanted) == ("C2", 1)
    async with database.begin() as session:
        await cards.want(session, TEAM, "link", "plink_1", "C1", 7.0, note="for Grace")
    async with database.read() as session:
        assert (await cards.of(session, TEAM, "link", "plink_1"))[0].note == "for Grace"


@pytest.mark.parametrize(
    ("held", "then"),
    [
        ({"state": "standing", "ts": "1.0", "posted_channel": "C1"}, ("due", 9.0, 0)),
        ({"state": "dead", "attempts": 12}, ("due", 9.0, 0)),
        ({"state": "dead", "attempts": 12, "posted_channel": "C1"}, ("uncertain", 9.0, 0)),
        ({"state": "dead", "attempts": 12, "posted_channel": "C1", "ts": "1.0"}, ("due", 9.0, 0)),
        ({"state": "due", "attempts": 3, "due_at": 50.0}, ("due", 50.0, 3)),
        ({"state": "uncertain", "attempts": 3, "due_at": 50.0, "posted_channel": "C1"}, ("uncertain", 50.0, 3)),
    ],
)
async def test_a_wish_wakes_what_rests_and_hurries_nothing_else(
    database: Database, held: dict[str, Any], then: tuple[str, float, int]
) -> None:
    async with database.begin() as session:
        await make(session, **held)
        await cards.want(session, TEAM, "payment", "cs_1", "C1", 9.0)
    card = await only(database)
    assert (card.state, card.due_at, card.attempts) == then
    assert card.wanted == 2


async def test_everywhere_means_every_channel_and_makes_no_card(database: Database) -> None:
    async with database.begin() as session:
        for channel in ("C1", "C2"):
            await cards.want(session, TEAM, "link", "plink_1", channel, 5.0)
        await cards.want(session, "T2", "link", "plink_1", "C1", 5.0)
        await cards.want_everywhere(session, TEAM, "link", "plink_1", 6.0)
        await cards.want_everywhere(session, TEAM, "link", "plink_none", 6.0)
    async with database.read() as session:
        assert [card.wanted for card in await cards.of(session, TEAM, "link", "plink_1")] == [2, 2]
        assert [card.wanted for card in await cards.of(session, "T2", "link", "plink_1")] == [1]
        assert await cards.of(session, TEAM, "link", "plink_none") == []


async def test_a_payment_under_a_digest_bumps_the_digest(database: Database) -> None:
    async with database.begin() as session:
        digest = await make(
            session, id="digest", key="d", subject_kind="digest", subject_id="digest", ts="1.0", state="standing"
        )
        await make(session, digest_id="digest", state="standing")
        await cards.want(session, TEAM, "payment", "cs_1", "C1", 9.0)
    assert ((await only(database)).state, (await only(database)).wanted) == ("standing", 2)
    bumped = await only(database, "digest", "digest")
    assert (bumped.state, bumped.wanted, bumped.due_at) == ("due", 2, 9.0)
    async with database.read() as session:
        assert await cards.digested(session, TEAM, digest) == ["cs_1"]


async def test_gathered_wishes_are_written_at_the_end_each_once(database: Database) -> None:
    async with database.begin() as session:
        await cards.want(session, TEAM, "link", "plink_1", "C1", 1.0)
        async with cards.gathered(session):
            for number in range(5):
                await cards.want_everywhere(session, TEAM, "link", "plink_1", 2.0)
                await cards.want(session, TEAM, "payment", f"cs_{number % 2}", "C1", 2.0, note=f"n{number}")
                await cards.want(session, TEAM, "payment", f"cs_{number % 2}", "C1", 2.0)
            assert await cards.of(session, TEAM, "payment", "cs_0") == []
    assert (await only(database, "link", "plink_1")).wanted == 2
    card = await only(database, subject="cs_1")
    assert (card.wanted, card.note) == (1, "n3")


async def test_gathered_wishes_of_a_failed_block_are_not_written(database: Database) -> None:
    async def fail(session: AsyncSession) -> None:
        async with cards.gathered(session):
            await cards.want(session, TEAM, "payment", "cs_1", "C1", 1.0)
            raise ValueError("no")

    async with database.begin() as session:
        with pytest.raises(ValueError, match="no"):
            await fail(session)
        assert await cards.of(session, TEAM, "payment", "cs_1") == []


async def test_many_at_once_make_one_card(database: Database) -> None:
    async def wish() -> None:
        async with database.begin() as session:
            await cards.want(session, TEAM, "payment", "cs_1", "C1", 1.0)

    await asyncio.gather(*[wish() for _ in range(8)])
    assert (await only(database)).wanted == 8


async def test_a_message_leads_to_its_card(database: Database) -> None:
    async with database.begin() as session:
        await make(session, ts="1.5", posted_channel="D1")
        found = await cards.at(session, TEAM, "D1", "1.5")
        assert found is not None
        assert found.id == "card_1"
        assert await cards.at(session, TEAM, "C1", "1.5") is None
        assert await cards.at(session, "T2", "D1", "1.5") is None
        assert await cards.get(session, TEAM, "card_1") is found
        assert await cards.get(session, "T2", "card_1") is None


async def test_the_dead_are_listed_by_workspace_the_latest_first(database: Database) -> None:
    async with database.begin() as session:
        for number in range(3):
            await make(session, id=f"card_{number}", subject_id=f"cs_{number}", state="dead", due_at=float(number))
        await make(session, id="other", team_id="T2", state="dead")
        assert [card.id for card in await cards.dead(session, TEAM, limit=2)] == ["card_2", "card_1"]
        assert not await cards.retry(session, TEAM, "other", 1.0)


async def test_what_is_shared_replaces_what_was_shared_and_nothing_else_does(database: Database) -> None:
    async def wanted(**said: str) -> tuple[str, str, str]:
        async with database.begin() as session:
            await cards.want(session, TEAM, "link", "plink_1", "C1", 1.0, **said)
        async with database.read() as session:
            (card,) = await cards.of(session, TEAM, "link", "plink_1")
        return card.note, card.query, card.shared_by

    assert await wanted() == ("", "", "")
    assert await wanted(note="For Ann", query="locale=de", shared_by="U1") == ("For Ann", "locale=de", "U1")
    assert await wanted() == ("For Ann", "locale=de", "U1")
    assert await wanted(shared_by="U2") == ("For Ann", "", "U2")
