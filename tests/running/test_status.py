"""`paylink status`: what `/metrics` carries, for people."""

from pathlib import Path

import pytest

from tests.running.command import command
from tests.running.process import Running, paylink
from tests.running.test_inbox import UNKNOWN, give_up_on
from tests.running.town import Town
from tests.running.town import town as open_town

pytestmark = pytest.mark.one_database


async def test_what_a_running_process_has_done(town: Town, tmp_path: Path) -> None:
    async with paylink(town.settings, tmp_path, "serve") as app:
        await town.connect(app)
        await town.journey()
        shown = await command({**town.settings, "port": await port_of(app)}, tmp_path, "status")
    assert (shown.status, shown.err) == (0, "")
    assert "Acme: running, TEST MODE." in shown.out
    assert "checkout.session.completed" in shown.out
    assert "payment posted" in shown.out
    assert "slack chat_postMessage ok" in shown.out
    assert "Card, waiting for its turn" in shown.out


async def test_receiver_and_worker_are_added_up(postgresql_url: str, tmp_path: Path) -> None:
    async with (
        open_town(postgresql_url) as town,
        paylink(town.settings, tmp_path, "web") as web,
        paylink({**town.settings, "paylink_worker_port": 0}, tmp_path, "worker") as worker,
    ):
        await town.connect(web)
        await town.journey()
        ports = {"port": await port_of(web), "paylink_worker_port": await port_of(worker)}
        shown = await command({**town.settings, **ports}, tmp_path, "status")
    assert (shown.status, shown.err) == (0, "")
    assert "slack views_open ok" in shown.out, "which the receiver did"
    assert "payment posted" in shown.out, "which the worker did"


async def test_without_a_process_the_database_speaks(town: Town, tmp_path: Path) -> None:
    await give_up_on(town, UNKNOWN)
    shown = await command({**town.settings, "port": 1}, tmp_path, "status")
    assert (shown.status, shown.err) == (0, "")
    assert "No process answers at http://127.0.0.1:1" in shown.out
    (row,) = [line for line in shown.out.splitlines() if " inbox " in line]
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == ["inbox", "0", "–", "1"]


async def test_a_workspace_that_lets_us_in_no_more(town: Town, tmp_path: Path) -> None:
    async with paylink(town.settings, tmp_path, "serve") as app:
        await town.connect(app)
        await town.journey()
        town.sandbox.slack.revoke_token()
        await town.sandbox.stripe.pay(town.links[0]["url"])
        await app.logged("workspace is paused")
    shown = await command({**town.settings, "port": 1}, tmp_path, "status")
    assert shown.status == 0
    assert "Acme: PAUSED since " in shown.out
    assert "Slack doesn't accept the token (token_revoked)." in shown.out


async def port_of(running: Running) -> int:
    return int((await running.url()).rpartition(":")[2])
