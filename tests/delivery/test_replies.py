"""Words about a payment go into its message's thread, each once, whenever that message comes to stand."""

import pytest

from bot.errors import SlackRefused, SlackUncertain
from storage import cards
from storage.database import Database
from storage.replies import Reply
from tests.conftest import Clock
from tests.delivery.desk import TEAM, Desk


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock, digest_after=5)


def thread(desk: Desk, channel: str = "C1", first: int = 0) -> list[str]:
    """The thread of the channel's message number `first`."""
    parents = [one for one in desk.slack.messages if one.channel == channel and one.thread_ts is None]
    return desk.slack.thread(channel, parents[first].ts)


async def test_a_reply_stands_in_the_thread_of_its_payment(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.worker.drain()
    await desk.tell("cs_1", "refunded")
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]
    assert thread(desk) == ["refunded"]
    card = await desk.reply("cs_1", "refunded")
    assert (card.state, card.posted_channel, card.standing) == ("standing", "C1", 1)


async def test_a_reply_waits_until_its_payment_s_message_stands(desk: Desk) -> None:
    desk.slack.trouble("post", *[SlackRefused("fatal")] * 2)
    await desk.tell("cs_1", "renewed", "refunded")
    assert (await desk.reply("cs_1", "renewed")).state == "waiting"
    await desk.worker.drain()
    assert desk.slack.messages == []
    assert (await desk.reply("cs_1", "renewed")).state == "waiting"
    await desk.pass_time(20)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    assert sorted(thread(desk)) == ["refunded", "renewed"]
    assert await desk.worker.next_due() is None


async def test_the_same_words_are_said_once(desk: Desk) -> None:
    for _ in range(3):
        await desk.tell("cs_1", "refunded")
        await desk.pass_time(3)
    async with desk.db.begin() as session, cards.gathered(session):
        await cards.want_everywhere(session, TEAM, "payment", "cs_1", desk.clock())
        for _ in range(2):
            await cards.reply(session, Reply(TEAM, "cs_1", "C1", "refunded", {"words": "again"}, desk.clock()))
    await desk.pass_time(3)
    assert thread(desk) == ["refunded"]
    assert desk.slack.texts("C1") == ["payment cs_1 v3"]


async def test_nothing_is_said_where_the_payment_has_no_card(desk: Desk) -> None:
    await desk.change("cs_1")
    async with desk.db.begin() as session:
        await cards.reply(session, Reply(TEAM, "cs_1", "C2", "refunded", {"words": "refunded"}, desk.clock()))
        await cards.reply(session, Reply("T2", "cs_1", "C1", "refunded", {"words": "refunded"}, desk.clock()))
    await desk.pass_time(3)
    assert [message.text for message in desk.slack.messages] == ["payment cs_1 v1"]


async def test_a_lost_answer_is_looked_for_in_the_thread(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    await desk.tell("cs_1", "refunded")
    desk.slack.trouble("update", SlackUncertain("Slack didn't answer."))
    desk.slack.answers_lost = 1
    await desk.pass_time(24)
    assert thread(desk) == ["refunded"]
    assert (desk.slack.calls["post"], desk.slack.calls["find"]) == (2, 1)
    assert (await desk.reply("cs_1", "refunded")).state == "standing"


async def test_a_payment_in_a_direct_message_has_its_thread_there(desk: Desk) -> None:
    desk.slack.closed["C1"] = "not_in_channel"
    await desk.tell("cs_1", "refunded")
    await desk.pass_time(3)
    assert desk.slack.texts("DU1") == ["payment cs_1 v1 (hint C1)"]
    assert thread(desk, "DU1") == ["refunded"]


async def test_a_channel_that_closed_meanwhile_is_replaced_by_a_direct_message(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    desk.slack.closed["C1"] = "is_archived"
    desk.slack.answers_lost = 1
    await desk.tell("cs_1", "refunded")
    await desk.pass_time(25)
    assert desk.slack.texts("DU1") == ["refunded"]
    assert desk.slack.calls["find"] == 1


async def test_a_thread_that_is_gone_is_followed_by_the_payment_s_new_message(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    desk.slack.messages.clear()
    await desk.tell("cs_1", "refunded")
    await desk.pass_time(60)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]
    assert thread(desk) == ["refunded"]


async def test_replies_to_gathered_payments_go_into_the_digest_s_thread(desk: Desk) -> None:
    for number in range(10):
        await desk.change(f"cs_{number}")
    await desk.tell("cs_7", "refunded at once")
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["digest of 10, sum 11"]
    assert thread(desk) == ["refunded at once"]
    await desk.tell("cs_8", "refunded later")
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["digest of 10, sum 12"]
    assert thread(desk) == ["refunded at once", "refunded later"]


async def test_what_stands_in_the_channel_goes_before_replies(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    await desk.tell("cs_1", "first", "second")
    desk.clock.advance(0.1)
    await desk.change("cs_2")
    await desk.worker.drain()
    assert desk.slack.texts("C1") == ["payment cs_1 v2", "payment cs_2 v1"]
    assert thread(desk) == []
    await desk.pass_time(3)
    assert sorted(thread(desk)) == ["first", "second"]


async def test_only_what_asks_for_it_is_shown_in_the_channel_too(desk: Desk) -> None:
    await desk.tell("cs_1", "quiet", "LOUD")
    desk.slack.trouble("post", SlackRefused("invalid_blocks"))
    await desk.pass_time(5)
    shown = {message.text: message.broadcast for message in desk.slack.messages}
    assert shown == {"payment cs_1 v1": False, "quiet": False, "LOUD": True}


async def test_a_reply_without_its_thread_is_tried_again_and_dead_in_the_end(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    await desk.tell("cs_1", "refunded")
    desk.slack.trouble("post", *[SlackRefused("cannot_reply_to_message")] * 12)
    await desk.pass_time(36_000, of=600)
    card = await desk.reply("cs_1", "refunded")
    assert (card.state, card.reason) == ("dead", "Slack refused: cannot_reply_to_message.")
    async with desk.db.begin() as session:
        assert await cards.retry(session, TEAM, card.id, desk.clock())
    await desk.pass_time(3)
    assert thread(desk) == ["refunded"]


async def test_when_the_payment_s_message_is_being_posted_anew_its_replies_come_after(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.pass_time(2)
    await desk.tell("cs_1", "refunded")
    async with desk.db.begin() as session:
        (card,) = await cards.of(session, TEAM, "payment", "cs_1")
        card.ts, card.state, card.due_at = None, "due", desk.clock() + 30
    desk.slack.messages.clear()
    await desk.pass_time(20)
    assert (await desk.reply("cs_1", "refunded")).reason == "The payment's own message isn't there yet."
    await desk.pass_time(300, of=5)
    assert thread(desk) == ["refunded"]
