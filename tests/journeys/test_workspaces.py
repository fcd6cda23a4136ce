"""Links that this workspace's Paylink didn't make: somebody's in the Dashboard, or another workspace's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from bot.app import build
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.slack.workspace import Team
from tests.conftest import Clock
from tests.harness import MANIFEST, World, world
from tests.journeys.steps import (
    Json,
    announced,
    card,
    channel,
    dashboard,
    deliver,
    events,
    make_link,
    notified,
    pay,
    said,
    screen,
    told,
)

TEA = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
LINK: Json = {"line_items": [{"price_data": TEA, "quantity": 2}]}
ITEMS, TOTAL = "2 × Tea, $5.00 each, $10.00 in all", "$10.00 today"


@pytest.fixture
async def told_of_all(database_url: str, clock: Clock) -> AsyncIterator[World]:
    """A world whose setting names #payments for links that Paylink didn't make."""
    default = SlackSandbox(manifest=MANIFEST).channel("payments").id
    async with world(database_url, clock, paylink_default_channel=default) as town:
        assert default == channel(town, "payments")
        yield town


async def test_a_foreign_link_speaks_in_the_default_channel(told_of_all: World) -> None:
    town = told_of_all
    link = await dashboard(town, "payment_links", LINK)
    assert said(town, "payments") == [card(link, name="Tea", items=ITEMS, total=TOTAL)]
    await pay(town, link)
    await dashboard(town, f"payment_links/{link['id']}", {"active": False})
    assert said(town, "payments") == [
        card(link, "$10.00 in 1 payment", "Tea", ITEMS, TOTAL, active=False),
        announced(town, amount="$10.00", name="Tea", items="2 × Tea: $10.00", by=""),
    ]
    assert notified(town) == []
    assert said(town) == []


async def test_a_foreign_link_older_than_paylink_is_announced_by_its_first_payment(told_of_all: World) -> None:
    town = told_of_all
    town.stripe.webhooks.drop = lambda event: event["type"].startswith("payment_link")
    link = await dashboard(town, "payment_links", LINK)
    await pay(town, link)
    assert said(town, "payments") == [
        announced(town, amount="$10.00", name="Tea", items="2 × Tea: $10.00", by=""),
    ]


@pytest.mark.parametrize("later", [0, 3600])
async def test_a_foreign_link_whose_payment_is_told_first(told_of_all: World, later: float) -> None:
    town = told_of_all
    town.stripe.webhooks.drop = lambda event: True
    link = await dashboard(town, "payment_links", LINK)
    await pay(town, link)
    for kind in ("checkout.session.completed", "payment_link.created"):
        (event,) = events(town, kind)
        await deliver(town, event)
        await town.settle()
        town.clock.advance(later)
    assert said(town, "payments") == [
        announced(town, amount="$10.00", name="Tea", items="2 × Tea: $10.00", by=""),
        card(link, "$10.00 in 1 payment", "Tea", ITEMS, TOTAL),
    ]


async def test_own_links_keep_to_their_own_channel(told_of_all: World) -> None:
    town = told_of_all
    link = await make_link(town)
    await pay(town, link)
    assert said(town, "payments") == []
    assert said(town) == [card(link, "€300.00 in 1 payment"), announced(town)]


async def test_without_a_default_channel_a_foreign_link_is_silence(town: World) -> None:
    link = await dashboard(town, "payment_links", LINK)
    await pay(town, link)
    await pay(town, link, method="bank_debit")
    assert [said(town, name) for name in ("sales", "general", "payments")] == [[], [], []]
    assert (told(town), notified(town)) == ([], [])


async def test_a_payment_without_a_link_is_silence(told_of_all: World) -> None:
    town = told_of_all
    link = await make_link(town)
    town.stripe.webhooks.drop = lambda event: True
    await pay(town, link)
    (completed,) = events(town, "checkout.session.completed")
    completed["data"]["object"]["payment_link"] = None
    await deliver(town, completed)
    await town.settle()
    assert said(town, "payments") == []
    assert said(town) == [card(link)]


