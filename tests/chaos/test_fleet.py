"""The supervisor: whatever ends is followed by the next, however early it ended."""

import asyncio
from pathlib import Path
from random import Random

from tests.chaos.fleet import Tide, fleet
from tests.chaos.plan import Plan
from tests.chaos.roads import roads
from tests.chaos.until import until
from tests.running.process import HOURS
from tests.running.town import town as open_town


async def test_killed_while_it_starts_and_stopped_while_the_next_one_does(sqlite_url: str, tmp_path: Path) -> None:
    async with (
        open_town(sqlite_url) as town,
        roads(town.sandbox.slack.url, town.sandbox.stripe.url, Random(1)) as ways,
        fleet(Plan(), lambda: town.settings, ways, tmp_path, Tide(), Random(1)) as members,
    ):
        (member,) = members.members
        await member.there.wait()
        await members.kill_one()
        await member.there.wait()
    assert members.starts == 2
    assert not member.there.is_set()


async def test_one_that_is_only_being_started_is_started_anew_as_well(sqlite_url: str, tmp_path: Path) -> None:
    tide = Tide()
    async with (
        open_town(sqlite_url) as town,
        roads(town.sandbox.slack.url, town.sandbox.stripe.url, Random(1)) as ways,
        fleet(Plan(), lambda: town.settings, ways, tmp_path, tide, Random(1)) as members,
    ):
        await asyncio.sleep(0)
        assert members.starts == 1
        assert not members.members[0].there.is_set()
        tide.ahead += HOURS
        await members.restart()
        await members.open()
        assert members.starts == 2


async def test_one_that_cannot_start_is_tried_again(sqlite_url: str, tmp_path: Path) -> None:
    async with (
        open_town(sqlite_url) as town,
        roads(town.sandbox.slack.url, town.sandbox.stripe.url, Random(1)) as ways,
        fleet(Plan(), lambda: {"port": "none"}, ways, tmp_path, Tide(), Random(1)) as members,
    ):
        await until(lambda: members.starts > 2)
