"""`paylink inbox`: what was given up on is listed, with the reason, and can be tried again."""

import time
from pathlib import Path

from bot.app import build
from bot.config import Settings
from storage.models import StripeEvent
from tests.conftest import Clock
from tests.running.command import command
from tests.running.town import Town

POISON = b'{"id": "evt_poison", "type": "checkout.session.completed", "created": 1, "data": {}}'


async def test_poison_is_listed_and_tried_again(town: Town, tmp_path: Path) -> None:
    await give_up_on_poison(town)
    listed = await command(town.settings, tmp_path, "inbox")
    assert (listed.status, listed.err) == (0, "")
    assert "event evt_poison: checkout.session.completed" in listed.out
    assert "after 12 attempts: Unexpected error: KeyError." in listed.out

    retried = await command(town.settings, tmp_path, "inbox", "retry", "all")
    assert (retried.status, retried.out) == (0, "1 will be tried again.\n")
    assert (await state(town)).state == "new"
    listed = await command(town.settings, tmp_path, "inbox")
    assert listed.out == "Nothing was given up on.\n"


async def test_an_id_that_is_not_there_is_named(town: Town, tmp_path: Path) -> None:
    ended = await command(town.settings, tmp_path, "inbox", "retry", "evt_nowhere")
    assert ended.status == 1
    assert ended.out == "0 will be tried again.\n"
    assert ended.err == "evt_nowhere is not among what was given up on.\n"


async def give_up_on_poison(town: Town) -> None:
    clock = Clock(time.time())
    async with build(Settings.model_validate(town.settings), clock) as paylink:
        await paylink.inbox.receive("evt_poison", "checkout.session.completed", 1.0, POISON)
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
