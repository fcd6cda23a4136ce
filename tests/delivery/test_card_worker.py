"""Cards reach Slack once each and end up showing the current state, whatever Slack answers."""

import asyncio

import pytest
from sqlalchemy import select, text

from bot.delivery.card_worker import LOOKING_SECONDS, SEND_SECONDS
from bot.delivery.lease_worker import LEASE_SECONDS
from bot.delivery.sending import GONE, OUT_OF_REACH, REFUSED_BLOCKS
from bot.errors import SlackRateLimited, SlackRefused, SlackUnavailable, SlackUncertain
from bot.gateways.slack import Message
from storage import cards, outbox, pace
from storage.models import Card
from storage.outbox import Claim
from storage.turns import PATIENCE
from tests.delivery.desk import TEAM, Desk


async def test_a_wish_becomes_one_message(desk: Desk) -> None:
    await desk.change("cs_1")
    assert await desk.worker.step() == 1

    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    card = await desk.card("cs_1")
    assert (card.state, card.ts, card.posted_channel) == ("standing", "1.000000", "C1")
    assert (card.wanted, card.standing, card.lease_owner) == (1, 1, "")
    assert desk.slack.messages[0].key == card.key
    assert await desk.worker.step() == 0
    assert await desk.worker.next_due() is None


async def test_a_burst_is_one_post_and_one_update(desk: Desk) -> None:
    await desk.change("cs_1", times=5)
    await desk.worker.drain()
    await desk.change("cs_1", times=20)
    await desk.pass_time(10)

    assert desk.slack.texts("C1") == ["payment cs_1 v25"]
    assert (desk.slack.calls["post"], desk.slack.calls["update"]) == (1, 1)


async def test_a_change_while_the_card_is_on_its_way_is_not_forgotten(desk: Desk) -> None:
    async def change_once(card: Card) -> None:
        desk.while_rendering = None
        await desk.change("cs_1")

    await desk.change("cs_1")
    desk.while_rendering = change_once
    assert await desk.worker.step() == 1
    assert (await desk.card("cs_1")).state == "due"
    await desk.pass_time(2)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]


async def test_a_channel_gets_one_post_a_second_and_others_don_t_wait(desk: Desk) -> None:
    for number in range(3):
        await desk.change(f"cs_{number}", "C1")
        await desk.change(f"cs_other_{number}", f"C_{number}")
        desk.clock.advance(0.001)

    await desk.worker.drain()
    assert desk.slack.texts("C1") == ["payment cs_0 v1"]
    assert len(desk.slack.messages) == 4
    assert await desk.worker.next_due() == pytest.approx(desk.clock() + 1.0)

    desk.clock.advance(0.9)
    assert await desk.worker.step() == 0
    await desk.pass_time(2)
    assert desk.slack.texts("C1") == ["payment cs_0 v1", "payment cs_1 v1", "payment cs_2 v1"]


async def test_updates_never_delay_a_post(desk: Desk) -> None:
    await desk.change("plink_1", kind="link")
    await desk.worker.drain()
    desk.clock.advance(1)
    await desk.change("plink_1", kind="link")
    await desk.change("cs_1")
    assert await desk.worker.step() == 1
    assert desk.slack.texts("C1") == ["link plink_1 v1", "payment cs_1 v1"]
    assert await desk.worker.step() == 1
    assert desk.slack.texts("C1") == ["link plink_1 v2", "payment cs_1 v1"]


async def test_an_update_waits_while_a_post_is_under_way_but_not_for_long(desk: Desk) -> None:
    await desk.change("plink_1", kind="link")
    await desk.worker.drain()
    desk.clock.advance(1)
    accepted = asyncio.Event()

    async def slowly(card: Card) -> None:
        if card.subject_kind == "payment":
            await accepted.wait()

    desk.while_rendering = slowly
    await desk.change("cs_1", "C2")
    assert await desk.worker.advance() == 1
    await desk.change("plink_1", kind="link")
    assert await desk.worker.advance() == 0
    assert await desk.worker.next_due() == desk.clock() + PATIENCE

    desk.clock.advance(PATIENCE)
    assert await desk.worker.advance() == 1
    accepted.set()
    await desk.worker.drain()
    assert (desk.slack.texts("C1"), desk.slack.texts("C2")) == (["link plink_1 v2"], ["payment cs_1 v1"])


