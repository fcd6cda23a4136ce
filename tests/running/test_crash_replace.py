"""The process dies by `kill -9` while one link takes another's place. Whoever comes after ends with one that works."""

from pathlib import Path

import pytest

from tests.running.process import PATIENCE, paylink
from tests.running.test_crash import LATER
from tests.running.town import CHANNEL, NAME, Town
from tests.running.wire import wire
from tests.slack.limits import texts

pytestmark = pytest.mark.one_database

LINKS = "/v1/payment_links"
STEPS = {
    "before Stripe was asked": ("GET", True, 1),
    "the new link made, and we don't know": ("POST", False, 2),
    "the new link made, the old one on": ("POST old", True, 2),
    "the old one off, and nothing committed": ("POST old", False, 2),
}
"""Which request is held back, whether before the work, and how many links there are then."""


async def to_the_question(town: Town) -> None:
    """Ada gives the link on the card another price, up to the question whether to replace it."""
    slack, ada = town.sandbox.slack, town.ada
    await ada.press("Edit", channel=CHANNEL)
    await slack.until(lambda: ada.modal and "Edit payment link" in str(ada.modal), PATIENCE)
    await ada.pick("item_menu", "Edit")
    await slack.until(lambda: "Amount for one" in str(ada.modal), PATIENCE)
    await ada.fill({"Amount for one": "200"})
    assert await ada.submit() == {}
    await slack.until(lambda: "This needs a new link" in str(ada.modal), PATIENCE)
    assert await ada.submit() == {}
    assert "Replace payment link" in texts(ada.modal)


@pytest.mark.parametrize("step", STEPS)
async def test_killed_while_a_link_is_replaced(town: Town, tmp_path: Path, step: str) -> None:
    which, before, links = STEPS[step]
    async with wire(town.sandbox.stripe.url) as stripe:
        async with paylink({**town.settings, "stripe_api_url": stripe.url}, tmp_path, "serve") as app:
            await town.connect(app)
            await town.write()
            assert await town.ada.submit() == {}
            await town.card()
            await town.ada.close(clear=True)
            await to_the_question(town)
            path = LINKS if which == "POST" else f"{LINKS}/{town.links[0]['id']}"
            with stripe.hold(which.partition(" ")[0], path, before=before) as held:
                assert await town.ada.submit() == {}
                await held.done.wait()
                assert len(town.links) == links
                assert "submitting" in await town.states_of_drafts()
                await app.kill()
        await carried_on(town, tmp_path)


async def carried_on(town: Town, tmp_path: Path) -> None:
    """The next process ends with two links of which the new one works, and with their cards."""
    async with paylink(town.settings, tmp_path, "serve", seconds_ahead=LATER) as app:
        await town.connect(app)
        await town.sandbox.slack.until(lambda: len(town.cards) == 2, PATIENCE)
        await town.sandbox.slack.until(lambda: f"Replaced by {NAME}" in town.cards[0]["text"], PATIENCE)
        assert await app.stop() == 0
    old, new = town.links
    assert (old["active"], new["active"]) == (False, True)
    assert new["url"] in old["inactive_message"]
    assert new["url"] in town.cards[0]["text"]
    assert f"Replaces {NAME}: {old['url']}" in town.cards[1]["text"]
    assert await town.states_of_drafts() == ["done", "done"]
    assert await town.nothing_waits()
