"""A running sandbox, and the official SDK pointed at it."""

from collections.abc import AsyncIterator

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from tests.conftest import Clock

NOW = 1_790_000_000


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
