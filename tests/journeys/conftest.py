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
