from collections.abc import AsyncIterator

import pytest

from tests.running.town import Town
from tests.running.town import town as open_town


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with open_town(database_url) as opened:
        yield opened
