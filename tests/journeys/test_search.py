"""What a link is found by."""

import pytest

from bot.services.notices import LinkCard
from tests.harness import World
from tests.journeys.steps import make_link


@pytest.mark.parametrize("words", ["globex", "GLOBEX on", "consult", "onboarding consulting"])
async def test_a_link_is_found_by_its_name_and_its_items(town: World, words: str) -> None:
    link = await make_link(town, "2 x Consulting 150 eur", name="Globex onboarding")
    assert [found.link_id for found in await search(town, words)] == [link["id"]]


async def test_a_link_is_found_by_its_whole_address_or_id_and_by_no_part_of_them(town: World) -> None:
    link = await make_link(town, "2 x Consulting 150 eur", name="Globex onboarding")
    assert [found.link_id for found in await search(town, link["url"])] == [link["id"]]
    assert [found.link_id for found in await search(town, link["id"])] == [link["id"]]
    assert await search(town, "127") == []
    assert await search(town, "plink") == []


async def search(town: World, words: str) -> list[LinkCard]:
    services = town.paylink.services
    actor = await services.members.actor(town.slack.person("ada").id)
    return await services.links.find(actor, words)
