import pytest

from storage.database import Database
from tests.conftest import Clock
from tests.delivery.desk import Desk


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)
