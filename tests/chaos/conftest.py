from collections.abc import Iterator

import pytest

from tests.conftest import Templates


@pytest.fixture
def sqlite_url(templates: Templates) -> Iterator[str]:
    """A fresh, migrated database."""
    with templates.of("sqlite").copy() as url:
        yield url