@dataclass(frozen=True)
class Neighbours:
    """Two workspaces on one Stripe account and one database, each with its own app."""

    acme: World
    globex: World
    team: Team
    urls: tuple[str, str]

    @property
    def hedy(self) -> Person:
        return self.acme.slack.person("hedy", self.team)

    @asynccontextmanager
    async def at_globex(self) -> AsyncIterator[Person]:
        """Hedy at work: what she does goes to the other app."""
        self.acme.slack.request_url = f"{self.urls[1]}/slack/events"
        yield self.hedy
        await self.settle()
        self.acme.slack.request_url = f"{self.urls[0]}/slack/events"

    async def settle(self) -> None:
        await self.acme.settle()
        await self.globex.settle()
        await self.acme.settle()

    def said(self, name: str = "sales") -> list[str]:
        """The text of every message in a channel of Globex."""
        return [str(message["text"]) for message in self.acme.slack.messages(name, self.team)]


@pytest.fixture
async def neighbours(town: World) -> AsyncIterator[Neighbours]:
    team = town.slack.add_team("Globex", "globex")
    secret = town.stripe.add_webhook_endpoint("http://127.0.0.1:1/stripe/webhook")
    chosen = town.paylink.settings.model_dump() | {
        "slack_bot_token": team.bot_token,
        "stripe_webhook_secret": secret,
        "paylink_default_channel": town.slack.channel("general", team).id,
    }
    settings = type(town.paylink.settings).model_validate(chosen)
    async with build(settings, town.clock) as paylink, paylink.receiving("127.0.0.1", 0) as url:
        list(town.stripe.account.tables["webhook_endpoint"].values())[-1]["url"] = f"{url}/stripe/webhook"
        here = str(town.slack.request_url).removesuffix("/slack/events")
        yield Neighbours(town, replace(town, paylink=paylink), team, (here, url))


async def test_the_other_workspace_hears_nothing(neighbours: Neighbours) -> None:
    ours = await make_link(neighbours.acme)
    async with neighbours.at_globex() as hedy:
        theirs = await make_link(neighbours.globex, by=hedy)
    for link in (ours, theirs):
        await pay(neighbours.acme, link)
        await pay(neighbours.acme, link, method="bank_debit")
    await neighbours.settle()
    paid = "€300.00 in 1 payment; 1 processing"
    assert said(neighbours.acme) == [
        card(ours, paid),
        announced(neighbours.acme),
        announced(neighbours.acme, "Payment processing"),
    ]
    assert neighbours.said()[0] == card(theirs, paid)
    assert len(neighbours.said()) == 3
    assert all(f"<@{neighbours.hedy.id}>" in message for message in neighbours.said()[1:])
    assert neighbours.said("general") == []
    assert set(notified(neighbours.acme)) == {neighbours.acme.slack.person("ada").id, neighbours.hedy.id}


async def test_a_foreign_link_is_told_where_a_workspace_wants_it(neighbours: Neighbours) -> None:
    link = await dashboard(neighbours.acme, "payment_links", LINK)
    await neighbours.settle()
    await pay(neighbours.acme, link)
    await neighbours.settle()
    assert neighbours.said("general") == [
        card(link, "$10.00 in 1 payment", "Tea", ITEMS, TOTAL),
        announced(neighbours.acme, amount="$10.00", name="Tea", items="2 × Tea: $10.00", by=""),
    ]
    assert [said(neighbours.acme, name) for name in ("sales", "general", "payments")] == [[], [], []]


@pytest.mark.parametrize("word", ["show", "edit", "off", "on", "share", "qr"])
async def test_the_other_s_link_is_not_found_by_any_word(neighbours: Neighbours, word: str) -> None:
    link = await make_link(neighbours.acme, name="Secret")
    async with neighbours.at_globex() as hedy:
        for name in (link["id"], link["url"], "Secret"):
            await hedy.command(f"/paylink {word} {name}", "sales")
            await neighbours.settle()
            assert hedy.modal is None
            assert "No link matches" in hedy.ephemerals("sales")[-1]["text"]
        await hedy.command("/paylink list", "sales")
        await neighbours.settle()
        assert "Secret" not in screen(hedy)
    assert neighbours.acme.stripe.payment_links[link["id"]]["active"] is True


async def test_the_other_s_draft_is_not_offered(neighbours: Neighbours) -> None:
    ada = neighbours.acme.slack.person("ada")
    await ada.command("/paylink Secret 150 eur", "sales")
    await neighbours.settle()
    await ada.close()
    async with neighbours.at_globex() as hedy:
        await hedy.command("/paylink", "sales")
        await neighbours.settle()
        assert "unfinished" not in screen(hedy)
        assert "Secret" not in screen(hedy)
