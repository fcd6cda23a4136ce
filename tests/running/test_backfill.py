"""`paylink backfill`: an account with a past comes in whole, unannounced, also when a run is cut short."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.models import Link, Payment
from tests.running.command import command
from tests.running.town import Town
from tests.sandbox.stripe.api import Raw

LINKS = 3
PAYMENTS_EACH = 2


@pytest.fixture
async def past(town: Town) -> Town:
    """A town whose Stripe account sold things long before Paylink came, and to another workspace's customers too."""
    stripe = town.sandbox.stripe
    raw = Raw(stripe)
    for _ in range(LINKS):
        link = await raw.link()
        for _ in range(PAYMENTS_EACH):
            await stripe.pay(link["url"])
    theirs = await raw.link(metadata={"paylink_team": "T999999999", "paylink_user": "U1"})
    await stripe.pay(theirs["url"])
    return town


async def kept(town: Town) -> tuple[int, int]:
    """How many links and payments the app's database has; every link is one of those made elsewhere."""
    async with town.reading() as session:
        links = list(await session.scalars(select(Link)))
        payments = list(await session.scalars(select(Payment)))
    assert all(link.foreign for link in links)
    return len(links), len(payments)


async def test_everything_comes_in_and_nothing_is_announced(past: Town, tmp_path: Path) -> None:
    settings = {**past.settings, "paylink_default_channel": past.sandbox.slack.channel("payments").id}
    ended = await command(settings, tmp_path, "backfill")
    assert (ended.status, ended.err) == (0, "")
    assert re.findall(r"(\w[\w ]+\w) +━+ +(\d+) +\d:\d\d:\d\d", ended.out) == [
        ("products", "4"),
        ("prices", "4"),
        ("links", "4"),
        ("checkout sessions", "7"),
    ]
    assert await kept(past) == (LINKS, LINKS * PAYMENTS_EACH)
    assert [past.sandbox.slack.messages(channel) for channel in ("payments", "sales", "general")] == [[], [], []]
    assert await past.nothing_waits()


async def test_the_catalog_alone(past: Town, tmp_path: Path) -> None:
    ended = await command(past.settings, tmp_path, "backfill", "catalog")
    assert (ended.status, ended.err) == (0, "")
    assert re.findall(r"(\w[\w ]+\w) +━+ +(\d+) +\d:\d\d:\d\d", ended.out) == [("products", "4"), ("prices", "4")]
    assert await kept(past) == (0, 0)


async def test_a_run_that_is_cut_short_is_run_again(past: Town, tmp_path: Path) -> None:
    faults = past.sandbox.stripe.faults
    away = faults.add("GET /v1/checkout/sessions", "status", status=500, times=None)
    ended = await command(past.settings, tmp_path, "backfill")
    assert (ended.status, ended.err) == (
        1,
        "Stripe is not answering at the moment. Run this again to go on from here.\n",
    )
    assert await kept(past) == (LINKS, 0)
    faults.remove(away)
    for _ in range(2):
        assert (await command(past.settings, tmp_path, "backfill")).status == 0
        assert await kept(past) == (LINKS, LINKS * PAYMENTS_EACH)
    assert past.sandbox.slack.messages("sales") == []
