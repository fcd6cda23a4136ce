"""`paylink status`: what `/metrics` carries, for people."""

from pathlib import Path

import pytest

from tests.running.command import command
from tests.running.process import paylink
from tests.running.test_inbox import give_up_on_poison
from tests.running.town import Town

pytestmark = pytest.mark.one_database


async def test_what_a_running_process_has_done(town: Town, tmp_path: Path) -> None:
    async with paylink(town.settings, tmp_path, "serve") as app:
        await town.connect(app)
        await town.journey()
        port = int((await app.url()).rpartition(":")[2])
        shown = await command({**town.settings, "port": port}, tmp_path, "status")
    assert (shown.status, shown.err) == (0, "")
    assert "Acme: running, TEST MODE." in shown.out
    assert "checkout.session.completed" in shown.out
    assert "payment posted" in shown.out
    assert "slack chat_postMessage ok" in shown.out
    assert "Card, waiting for its turn" in shown.out


async def test_without_a_process_the_database_speaks(town: Town, tmp_path: Path) -> None:
    await give_up_on_poison(town)
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
