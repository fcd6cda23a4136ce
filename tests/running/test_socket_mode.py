"""Without a public address: Socket Mode brings what Slack has to say, and Stripe's event list what Stripe has."""

from pathlib import Path

import pytest

from tests.running.process import PATIENCE, paylink
from tests.running.town import CHANNEL, Town

pytestmark = pytest.mark.one_database


async def test_the_whole_journey_without_a_public_address(town: Town, tmp_path: Path) -> None:
    slack = town.sandbox.slack
    town.sandbox.stripe.webhooks.drop = lambda _event: True
    settings = {**town.settings, "slack_app_token": slack.app_token}
    del settings["slack_signing_secret"], settings["stripe_webhook_secret"]
    async with paylink(settings, tmp_path, "serve") as app:
        assert (await app.logged("listening"))["socket_mode"] is True
        await town.journey()
        assert await app.stop() == 0
    assert slack.line.sockets.connections == 0
    assert slack.app_errors == []
    assert await town.nothing_waits()


async def test_slack_moves_the_connection(town: Town, tmp_path: Path) -> None:
    """Slack asks the app to reconnect every few hours."""
    slack = town.sandbox.slack
    settings = {**town.settings, "slack_app_token": slack.app_token}
    async with paylink(settings, tmp_path, "web") as app:
        await app.url()
        await slack.line.sockets.disconnect()
        await slack.until(lambda: slack.line.sockets.connections == 1, PATIENCE)
        await town.ada.command("/paylink help", CHANNEL)
        await slack.until(lambda: town.ada.ephemerals(CHANNEL), PATIENCE)
        assert await app.stop() == 0
    assert slack.app_errors == []
