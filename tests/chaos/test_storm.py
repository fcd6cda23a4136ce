"""A short storm: one kill at each step, webhooks in any order, some twice, a channel archived, poison, fair weather."""

from pathlib import Path

from tests.chaos.plan import SHORT, STEPS
from tests.chaos.poison import KINDS
from tests.chaos.storm import storm


async def test_all_is_right_after_a_kill_at_every_step(database_url: str, tmp_path: Path) -> None:
    figures = await storm(SHORT, database_url, tmp_path)
    assert figures.problems == []
    assert figures.kills.total() == len(STEPS)
    assert figures.poison == dict.fromkeys(KINDS, 1)
    assert figures.events >= SHORT.events
