"""A channel that falls far behind gets one message for many payments, and everything is counted once."""

import re

import pytest

from storage import cards
from storage.database import Database
from tests.conftest import Clock
from tests.delivery.desk import TEAM, Desk


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock, digest_after=5)


def counted(desk: Desk, channel: str = "C1") -> int:
    """How many payments the messages in a channel stand for."""
    digests = [re.match(r"digest of (\d+)", text) for text in desk.slack.texts(channel)]
    return sum(int(digest[1]) if digest else 1 for digest in digests)


async def wave(desk: Desk, name: str, count: int) -> None:
    async with desk.db.begin() as session:
        for number in range(count):
            desk.states[f"{name}_{number}"] = 1
            await cards.want(session, TEAM, "payment", f"{name}_{number}", "C1", desk.clock())


async def test_as_many_as_allowed_are_posted_one_by_one(desk: Desk) -> None:
    await wave(desk, "cs", 5)
    await desk.worker.drain()
    await desk.pass_time(6)
    assert len(desk.slack.messages) == 5
    assert not any("digest" in message.text for message in desk.slack.messages)


async def test_more_become_one_message(desk: Desk) -> None:
    await wave(desk, "cs", 40)
    await desk.worker.drain()
    assert desk.slack.texts("C1") == ["digest of 40, sum 40"]
    card = await desk.card("cs_7")
    assert (card.state, card.ts) == ("standing", None)
    assert card.digest_id is not None
    assert await desk.worker.next_due() is None


async def test_a_change_of_a_gathered_payment_updates_the_digest_alone(desk: Desk) -> None:
    await wave(desk, "cs", 40)
    await desk.worker.drain()
    await desk.change("cs_7", times=3)
    async with desk.db.begin() as session:
        desk.states["cs_8"] += 1
        await cards.want_everywhere(session, TEAM, "payment", "cs_8", desk.clock())
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["digest of 40, sum 44"]
    assert (desk.slack.calls["post"], desk.slack.calls["update"]) == (1, 1)


async def test_a_backlog_soon_after_joins_the_same_digest_and_a_later_one_starts_another(desk: Desk) -> None:
    await wave(desk, "a", 10)
    await desk.worker.drain()
    await wave(desk, "b", 10)
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["digest of 20, sum 20"]
    desk.clock.advance(60)
    await wave(desk, "c", 10)
    await desk.pass_time(1)
    assert desk.slack.texts("C1") == ["digest of 20, sum 20", "digest of 10, sum 10"]


async def test_a_digest_whose_answer_was_lost_is_found_again(desk: Desk) -> None:
    desk.slack.answers_lost = 1
    await wave(desk, "a", 10)
    await desk.worker.drain()
    await wave(desk, "b", 10)
    await desk.pass_time(30)
    assert counted(desk) == 20
    assert len(desk.slack.messages) == 2


async def test_other_cards_are_not_gathered(desk: Desk) -> None:
    await desk.change("plink_1", kind="link")
    await wave(desk, "a", 10)
    await desk.pass_time(3)
    assert sorted(desk.slack.texts("C1")) == ["digest of 10, sum 10", "link plink_1 v1"]


async def test_a_long_burst_is_counted_right_at_one_message_a_second(desk: Desk) -> None:
    for number in range(30):
        await wave(desk, f"w{number}", number % 11)
        posts, updates = desk.slack.calls["post"], desk.slack.calls["update"]
        await desk.worker.drain()
        assert desk.slack.calls["post"] - posts <= 1
        assert desk.slack.calls["update"] - updates <= 1
        desk.clock.advance(1)
    await desk.pass_time(10)
    assert counted(desk) == sum(number % 11 for number in range(30))
    assert await desk.worker.next_due() is None
