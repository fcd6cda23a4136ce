from collections.abc import AsyncIterator, Iterator

import pytest
import structlog

from tests.slack.office import Office, open_office


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """The app between both sandboxes."""
    async with open_office(database_url) as office:
        yield office


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """One line of JSON per happening, without the colourful tracebacks that structlog makes for people."""
    processors: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(),
    ]
    structlog.configure(processors=processors, cache_logger_on_first_use=False)
    yield
    structlog.reset_defaults()
