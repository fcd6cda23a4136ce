"""From the line typed to the money announced."""

from tests.harness import World
from tests.journeys.steps import make_link, pay, said


async def test_first(town: World) -> None:
    link = await make_link(town)
    print(said(town))
    await pay(town, link)
    print(said(town))
    print(town.slack.notified)
    import json
    print(json.dumps(town.slack.messages("sales"), indent=1))
    assert 0
