"""`paylink inbox`: what was given up on is listed, with the reason, and can be tried again."""

import time
from pathlib import Path

import pytest

from bot.app import build
from bot.config import Settings
from storage.models import StripeEvent
from tests.conftest import Clock
from tests.running.command import command
from tests.running.process import paylink as running
from tests.running.town import CUSTOMER, Town

LATER = 20_000
"""Seconds, more than all pauses between the attempts."""

MALFORMED = b'{"id": "evt_poison", "type": "payment_link.updated", "created": 1, "data": {}}'
UNKNOWN = b'{"id": "evt_poison", "type": "payment_link.updated", "created": 1, "data": {"object": {"id": "plink_1"}}}'


@pytest.mark.parametrize(
    ("poison", "ended"),
    [
        (MALFORMED, "after 1 attempt: This event isn't shaped as Stripe documents it."),
        (UNKNOWN, "after 12 attempts: No such payment_link: 'plink_1'."),
    ],
)
async def test_poison_is_listed_and_tried_again(town: Town, tmp_path: Path, poison: bytes, ended: str) -> None:
    await give_up_on(town, poison)
    listed = await command(town.settings, tmp_path, "inbox")
    assert (listed.status, listed.err) == (0, "")
    assert "event evt_poison: payment_link.updated" in listed.out
    assert ended in listed.out

    retried = await command(town.settings, tmp_path, "inbox", "retry", "all")
    assert (retried.status, retried.out) == (0, "1 will be tried again.\n")
    assert (await state(town)).state == "new"
    listed = await command(town.settings, tmp_path, "inbox")
    assert listed.out == "Nothing was given up on.\n"


async def test_a_card_that_slack_never_takes_is_listed_and_tried_again(town: Town, tmp_path: Path) -> None:
    await give_up_on_a_card(town, tmp_path)
    assert town.payments == []
    listed = await command(town.settings, tmp_path, "inbox")
    assert "card " in listed.out
    assert f": payment {list(town.sandbox.stripe.sessions)[-1]} in C" in listed.out
    assert "after 12 attempts: Slack refused: msg_too_long." in listed.out

    retried = await command(town.settings, tmp_path, "inbox", "retry", "all")
    assert (retried.status, retried.out) == (0, "1 will be tried again.\n")
    async with build(Settings.model_validate(town.settings), Clock(time.time() + LATER)) as paylink:
        await paylink.card_worker.drain()
    assert len(town.payments) == 1
    assert await town.nothing_waits()


async def test_an_id_that_is_not_there_is_named(town: Town, tmp_path: Path) -> None:
    ended = await command(town.settings, tmp_path, "inbox", "retry", "evt_nowhere")
    assert ended.status == 1
    assert ended.out == "0 will be tried again.\n"
    assert ended.err == "evt_nowhere is not among what was given up on.\n"


async def give_up_on_a_card(town: Town, tmp_path: Path) -> None:
    """Slack refuses the message of a payment each time; the link's card is changed meanwhile all the same."""
    async with running(town.settings, tmp_path, "serve") as app:
        await town.connect(app)
        await town.write()
        await town.ada.submit()
        await town.card()
        town.sandbox.stripe.webhooks.drop = lambda event: True
        await town.sandbox.stripe.pay(town.links[0]["url"], **CUSTOMER)
        assert await app.stop() == 0
    refusal = {"ok": False, "error": "msg_too_long"}
    never = town.sandbox.slack.faults.add("POST /api/chat.postMessage", "status", status=200, body=refusal, times=12)
    clock = Clock(time.time())
    async with build(Settings.model_validate(town.settings), clock) as paylink:
        await paylink.poller.poll()
        await paylink.inbox_worker.drain()
        while (due := await paylink.card_worker.next_due()) is not None:
            clock.now = max(clock.now, due)
            await paylink.card_worker.step()
    assert never.times == 0
    assert "€300.00 in 1 payment" in town.cards[0]["text"]


async def give_up_on(town: Town, poison: bytes) -> None:
    clock = Clock(time.time())
    async with build(Settings.model_validate(town.settings), clock) as paylink:
        await paylink.inbox.receive("evt_poison", "payment_link.updated", 1.0, poison)
        while (due := await paylink.inbox_worker.next_due()) is not None:
            clock.now = max(clock.now, due)
            await paylink.inbox_worker.step()


async def state(town: Town) -> StripeEvent:
    clock = Clock(time.time())
    async with build(Settings.model_validate(town.settings), clock) as paylink, paylink.db.read() as session:
        team_id = town.sandbox.slack.team.id
        found = await session.get(StripeEvent, (team_id, "evt_poison"))
    assert found is not None
    return found