async def test_retry_after_is_obeyed_for_the_channel(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.change("cs_2", "C2")
    desk.slack.trouble("post", SlackRateLimited(7))
    await desk.worker.drain()
    assert len(desk.slack.messages) == 1

    limited = "C1" if desk.slack.messages[0].channel == "C2" else "C2"
    await desk.change("cs_3", limited)
    await desk.pass_time(6)
    assert desk.slack.texts(limited) == []
    await desk.pass_time(3)
    assert len(desk.slack.texts(limited)) == 2
    assert desk.slack.calls["post"] == 4


async def test_a_limited_update_holds_off_all_updates_but_no_post(desk: Desk) -> None:
    for number in (1, 2):
        await desk.change(f"cs_{number}", f"C{number}")
    await desk.worker.drain()
    desk.clock.advance(1)
    desk.slack.trouble("update", SlackRateLimited(20))
    await desk.change("cs_1", "C1")
    await desk.worker.drain()
    await desk.change("cs_2", "C2")
    await desk.change("cs_3", "C1")
    await desk.pass_time(18)
    assert desk.slack.texts("C1") == ["payment cs_1 v1", "payment cs_3 v1"]
    assert desk.slack.calls["update"] == 1
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["payment cs_1 v2", "payment cs_3 v1"]
    assert desk.slack.texts("C2") == ["payment cs_2 v2"]


async def test_a_lost_answer_is_looked_for_and_not_posted_again(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    await desk.worker.drain()
    card = await desk.card("cs_1")
    assert (card.state, card.ts, card.attempts) == ("uncertain", None, 0)

    await desk.pass_time(21)
    card = await desk.card("cs_1")
    assert (card.state, card.ts, card.standing) == ("standing", "1.000000", 1)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    assert (desk.slack.calls["post"], desk.slack.calls["find"]) == (1, 1)


async def test_a_lost_answer_and_a_later_change_end_in_one_current_message(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    await desk.worker.drain()
    await desk.change("cs_1")
    assert (await desk.card("cs_1")).state == "uncertain"
    await desk.pass_time(24)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]
    assert desk.slack.calls["post"] == 1


async def test_a_post_that_never_arrived_is_posted_after_looking(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.trouble("post", SlackUncertain("Slack didn't answer."))
    await desk.worker.drain()
    assert (await desk.card("cs_1")).state == "uncertain"
    await desk.pass_time(21)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    assert desk.slack.calls["find"] == 1


async def test_a_post_that_slack_is_at_work_on_for_long_is_not_posted_again(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.held_back = []
    await desk.worker.drain()
    await desk.pass_time(9)
    desk.slack.arrive()
    await desk.pass_time(21)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    assert (await desk.card("cs_1")).state == "standing"


async def test_a_limited_history_is_waited_for(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    desk.slack.trouble("find", SlackRateLimited(60))
    await desk.worker.drain()
    await desk.pass_time(21)
    assert desk.slack.calls["find"] == 1
    await desk.pass_time(61)
    card = await desk.card("cs_1")
    assert (card.state, desk.slack.calls["find"], desk.slack.calls["post"]) == ("standing", 2, 1)


async def test_a_limited_history_holds_up_nobody_else(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    desk.slack.trouble("find", SlackRateLimited(60))
    await desk.worker.drain()
    await desk.pass_time(11)
    assert (await desk.card("cs_1")).state == "uncertain"
    await desk.change("cs_2")
    await desk.pass_time(2)
    assert desk.slack.texts("C1") == ["payment cs_1 v1", "payment cs_2 v1"]


async def test_a_history_that_stays_limited_is_not_asked_for_ever(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    desk.slack.trouble("find", *[SlackRateLimited(60)] * 1000)
    await desk.worker.drain()
    await desk.pass_time(LOOKING_SECONDS - 60, of=60)
    card = await desk.card("cs_1")
    assert (card.state, card.attempts) == ("uncertain", 0)

    await desk.pass_time(18_000, of=600)
    card = await desk.card("cs_1")
    assert (card.state, card.attempts, card.reason) == ("dead", 12, "Slack asked us to slow down.")
    assert desk.slack.calls["post"] == 1


async def test_when_the_history_can_t_be_read_the_card_ends_dead_and_is_never_posted_twice(desk: Desk) -> None:
    await desk.change("cs_1")
    desk.slack.answers_lost = 1
    desk.slack.trouble("find", *[SlackRefused("missing_scope")] * 12)
    await desk.pass_time(36_000, of=600)
    card = await desk.card("cs_1")
    assert (card.state, card.attempts, card.reason) == ("dead", 12, "Slack refused: missing_scope.")

    async with desk.db.begin() as session:
        assert [one.id for one in await cards.dead(session, TEAM)] == [card.id]
        assert await cards.retry(session, TEAM, card.id, desk.clock())
        assert not await cards.retry(session, TEAM, card.id, desk.clock())
    assert (await desk.card("cs_1")).state == "uncertain"
    await desk.worker.drain()
    assert (await desk.card("cs_1")).state == "standing"
    assert len(desk.slack.messages) == 1


async def test_a_worker_that_died_while_posting_is_followed_by_a_look(desk: Desk) -> None:
    await desk.change("cs_1")
    async with desk.db.begin() as session:
        (claim,) = await outbox.claim(session, TEAM, "dead worker", desk.clock(), desk.clock() + 30, 10, 30)
    await desk.slack.post("C1", Message("payment cs_1 v1"), key=claim.card.key)

    await desk.pass_time(29)
    assert desk.slack.calls["find"] == 0
    await desk.pass_time(2)
    card = await desk.card("cs_1")
    assert (card.state, card.ts, card.attempts) == ("standing", "1.000000", 0)
    assert desk.slack.calls == {"post": 1, "find": 1}


@pytest.mark.parametrize("code", sorted(OUT_OF_REACH))
async def test_a_channel_out_of_reach_is_replaced_by_a_direct_message_with_a_hint(desk: Desk, code: str) -> None:
    desk.slack.closed["C1"] = code
    await desk.change("cs_1")
    await desk.worker.drain()
    assert desk.slack.texts("DU1") == ["payment cs_1 v1 (hint C1)"]
    card = await desk.card("cs_1")
    assert (card.state, card.posted_channel, card.channel_id) == ("standing", "DU1", "C1")

    await desk.change("cs_1")
    await desk.pass_time(2)
    assert desk.slack.texts("DU1") == ["payment cs_1 v2 (hint C1)"]
    async with desk.db.read() as session:
        found = await cards.at(session, TEAM, "DU1", "1.000000")
    assert found is not None
    assert found.id == card.id


async def test_a_lost_answer_in_a_direct_message_is_looked_for_there(desk: Desk) -> None:
    desk.slack.closed["C1"] = "not_in_channel"
    desk.slack.answers_lost = 1
    await desk.change("cs_1")
    await desk.worker.drain()
    await desk.pass_time(21)
    assert desk.slack.texts("DU1") == ["payment cs_1 v1 (hint C1)"]
    assert (await desk.card("cs_1")).state == "standing"


async def test_a_card_that_ends_keeps_the_turn_that_another_of_its_batch_has_where_it_went_before(desk: Desk) -> None:
    desk.slack.closed["C1"] = "not_in_channel"
    desk.slack.answers_lost = 1
    await desk.change("cs_1", "C1")
    await desk.worker.drain()
    desk.clock.advance(21)
    accepted = asyncio.Event()

    async def slowly(card: Card) -> None:
        if card.subject_id == "cs_2":
            await accepted.wait()

    desk.while_rendering = slowly
    await desk.change("cs_2", "DU1")
    assert await desk.worker.advance() == 2
    while (await desk.card("cs_1")).state == "uncertain":
        pass

    desk.clock.advance(2)
    await desk.change("cs_3", "DU1")
    assert await desk.worker.advance() == 0, "cs_2 is being posted there"
    accepted.set()
    await desk.pass_time(3)
    assert desk.slack.texts("DU1") == ["payment cs_1 v1 (hint C1)", "payment cs_2 v1", "payment cs_3 v1"]


async def test_without_anybody_to_write_to_the_card_is_dead_with_the_reason_and_a_change_revives_it(desk: Desk) -> None:
    desk.slack.closed["C1"] = "is_archived"
    desk.fallback_user = None
    await desk.change("cs_1")
    await desk.worker.drain()
    card = await desk.card("cs_1")
    assert (card.state, card.reason) == ("dead", "Slack refused: is_archived.")

    desk.slack.closed.clear()
    await desk.change("cs_1")
    await desk.pass_time(2)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]


async def test_a_closed_direct_message_ends_dead(desk: Desk) -> None:
    desk.slack.closed |= {"C1": "not_in_channel", "DU1": "channel_not_found"}
    await desk.change("cs_1")
    await desk.worker.drain()
    assert (await desk.card("cs_1")).state == "dead"


async def test_a_message_in_an_archived_channel_stays_as_it_is(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.worker.drain()
    desk.slack.closed["C1"] = "is_archived"
    await desk.change("cs_1")
    await desk.pass_time(1)
    card = await desk.card("cs_1")
    assert (card.state, card.ts) == ("dead", "1.000000")


@pytest.mark.parametrize("code", sorted(GONE))
async def test_a_message_that_is_gone_is_posted_anew_with_its_own_key(desk: Desk, code: str) -> None:
    await desk.change("cs_1")
    await desk.worker.drain()
    first = (await desk.card("cs_1")).key
    desk.slack.trouble("update", SlackRefused(code))
    await desk.change("cs_1")
    await desk.pass_time(3)
    card = await desk.card("cs_1")
    assert (card.state, card.ts) == ("standing", "2.000000")
    assert card.key == desk.slack.messages[1].key != first
    assert desk.slack.messages[1].text == "payment cs_1 v2"


@pytest.mark.parametrize("code", sorted(REFUSED_BLOCKS))
async def test_refused_blocks_are_followed_by_the_text_alone(desk: Desk, code: str) -> None:
    desk.slack.trouble("post", SlackRefused(code))
    await desk.change("cs_1")
    await desk.worker.drain()
    assert [(message.text, message.blocks) for message in desk.slack.messages] == [("payment cs_1 v1", ())]
    desk.slack.trouble("update", SlackRefused(code))
    await desk.change("cs_1")
    await desk.pass_time(1)
    assert [(message.text, message.blocks) for message in desk.slack.messages] == [("payment cs_1 v2", ())]


async def test_a_revoked_token_pauses_the_workspace_and_loses_nothing(desk: Desk) -> None:
    desk.slack.trouble("post", *[SlackRefused("token_revoked")] * 5)
    for number in range(3):
        await desk.change(f"cs_{number}", f"C{number}")
    await desk.worker.drain()
    calls = desk.slack.calls["post"]
    assert calls == 3
    async with desk.db.read() as session:
        held = (await session.execute(select(pace.held(TEAM, pace.WORKSPACE)))).scalar()
    assert held is not None
    assert held > desk.clock()
    assert await desk.worker.next_due() == held

    await desk.pass_time(4)
    assert desk.slack.calls["post"] == calls
    await desk.pass_time(300, of=5)
    assert sorted(message.text for message in desk.slack.messages) == [f"payment cs_{number} v1" for number in range(3)]
    assert {(await desk.card(f"cs_{number}")).attempts for number in range(3)} == {0}


async def test_an_outage_is_not_counted_and_ends_soon(desk: Desk) -> None:
    desk.slack.trouble("post", *[SlackUnavailable("Slack can't be reached.")] * 40)
    await desk.change("cs_1")
    await desk.pass_time(500, of=5)
    card = await desk.card("cs_1")
    assert (card.state, card.attempts) == ("standing", 0)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]


async def test_a_card_that_can_t_be_drawn_ends_dead_and_holds_up_nobody(desk: Desk) -> None:
    async def fail(card: Card) -> None:
        if card.subject_id == "cs_bad":
            raise ValueError("with a customer's name in it")

    desk.while_rendering = fail
    await desk.change("cs_bad")
    desk.clock.advance(0.01)
    await desk.change("cs_1")
    await desk.pass_time(3)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    await desk.pass_time(36_000, of=600)
    card = await desk.card("cs_bad")
    assert (card.state, card.attempts, card.reason) == ("dead", 12, "Unexpected error: ValueError.")
    assert ("payment", "dead") in [seen[:2] for seen in desk.seen]


async def test_a_subject_with_nothing_to_show_is_at_rest_until_it_has(desk: Desk) -> None:
    desk.hidden.add("cs_1")
    await desk.change("cs_1")
    await desk.worker.drain()
    card = await desk.card("cs_1")
    assert (card.state, card.ts, card.posted_channel) == ("standing", None, None)
    desk.hidden.clear()
    await desk.change("cs_1")
    await desk.pass_time(1)
    assert desk.slack.texts("C1") == ["payment cs_1 v2"]


async def test_two_workers_never_post_twice_nor_share_a_channel(desk: Desk) -> None:
    for number in range(20):
        await desk.change(f"cs_{number}", f"C{number % 4}")
    other = desk.another()
    for _ in range(8):
        await asyncio.gather(desk.worker.drain(), other.drain())
        desk.clock.advance(1)
    assert sorted(message.text for message in desk.slack.messages) == sorted(
        f"payment cs_{number} v1" for number in range(20)
    )
    assert desk.slack.calls["post"] == 20


async def test_stopping_finishes_what_is_in_hand(desk: Desk) -> None:
    await desk.change("cs_1")
    await desk.worker.advance()
    await desk.worker.stop()
    assert (await desk.card("cs_1")).state == "standing"


async def test_stopping_gives_back_what_can_t_be_finished(desk: Desk) -> None:
    async def hang(card: Card) -> None:
        await asyncio.Event().wait()

    desk.while_rendering = hang
    await desk.change("cs_1")
    worker = desk.another(grace=0.0)
    await worker.advance()
    await worker.stop()
    card = await desk.card("cs_1")
    assert (card.state, card.lease_owner, card.attempts) == ("uncertain", "", 0)

    desk.while_rendering = None
    await desk.pass_time(19)
    assert desk.slack.texts("C1") == [], "what was broken off may be on its way"
    await desk.pass_time(1)
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]


async def test_what_was_there_when_many_workers_died_is_sent_all_the_same(desk: Desk) -> None:
    for number in range(3):
        await desk.change(f"cs_{number}", f"C{number}")
    for number in range(20):
        await die(desk, f"worker {number}")
    await desk.worker.drain()
    assert [desk.slack.texts(f"C{number}") for number in range(3)] == [[f"payment cs_{n} v1"] for n in range(3)]


async def test_a_card_that_takes_its_worker_down_each_time_ends_and_holds_nobody_up(desk: Desk) -> None:
    await desk.change("cs_deadly")
    for number in range(12):
        await die(desk, f"worker {number}", suspected=number >= 3)
    await desk.change("cs_1")
    await desk.pass_time(2)
    card = await desk.card("cs_deadly")
    assert (card.state, card.reason) == ("dead", "Whoever had it in hand died.")
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]


async def test_a_card_that_another_worker_took_meanwhile_is_left_to_it(desk: Desk) -> None:
    async def be_late(card: Card) -> None:
        desk.while_rendering = None
        desk.clock.advance(31)
        async with desk.db.begin() as session:
            await outbox.claim(session, TEAM, "other", desk.clock(), desk.clock() + 30, 10, 30)

    desk.slack.closed["C1"] = "not_in_channel"
    desk.while_rendering = be_late
    await desk.change("cs_1")
    await desk.worker.step()
    assert desk.slack.messages == []
    assert (await desk.card("cs_1")).lease_owner == "other"


async def die(desk: Desk, owner: str, suspected: bool = False) -> None:
    """A worker takes what is due, either what is suspected or the rest, and is never heard of again."""
    async with desk.db.begin() as session:
        now = desk.clock()
        await outbox.claim(session, TEAM, owner, now, now + LEASE_SECONDS, 10, 30, suspected=suspected)
    desk.clock.advance(LEASE_SECONDS + 1)


async def taken(desk: Desk, owner: str) -> Claim:
    """The one card that is due, taken by a worker."""
    async with desk.db.begin() as session:
        now = desk.clock()
        (claim,) = await outbox.claim(session, TEAM, owner, now, now + LEASE_SECONDS, 10, 30)
    return claim


@pytest.mark.parametrize("seconds", [SEND_SECONDS, LEASE_SECONDS + 1])
async def test_a_card_that_was_taken_too_late_is_put_back_unsent_and_untried(desk: Desk, seconds: float) -> None:
    await desk.change("cs_1")
    claim = await taken(desk, "late")
    desk.clock.advance(seconds)
    await desk.worker.work(claim, "late")
    assert desk.slack.calls["post"] == 0
    card = await desk.card("cs_1")
    assert (card.state, card.lease_owner, card.attempts, card.reason) == ("due", "", 0, "")

    await desk.worker.drain()
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    assert desk.slack.calls == {"post": 1}


async def test_a_card_that_was_taken_too_late_and_is_another_s_by_now_is_left_to_it(desk: Desk) -> None:
    await desk.change("cs_1")
    late = await taken(desk, "late")
    desk.clock.advance(LEASE_SECONDS + 1)
    other = await taken(desk, "other")
    await desk.worker.work(late, "late")
    assert desk.slack.calls["post"] == 0
    await desk.worker.work(other, "other")
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]


async def test_a_post_that_began_late_ends_before_its_lease_all_the_same(desk: Desk) -> None:
    await desk.change("cs_1")
    claim = await taken(desk, "late")
    desk.clock.advance(SEND_SECONDS - 0.01)
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    desk.slack.meanwhile = hang
    async with asyncio.timeout(SEND_SECONDS / 2):
        await desk.worker.work(claim, "late")
    assert (await desk.card("cs_1")).state == "uncertain"


async def test_other_workspaces_cards_are_left_alone(desk: Desk) -> None:
    async with desk.db.begin() as session:
        await cards.want(session, "T2", "payment", "cs_1", "C1", desk.clock())
    assert await desk.worker.step() == 0
    assert await desk.worker.next_due() is None


async def test_what_can_t_be_written_down_is_looked_for_later(desk: Desk) -> None:
    async def lose_the_table(card: Card) -> None:
        async with desk.db.begin() as session:
            await session.execute(text("ALTER TABLE card RENAME TO away"))

    desk.while_rendering = lose_the_table
    await desk.change("cs_1")
    await desk.worker.step()
    desk.while_rendering = None
    assert desk.slack.texts("C1") == ["payment cs_1 v1"]
    async with desk.db.begin() as session:
        await session.execute(text("ALTER TABLE away RENAME TO card"))

    desk.clock.advance(31)
    await desk.worker.drain()
    assert (await desk.card("cs_1")).state == "standing"
    assert desk.slack.calls == {"post": 1, "find": 1}
