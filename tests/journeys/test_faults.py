"""Outages, lost answers and impatience: one link, one message, and everybody knows what is going on."""

import asyncio
from typing import Literal

import pytest

from bot.delivery.attempts import MOST_ATTEMPTS
from tests.harness import World
from tests.journeys.steps import (
    announced,
    card,
    links,
    make_link,
    notified,
    pay,
    said,
    screen,
    submit,
    title,
    told,
    write_link,
)

POST = "POST /api/chat.postMessage"
UPDATE = "POST /api/chat.update"
CREATE = "POST /v1/payment_links"

Fault = tuple[Literal["status", "drop_before", "drop_after"], int]


async def test_slack_asks_to_wait(town: World) -> None:
    link = await make_link(town)
    before = town.clock()
    town.slack.faults.add(POST, "status", status=429, headers={"Retry-After": "30"}, times=2)
    town.slack.faults.add(UPDATE, "status", status=429, headers={"Retry-After": "20"})
    await pay(town, link)
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
    assert 60 <= town.clock() - before < 120


@pytest.mark.parametrize("fault", [("status", 500), ("status", 503), ("drop_before", 0), ("drop_after", 0)])
async def test_slack_fails_while_a_payment_is_announced(town: World, fault: Fault) -> None:
    link = await make_link(town)
    kind, status = fault
    town.slack.faults.add(POST, kind, status=status, times=2)
    town.slack.faults.add(UPDATE, kind, status=status, times=2)
    await pay(town, link)
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
    assert notified(town) == [town.slack.person("ada").id]


async def test_slack_is_away_while_a_debit_settles(town: World) -> None:
    link = await make_link(town)
    away = town.slack.faults.add("POST /api/chat.*", "drop_before", times=20)
    session = await pay(town, link, method="bank_debit")
    await town.stripe.settle(session["id"])
    await town.settle()
    assert away.times == 0
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


async def test_a_lost_answer_while_the_payment_settles_is_still_one_message(town: World) -> None:
    link = await make_link(town)
    town.slack.faults.add(POST, "drop_after", times=1)
    session = await town.stripe.pay(link["url"], method="bank_debit")
    await town.stripe.delivered()
    await town.paylink.inbox_worker.step()
    await town.paylink.card_worker.step()
    await town.stripe.settle(session["id"])
    await town.settle()
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


@pytest.mark.parametrize("fault", [("status", 500), ("status", 429), ("drop_before", 0), ("drop_after", 0)])
async def test_stripe_stumbles_over_a_submit(town: World, fault: Fault) -> None:
    kind, status = fault
    town.stripe.faults.add(CREATE, kind, status=status)
    link = await make_link(town)
    assert links(town) == [link]
    assert said(town) == [card(link)]


@pytest.mark.parametrize("fault", [("status", 503), ("status", 429), ("drop_before", 0), ("drop_after", 0)])
async def test_stripe_is_away_when_a_link_is_submitted(town: World, fault: Fault) -> None:
    kind, status = fault
    town.stripe.faults.add(CREATE, kind, status=status, times=3)
    ada = await write_link(town)
    assert await submit(town, ada) == "Payment link"
    assert "Stripe is not answering at the moment. Paylink keeps trying" in screen(ada)
    assert said(town) == []
    await ada.close(clear=True)

    town.clock.advance(15)
    assert await town.paylink.services.links.resume() == 1
    await town.settle()
    (link,) = links(town)
    assert said(town) == [card(link)]
    assert told(town) == []
    await pay(town, link)
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


@pytest.mark.parametrize("fault", [("status", 500), ("status", 429), ("drop_before", 0)])
async def test_stripe_is_away_when_a_session_is_read(town: World, fault: Fault) -> None:
    link = await make_link(town)
    kind, status = fault
    away = town.stripe.faults.add("GET /v1/checkout/sessions/*", kind, status=status, times=4)
    await pay(town, link)
    assert away.times == 0
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


async def test_an_impatient_person_gets_one_link(town: World) -> None:
    ada = await write_link(town)
    town.stripe.faults.add(CREATE, "latency", seconds=0.05, times=None)
    await asyncio.gather(ada.submit(), ada.submit(), return_exceptions=True)
    await town.settle()
    (link,) = links(town)
    assert said(town) == [card(link)]


async def test_one_draft_in_two_windows_is_one_link(town: World) -> None:
    ada = await write_link(town)
    links_service = town.paylink.services.links
    actor = await town.paylink.services.members.actor(ada.id)
    opened = await links_service.unfinished(actor)
    assert opened is not None
    _, there = await asyncio.gather(ada.submit(), links_service.submit(actor, opened.id))
    await town.settle()
    (link,) = links(town)
    assert (title(ada), there.link_id) == ("Link ready", link["id"])
    assert said(town) == [card(link)]


async def test_a_second_submit_later_shows_the_same_link(town: World) -> None:
    ada = await write_link(town)
    await submit(town, ada)
    (link,) = links(town)
    assert link["url"] in screen(ada)
    await ada.close(clear=True)
    await ada.command("/paylink", "sales")
    await town.settle()
    assert "unfinished" not in screen(ada)
    assert links(town) == [link]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_payment_waits_while_stripe_does_not_accept_the_key(town: World, status: int) -> None:
    link = await make_link(town)
    sessions = "GET /v1/checkout/sessions/*"
    refused = town.stripe.faults.add(sessions, "status", status=status, times=2 * MOST_ATTEMPTS)
    await pay(town, link)
    assert refused.times == 0
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
