"""Idempotency keys: one key, one result; and the faults that make them matter."""

import asyncio

import aiohttp
import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from tests.conftest import Clock
from tests.sandbox.stripe.api import ONE_OFF, Raw
from tests.sandbox.stripe.conftest import client_for

KEY = {"Idempotency-Key": "draft-1"}
LINK = {"line_items": [ONE_OFF]}


async def test_the_same_request_gets_the_same_answer(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    first = await raw.request("POST", "/v1/payment_links", LINK, KEY)
    original = raw.headers["Request-Id"]
    second = await raw.request("POST", "/v1/payment_links", LINK, KEY)
    assert first == second
    assert raw.headers["Idempotent-Replayed"] == "true"
    assert raw.headers["Original-Request"] == original
    assert raw.headers["Idempotency-Key"] == "draft-1"
    assert raw.headers["Request-Id"] != original
    assert len(sandbox.payment_links) == 1
    assert [entry.replayed for entry in sandbox.requests] == [False, True]


async def test_another_request_under_the_same_key_is_refused(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    await raw.request("POST", "/v1/payment_links", LINK, KEY)
    for path, params in (("/v1/payment_links", {**LINK, "submit_type": "pay"}), ("/v1/products", {"name": "X"})):
        status, body = await raw.request("POST", path, params, KEY)
        assert (status, body["error"]["type"]) == (400, "idempotency_error")


async def test_what_failed_validation_may_be_sent_again_corrected(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    status, _ = await raw.request("POST", "/v1/payment_links", {"foo": 1}, KEY)
    assert status == 400
    status, _ = await raw.request("POST", "/v1/payment_links", LINK, KEY)
    assert status == 200


async def test_a_refusal_after_work_began_is_kept(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    params = {"line_items": [ONE_OFF], "subscription_data": {"trial_period_days": 3}}
    first = await raw.request("POST", "/v1/payment_links", params, KEY)
    assert first[0] == 400
    assert await raw.request("POST", "/v1/payment_links", params, KEY) == first
    assert raw.headers["Idempotent-Replayed"] == "true"


async def test_keys_belong_to_an_account_and_last_a_day(sandbox: StripeSandbox, clock: Clock) -> None:
    other = Raw(sandbox, sandbox.add_account("Other").secret_key)
    _, first = await Raw(sandbox).request("POST", "/v1/payment_links", LINK, KEY)
    _, second = await other.request("POST", "/v1/payment_links", LINK, KEY)
    assert first["id"] != second["id"]
    clock.now += 24 * 3600
    _, third = await Raw(sandbox).request("POST", "/v1/payment_links", LINK, KEY)
    assert third["id"] != first["id"]


async def test_a_key_in_use_is_refused(sandbox: StripeSandbox) -> None:
    sandbox.faults.add("POST /v1/payment_links", "latency", seconds=0.05)
    answers = await asyncio.gather(*(Raw(sandbox).request("POST", "/v1/payment_links", LINK, KEY) for _ in range(2)))
    assert sorted(status for status, _ in answers) == [200, 409]
    refused = next(body for status, body in answers if status == 409)
    assert refused["error"]["code"] == "idempotency_key_in_use"
    assert len(sandbox.payment_links) == 1


async def test_a_retry_after_a_lost_answer_makes_one_link(sandbox: StripeSandbox, http: stripe.HTTPClient) -> None:
    sandbox.faults.add("POST /v1/payment_links", "drop_after")
    sdk = client_for(sandbox, http, sandbox.secret_key, retries=2)
    link = await sdk.v1.payment_links.create_async(
        {
            "line_items": [
                {"price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "Mug"}}, "quantity": 1}
            ]
        }
    )
    assert list(sandbox.payment_links) == [link.id]
    assert [(entry.status, entry.fault, entry.replayed) for entry in sandbox.requests] == [
        (0, "drop_after", False),
        (200, None, True),
    ]


async def test_faults_strike_as_often_as_told(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    sandbox.faults.add("GET /v1/products", "status", status=429, headers={"Retry-After": "1"}, times=2)
    sandbox.faults.add(lambda method, path: path.startswith("/v1/prices"), "status", status=500)
    for _ in range(2):
        status, body = await raw.request("GET", "/v1/products")
        assert (status, body["error"]["code"]) == (429, "rate_limit")
        assert raw.headers["Retry-After"] == "1"
        assert raw.headers["Stripe-Should-Retry"] == "true"
    assert (await raw.request("GET", "/v1/products"))[0] == 200
    status, body = await raw.request("GET", "/v1/prices/x")
    assert (status, body["error"]["type"]) == (500, "api_error")
    rule = sandbox.faults.add("POST /v1/prod*", "drop_before", times=None)
    with pytest.raises(aiohttp.ClientError):
        await raw.request("POST", "/v1/products", {"name": "X"})
    assert not sandbox.account.tables["product"]
    sandbox.faults.remove(rule)
    assert (await raw.request("POST", "/v1/products", {"name": "X"}))[0] == 200
