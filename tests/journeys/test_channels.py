"""Channels the app can't speak in: the rep hears of it instead, and how to change that."""

from itertools import pairwise

import pytest

from tests.harness import World
from tests.journeys.steps import HINT, announced, card, channel, make_link, notified, pay, said, told


@pytest.mark.parametrize("where", ["random", "deals"])
async def test_a_channel_without_the_app(town: World, where: str) -> None:
    link = await make_link(town, channel=where)
    hint = HINT.format(channel=channel(town, where))
    assert told(town) == [f"{card(link)} {hint}"]
    await pay(town, link)
    assert told(town) == [f"{card(link, '€300.00 in 1 payment')} {hint}", f"{announced(town)} {hint}"]
    assert said(town, where) == []
    assert set(notified(town)) == {town.slack.person("ada").id}


@pytest.mark.parametrize("where", ["random", "deals"])
async def test_once_invited_the_next_payment_is_told_in_the_channel(town: World, where: str) -> None:
    link = await make_link(town, channel=where)
    debit = await pay(town, link, method="bank_debit")
    await town.slack.person("ada").invite_app(where)
    await town.settle()
    await pay(town, link)
    hint = HINT.format(channel=channel(town, where))
    assert said(town, where)[-1] == announced(town)
    assert told(town) == [
        f"{card(link, '€300.00 in 1 payment; 1 processing')} {hint}",
        f"{announced(town, 'Payment processing')} {hint}",
    ]
    await town.stripe.settle(debit["id"])
    await town.settle()
    assert told(town) == [f"{card(link, '€600.00 in 2 payments')} {hint}", f"{announced(town)} {hint}"]
    assert said(town, where).count(announced(town)) == 1


async def test_a_channel_archived_later(town: World) -> None:
    link = await make_link(town)
    await pay(town, link)
    town.slack.archive("sales")
    await pay(town, link)
    hint = HINT.format(channel=channel(town, "sales"))
    assert told(town) == [f"{announced(town)} {hint}"]
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


async def test_a_flood_in_an_archived_channel_comes_to_the_rep_as_one_message(town: World) -> None:
    link = await make_link(town)
    town.slack.archive("sales")
    for _ in range(40):
        await town.stripe.pay(link["url"])
    await town.settle()
    (digest,) = told(town)
    assert "40 payments in one message" in digest
    assert digest.endswith(HINT.format(channel=channel(town, "sales")))
    assert said(town) == [card(link)]


async def test_what_comes_from_two_channels_to_one_rep_comes_one_a_second(town: World) -> None:
    sold = [await make_link(town, channel=where) for where in ("random", "deals")]
    for link in sold:
        await town.stripe.pay(link["url"])
    await town.stripe.delivered()
    await town.settle()
    assert len(told(town)) == 4
    posted = [call.at for call in town.slack.calls if call.method == "chat.postMessage" and call.error is None]
    assert min(later - earlier for earlier, later in pairwise(posted)) >= 1.0


async def test_an_app_removed_from_a_private_channel(town: World) -> None:
    ada = town.slack.person("ada")
    await ada.invite_app("deals")
    link = await make_link(town, channel="deals")
    assert told(town) == []
    town.slack.kick_app("deals")
    await pay(town, link)
    assert told(town) == [f"{announced(town)} {HINT.format(channel=channel(town, 'deals'))}"]


async def test_a_link_typed_in_the_conversation_with_the_app(town: World) -> None:
    ada = town.slack.person("ada")
    await ada.command("/paylink 2 x Consulting 150 eur")
    await town.settle()
    await ada.submit()
    await town.settle()
    (link,) = town.stripe.payment_links.values()
    await pay(town, link)
    assert told(town) == [card(link, "€300.00 in 1 payment"), announced(town)]
