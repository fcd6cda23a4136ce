"""`/healthz`, `/readyz` and `/metrics`: what a platform and Prometheus see."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from prometheus_client.parser import text_string_to_metric_families

from bot.web import app as http
from bot.web import health
from bot.web.backlog import BacklogGauges
from bot.web.metrics import Metrics
from bot.web.server import listening
from storage.database import Database
from tests.conftest import Clock
from tests.harness import World, world
from tests.running.town import walk

AWAY = "postgresql://nobody@127.0.0.1:1/nowhere"


@pytest.fixture
async def walked(database_url: str, clock: Clock) -> AsyncIterator[World]:
    """A world after a journey."""
    async with world(database_url, clock) as opened:
        await walk(opened)
        yield opened


@pytest.fixture
async def without_database(clock: Clock) -> AsyncIterator[str]:
    """The URL of an app whose database has gone."""
    metrics = Metrics()
    gauges = BacklogGauges(Database(AWAY), "T1", clock, metrics, 60.0)
    gets = {
        "/readyz": health.readyz({"database": gauges.complaint, "backlog": gauges.delay}, {"slack": gauges.pause}),
        "/metrics": health.exposition(metrics, gauges.refresh),
    }
    metrics.backlog("inbox", {"new": 7}, 3.0)
    metrics.event("payment_link.created", "done", 0.1)
    async with listening(http.create({}, gets, metrics), "127.0.0.1", 0) as url:
        yield url


def base(opened: World) -> str:
    return str(opened.slack.request_url).removesuffix("/slack/events")


def values(exposition: str) -> dict[tuple[str, ...], float]:
    """Every sample, by its name and the values of its labels, which stand in the order of the labels' names."""
    families = text_string_to_metric_families(exposition)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.mark.one_database
async def test_alive_and_ready(walked: World) -> None:
    async with ClientSession(base(walked)) as client:
        async with client.get("/healthz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True})
        async with client.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True, "problems": {}})


async def test_the_metrics_of_a_journey(walked: World) -> None:
    async with ClientSession(base(walked)) as client, client.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        seen = values(await answer.text())
    assert seen["paylink_stripe_events_total", "done", "checkout.session.completed"] == 1
    assert seen["paylink_card_seconds_count", "link", "posted"] == 1
    assert seen["paylink_card_seconds_count", "link", "updated"] >= 1
    assert seen["paylink_card_seconds_count", "payment", "posted"] == 1
    assert seen["paylink_api_call_seconds_count", "slack", "chat_postMessage", "ok"] == 2
    assert seen["paylink_api_call_seconds_count", "stripe", "PaymentLinkService.create", "ok"] == 1
    assert seen["paylink_http_request_seconds_count", "/slack/events", "200"] >= 2
    assert seen["paylink_http_request_seconds_count", "/stripe/webhook", "200"] >= 1
    assert seen["paylink_backlog", "inbox", "new"] == 0
    assert seen["paylink_backlog", "cards", "due"] == 0
    assert seen["paylink_backlog_oldest_seconds", "cards"] == 0
    assert seen["paylink_stripe_event_seconds_count", "checkout.session.completed"] == 1
    assert seen["paylink_pacing_wait_seconds_count", "payment"] == 1
    assert seen["paylink_workspace_paused",] == 0


@pytest.mark.one_database
async def test_calls_that_fail_are_counted_by_how(walked: World) -> None:
    (link,) = walked.stripe.payment_links.values()
    walked.slack.faults.add("POST /api/chat.postMessage", "status", status=500)
    await walked.stripe.pay(link["url"])
    await walked.settle()
    async with ClientSession(base(walked)) as client, client.get("/metrics") as answer:
        seen = values(await answer.text())
    assert seen["paylink_api_call_seconds_count", "slack", "chat_postMessage", "SlackUncertain"] == 1
    assert seen["paylink_card_seconds_count", "payment", "postponed"] == 1
    assert seen["paylink_card_seconds_count", "payment", "posted"] == 2


async def test_what_waits_is_counted_and_dated(walked: World, clock: Clock) -> None:
    (link,) = walked.stripe.payment_links.values()
    await walked.stripe.pay(link["url"])
    await walked.stripe.delivered()
    clock.advance(40)
    async with ClientSession(base(walked)) as client, client.get("/metrics") as answer:
        seen = values(await answer.text())
    assert seen["paylink_backlog", "inbox", "new"] >= 1
    assert seen["paylink_backlog_oldest_seconds", "inbox"] == 40


async def test_not_ready_while_something_waits_too_long(walked: World, clock: Clock) -> None:
    (link,) = walked.stripe.payment_links.values()
    await walked.stripe.pay(link["url"])
    await walked.stripe.delivered()
    async with ClientSession(base(walked)) as client:
        clock.advance(walked.paylink.settings.paylink_ready_backlog_seconds)
        async with client.get("/readyz") as answer:
            assert answer.status == 200
        clock.advance(1)
        async with client.get("/readyz") as answer:
            assert answer.status == 503
            assert await answer.json() == {"ok": False, "problems": {"backlog": "inbox waits for 901 s"}}
        await walked.settle()
        async with client.get("/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ok": True, "problems": {}})


async def test_what_fails_again_and_again_takes_nobody_out_of_service(walked: World, clock: Clock) -> None:
    (link,) = walked.stripe.payment_links.values()
    walked.stripe.faults.add("GET /v1/checkout/sessions/*", "status", status=400)
    await walked.stripe.pay(link["url"])
    await walked.stripe.delivered()
    await walked.paylink.inbox_worker.step()
    clock.advance(walked.paylink.settings.paylink_ready_backlog_seconds + 1)
    async with ClientSession(base(walked)) as client:
        async with client.get("/readyz") as answer:
            assert answer.status == 200
        async with client.get("/metrics") as answer:
            assert values(await answer.text())["paylink_backlog_oldest_seconds", "inbox"] == 901


async def test_a_card_that_stood_for_long_has_not_waited_for_long(walked: World, clock: Clock) -> None:
    (link,) = walked.stripe.payment_links.values()
    clock.advance(7 * 24 * 3600)
    await walked.stripe.pay(link["url"])
    await walked.stripe.delivered()
    await walked.paylink.inbox_worker.step()
    clock.advance(3)
    async with ClientSession(base(walked)) as client, client.get("/metrics") as answer:
        seen = values(await answer.text())
    assert seen["paylink_backlog", "cards", "due"] == 2
    assert seen["paylink_backlog_oldest_seconds", "cards"] == 3


async def test_not_ready_without_a_database(without_database: str) -> None:
    async with ClientSession(without_database) as client, client.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"ok": False, "problems": {"database": "ConnectionRefusedError"}}


async def test_metrics_without_a_database_show_no_old_backlog(without_database: str) -> None:
    async with ClientSession(without_database) as client, client.get("/metrics") as answer:
        assert answer.status == 200
        seen = values(await answer.text())
    assert seen["paylink_stripe_events_total", "done", "payment_link.created"] == 1
    assert [name for name, *_ in seen if name.startswith("paylink_backlog")] == []
