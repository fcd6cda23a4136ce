"""Where a card goes when the app may not speak in its channel."""

from typing import Any

import pytest

from bot.sandbox.slack.sandbox import SlackSandbox
from tests.conftest import Clock
from tests.harness import World, world
from tests.running.town import CUSTOMER, LINE, NAME
from tests.sandbox.stripe.api import Raw

pytestmark = pytest.mark.one_database


async def link_of(opened: World, channel: str) -> dict[str, Any]:
    """Ada makes a link in a channel."""
    ada = opened.slack.person("ada")
    await ada.command(LINE, channel)
    await opened.settle()
    await ada.fill({"Name": NAME})
    assert await ada.submit() == {}
    await opened.settle()
    (link,) = opened.stripe.payment_links.values()
    return dict(link)


async def test_cards_of_a_channel_without_the_app_go_to_the_person_with_a_hint(database_url: str, clock: Clock) -> None:
    async with world(database_url, clock) as opened:
        link = await link_of(opened, "random")
        await opened.stripe.pay(link["url"], **CUSTOMER)
        await opened.settle()
        card, payment = opened.slack.direct_messages("ada")
        assert opened.slack.messages("random") == []
    assert NAME in card["text"]
    assert CUSTOMER["name"] in payment["text"]
    for message in (card, payment):
        assert "/invite" in str(message["blocks"])


async def test_a_link_made_elsewhere_has_nobody_to_fall_back_on(database_url: str, clock: Clock) -> None:
    """The default channel lost the app: nobody is written to, and the card waits as dead until it is tried again."""
    random = SlackSandbox().channel("random").id  # the same in every sandbox
    async with world(database_url, clock, paylink_default_channel=random) as opened:
        link = await Raw(opened.stripe).link()
        await opened.stripe.pay(link["url"], **CUSTOMER)
        await opened.settle()
        assert [opened.slack.direct_messages(name) for name in ("ada", "grace", "linus")] == [[], [], []]
        await opened.slack.person("ada").invite_app("random")
        await opened.stripe.pay(link["url"], **CUSTOMER)
        await opened.settle()
        assert [CUSTOMER["name"] in one["text"] for one in opened.slack.messages("random")].count(True) >= 1
