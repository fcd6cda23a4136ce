from collections.abc import AsyncIterator

import pytest

from tests.slack.office import Office, open_office


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """The app between both sandboxes."""
    async with open_office(database_url) as office:
        yield office
