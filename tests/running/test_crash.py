"""The process dies by `kill -9` between an outside answer and our commit. Whoever comes after it doubles nothing."""

from pathlib import Path

from tests.running.process import paylink
from tests.running.town import Town
from tests.running.wire import wire

LATER = 180
"""Seconds until the next process comes: when the dead one's leases have run out, and signatures are still fresh."""


async def test_killed_between_stripe_s_answer_and_the_commit(town: Town, tmp_path: Path) -> None:
    async with wire(town.sandbox.stripe.url) as stripe:
        settings = {**town.settings, "stripe_api_url": stripe.url}
        async with paylink(settings, tmp_path, "serve") as app:
            await town.connect(app)
            await town.write()
            with stripe.hold("POST", "/v1/payment_links") as held:
                await town.ada.submit()
                await held.done.wait()
                assert len(town.links) == 1
                assert await town.states_of_drafts() == ["submitting"]
                await app.kill()
        await carried_on(town, tmp_path)
    asked = [one for one in town.sandbox.stripe.requests if (one.method, one.path) == ("POST", "/v1/payment_links")]
    assert [one.replayed for one in asked] == [False, True]


async def test_killed_as_soon_as_the_submit_was_acknowledged(town: Town, tmp_path: Path) -> None:
    async with wire(town.sandbox.stripe.url) as stripe:
        settings = {**town.settings, "stripe_api_url": stripe.url}
        async with paylink(settings, tmp_path, "serve") as app:
            await town.connect(app)
            await town.write()
            with stripe.hold("POST", "/v1/payment_links", before=True):
                await town.ada.submit()
                assert await town.states_of_drafts() == ["submitting"]
                await app.kill()
        assert town.links == []
        await carried_on(town, tmp_path)


async def test_killed_after_slack_accepted_the_card_and_before_we_know(town: Town, tmp_path: Path) -> None:
    async with wire(town.sandbox.slack.url) as slack:
        settings = {**town.settings, "slack_api_url": f"{slack.url}/api/"}
        async with paylink(settings, tmp_path, "serve") as app:
            await town.connect(app)
            await town.write()
            with slack.hold("POST", "/api/chat.postMessage") as held:
                await town.ada.submit()
                await held.done.wait()
                assert len(town.cards) == 1
                await app.kill()
        await carried_on(town, tmp_path)


async def carried_on(town: Town, tmp_path: Path) -> None:
    """The next process makes it one link, one card, one draft that is done, and the link works."""
    async with paylink(town.settings, tmp_path, "serve", seconds_ahead=LATER) as app:
        await town.connect(app)
        await town.card()
        await town.pay()
        await town.counted()
        assert await app.stop() == 0
    assert (len(town.links), len(town.cards), len(town.payments)) == (1, 1, 1)
    assert await town.states_of_drafts() == ["done"]
    assert await town.nothing_waits()
