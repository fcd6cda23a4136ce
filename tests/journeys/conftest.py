from collections.abc import AsyncIterator

import pytest

from tests.conftest import Clock
from tests.harness import World, world


@pytest.fixture
async def town(database_url: str, clock: Clock) -> AsyncIterator[World]:
    """The app between both sandboxes, which found no fault with it afterwards."""
    async with world(database_url, clock) as town:
        yield town
        assert town.slack.app_errors == []


@pytest.fixture
async def platform(database_url: str) -> AsyncIterator[World]:
    """A deployment for Stripe Connect, with one connected account and no limits on how often Slack may be asked."""
    async with world(database_url, Clock(), paylink_connect=True) as town:
        town.slack.limits.off()
        town.stripe.account.connected_accounts["acct_gallery"] = "Gallery"
        yield town
        await town.paylink.background.drain()
