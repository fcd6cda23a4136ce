"""A running sandbox, the official SDK pointed at it, and browsers to look at its pages."""

import json
import re
import shutil
from collections.abc import AsyncIterator

import aiohttp
import pytest
import stripe
from playwright.async_api import Page, async_playwright

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.conftest import Clock

NOW = 1_790_000_000
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[StripeSandbox]:
    async with StripeSandbox(clock=clock, seed=1) as server:
        server.webhooks.retry_delays = (0.01, 0.01)
        yield server


@pytest.fixture
async def http() -> AsyncIterator[stripe.HTTPClient]:
    client = stripe.AIOHTTPClient()
    yield client
    await client.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
def sdk(sandbox: StripeSandbox, http: stripe.HTTPClient) -> stripe.StripeClient:
    return client_for(sandbox, http, sandbox.secret_key)


def client_for(sandbox: StripeSandbox, http: stripe.HTTPClient, key: str, *, retries: int = 0) -> stripe.StripeClient:
    """The SDK's client for one of the sandbox's accounts."""
    return stripe.StripeClient(key, http_client=http, base_addresses={"api": sandbox.url}, max_network_retries=retries)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield await chromium.new_page(locale="en-US")
        await chromium.close()


async def boot(browser: aiohttp.ClientSession, url: str) -> JSON:
    """The data in a page."""
    async with browser.get(url) as response:
        assert response.status == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        found = re.search(r'id="data">(.*?)</script>', await response.text(), re.DOTALL)
    assert found is not None
    data: JSON = json.loads(found[1])
    return data
