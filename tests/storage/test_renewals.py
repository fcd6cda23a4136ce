"""Renewals: kept once each and added up by currency."""

from typing import Any

from storage import renewals
from storage.database import Database
from storage.models import Renewal
from tests.storage.rows import OTHER_TEAM, TEAM


def renewal(**given: Any) -> Renewal:
    """A renewal of 49.90 EUR."""
    row: dict[str, Any] = {"team_id": TEAM, "id": "in_1", "link_id": "plink_1", "amount": 4990, "currency": "eur"}
    return Renewal(**{**row, **given})


async def test_each_counts_once(database: Database) -> None:
    async with database.begin() as session:
        assert not await renewals.add(session, [])
        assert await renewals.add(session, [renewal()])
        assert not await renewals.add(session, [renewal()])
        assert await renewals.add(session, [renewal(), renewal(id="in_2"), renewal(id="in_3", currency="usd")])
        assert await renewals.add(session, [renewal(team_id=OTHER_TEAM), renewal(id="in_4", link_id="plink_2")])
    async with database.read() as session:
        assert await renewals.totals(session, TEAM, ["plink_1"]) == {"plink_1": [("eur", 2, 9980), ("usd", 1, 4990)]}
        assert await renewals.totals(session, OTHER_TEAM, ["plink_1"]) == {"plink_1": [("eur", 1, 4990)]}
        assert await renewals.totals(session, TEAM, ["plink_9"]) == {}
