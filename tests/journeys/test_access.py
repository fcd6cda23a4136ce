"""Slack takes the token away, and gives another one when the app is installed again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Literal

import pytest
from aiohttp import ClientSession
from sqlalchemy import delete

from bot.app import build
from bot.services.access import UNTOLD
from storage import cursors, members
from storage.models import Member
from tests.harness import World
from tests.journeys.steps import announced, card, links, make_link, said, told

AWAY = 3 * 3600.0


@asynccontextmanager
async def installed_again(town: World) -> AsyncIterator[World]:
    """The app after a restart with the token of a new installation."""
    chosen = town.paylink.settings.model_dump() | {"slack_bot_token": town.slack.reinstall()}
    settings = type(town.paylink.settings).model_validate(chosen)
    async with build(settings, town.clock) as paylink, paylink.receiving("127.0.0.1", 0) as url:
        town.slack.request_url = f"{url}/slack/events"
        yield replace(town, paylink=paylink)


async def ready(town: World) -> tuple[int, dict[str, object]]:
    base = str(town.slack.request_url).removesuffix("/slack/events")
    async with ClientSession() as client, client.get(f"{base}/readyz") as answer:
        return answer.status, await answer.json()


async def work(town: World) -> None:
    """What is on its way arrives, and the app tries once. (It would try for ever.)"""
    await town.stripe.delivered()
    await town.paylink.inbox_worker.step()
    await town.paylink.card_worker.step()


async def stay_away(town: World) -> None:
    """Hours pass in which the app keeps trying."""
    for _ in range(6):
        await work(town)
        assert await town.paylink.services.access.check() is False
        town.clock.advance(AWAY / 6)


@pytest.mark.parametrize("how", ["revoke_token", "uninstall"])
async def test_everything_waits_and_is_said_after_a_new_installation(town: World, how: str) -> None:
    link = await make_link(town)
    getattr(town.slack, how)()
    session = await town.stripe.pay(link["url"], method="bank_debit")
    await stay_away(town)
    await town.stripe.settle(session["id"])
    await work(town)
    assert said(town) == [card(link)]
    reason = "account_inactive" if how == "uninstall" else "token_revoked"
    noted = {"slack": f"paused: Slack doesn't accept the token ({reason})"}
    assert await ready(town) == (200, {"ok": True, "problems": {}, "notes": noted}), "payments would be refused"

    async with installed_again(town) as back:
        before = back.clock()
        assert await back.paylink.services.access.check() is True
        await back.settle()
        assert said(back) == [card(link, "€300.00 in 1 payment"), announced(back)]
        assert back.clock() - before < 5
        (words,) = told(back)
        assert words.startswith("Paylink can post again. From ")
        assert f"didn't accept its token ({reason})" in words
        assert "No payment was lost: 2 messages that waited are being posted now." in words
        assert await back.paylink.services.access.check() is False
        assert await ready(back) == (200, {"ok": True, "problems": {}})
        assert told(back) == [words]


async def test_a_process_that_starts_meanwhile_takes_payments_in(town: World) -> None:
    link = await make_link(town)
    town.slack.revoke_token()
    async with (
        build(town.paylink.settings, town.clock) as started,
        started.receiving("127.0.0.1", 0) as url,
        ClientSession(url) as client,
        client.get("/readyz") as answer,
    ):
        noted = {"slack": "paused: Slack doesn't accept the token (token_revoked)"}
        assert await answer.json() == {"ok": True, "problems": {}, "notes": noted}
    await town.stripe.pay(link["url"])
    await stay_away(town)
    async with installed_again(town) as back:
        assert await back.paylink.services.access.check() is True
        await back.settle()
        assert said(back) == [card(link, "€300.00 in 1 payment"), announced(back)]


async def test_of_a_moment_without_access_nobody_is_told(town: World) -> None:
    link = await make_link(town)
    town.slack.revoke_token()
    await town.stripe.pay(link["url"])
    await work(town)
    async with installed_again(town) as back:
        assert await back.paylink.services.access.check() is True
        await back.settle()
        assert said(back) == [card(link, "€300.00 in 1 payment"), announced(back)]
        assert told(back) == []


async def test_two_processes_tell_once(town: World) -> None:
    link = await make_link(town)
    town.slack.revoke_token()
    await town.stripe.pay(link["url"])
    await stay_away(town)
    async with installed_again(town) as back:
        other = back.paylink.services.access
        assert [await back.paylink.services.access.check(), await other.check()] == [True, False]
        await back.settle()
        assert len(told(back)) == 1


@pytest.mark.parametrize("kind", ["status", "drop_before", "drop_after"])
async def test_an_admin_is_told_once_even_when_slack_stumbles(town: World, kind: Literal["status"]) -> None:
    await make_link(town)
    town.slack.revoke_token()
    await town.stripe.pay(links(town)[0]["url"])
    await stay_away(town)
    async with installed_again(town) as back:
        for path in ("conversations.open", "chat.postMessage"):
            back.slack.faults.add(f"POST /api/{path}", kind)
        for _ in range(3):
            await back.paylink.services.access.check()
            await back.settle()
        (words,) = told(back)
        assert words.startswith("Paylink can post again.")


@pytest.mark.parametrize("is_somebody_left", [True, False])
async def test_of_the_end_of_a_pause_somebody_is_told_who_is_still_here(town: World, is_somebody_left: bool) -> None:
    await make_link(town)
    async with town.paylink.db.begin() as session:
        if not is_somebody_left:
            await session.execute(delete(Member))
        gone = Member(
            team_id=town.slack.team.id, user_id="U_GONE", name="", locale="", may_edit=True, checked_at=town.clock() + 1
        )
        await members.put(session, gone)
    town.slack.revoke_token()
    await town.stripe.pay(links(town)[0]["url"])
    await stay_away(town)
    async with installed_again(town) as back:
        for _ in range(2):
            await back.paylink.services.access.check()
            await back.settle()
        assert len(told(back)) == is_somebody_left
        async with back.paylink.db.read() as session:
            assert not await cursors.get(session, back.slack.team.id, UNTOLD)
