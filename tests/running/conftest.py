from collections.abc import AsyncIterator, Iterator

import pytest

from tests.conftest import Templates
from tests.running.town import Town
from tests.running.town import town as open_town


@pytest.fixture
async def town(database_url: str) -> AsyncIterator[Town]:
    async with open_town(database_url) as opened:
        yield opened


@pytest.fixture
def postgresql_url(templates: Templates) -> Iterator[str]:
    with templates.of("postgresql").copy() as url:
        yield url
