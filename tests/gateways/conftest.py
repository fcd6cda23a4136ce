from collections.abc import AsyncIterator

import pytest

from tests.gateways.edge import Edge, listening


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with listening() as edge:
        yield edge
