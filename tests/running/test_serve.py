"""`paylink serve`, `web` and `worker` as the processes that a platform runs."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.running.process import paylink
from tests.running.town import Town
from tests.running.town import town as open_town
from tests.running.wire import wire


@pytest.mark.one_database
async def test_one_process_does_it_all(town: Town, tmp_path: Path) -> None:
    async with paylink(town.settings, tmp_path, "serve") as app, ClientSession() as http:
        await town.connect(app)
        await town.journey()
        for path in ("/healthz", "/readyz"):
            async with http.get(f"{await app.url()}{path}") as answer:
                assert (answer.status, (await answer.json())["ok"]) == (200, True)
        async with http.get(f"{await app.url()}/metrics") as answer:
            assert 'outcome="posted"' in await answer.text()
        assert await app.stop() == 0
    assert town.sandbox.slack.app_errors == []
    assert await town.nothing_waits()
    assert [line for line in app.log if line.get("level") not in ("info", "debug")] == []


async def test_receiving_and_working_in_two_processes(postgresql_url: str, tmp_path: Path) -> None:
    async with (
        open_town(postgresql_url) as town,
        paylink(town.settings, tmp_path, "web") as web,
        paylink({**town.settings, "paylink_worker_port": 0}, tmp_path, "worker") as worker,
    ):
        await town.connect(web)
        await town.journey()
        async with ClientSession(await worker.url()) as http:
            async with http.get("/metrics") as answer:
                assert 'outcome="posted"' in await answer.text()
            async with http.get("/readyz") as answer:
                assert answer.status == 200
            async with http.post("/stripe/webhook") as answer:
                assert answer.status == 404
        assert [await web.stop(), await worker.stop()] == [0, 0]
        assert town.sandbox.slack.app_errors == []
        assert await town.nothing_waits()


@pytest.mark.one_database
async def test_told_to_stop_it_finishes_the_submit_in_hand(town: Town, tmp_path: Path) -> None:
    async with wire(town.sandbox.stripe.url) as stripe:
        settings = {**town.settings, "stripe_api_url": stripe.url}
        async with paylink(settings, tmp_path, "serve") as app:
            await town.connect(app)
            await town.write()
            with stripe.hold("POST", "/v1/payment_links") as held:
                await town.ada.submit()
                await held.done.wait()
                app.terminate()
                await app.logged("stopping")
            assert await app.ended() == 0
        assert await town.states_of_drafts() == ["done"]
        async with paylink(settings, tmp_path, "serve") as app:
            await town.connect(app)
            await town.card()
            assert await app.stop() == 0
    assert (len(town.links), len(town.cards)) == (1, 1)
