from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientTimeout
from stripe import AIOHTTPClient, StripeClient

from bot.gateways.stripe import StripeGateway
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from storage.database import Database
from tests.conftest import Clock
from tests.services.desk import TEAM, Desk


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[StripeSandbox]:
    async with StripeSandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
async def stripe(sandbox: StripeSandbox) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(sandbox.secret_key, api_base=sandbox.url, timeout=5, retries=0)
    yield gateway
    await gateway.close()


@pytest.fixture
async def dashboard(sandbox: StripeSandbox) -> AsyncIterator[StripeClient]:
    """Somebody changing things in Stripe's Dashboard."""
    http = AIOHTTPClient(timeout=ClientTimeout(total=5))
    yield StripeClient(sandbox.secret_key, http_client=http, base_addresses={"api": sandbox.url})
    await http.close_async()  # type: ignore[no-untyped-call]


@pytest.fixture
def desk(database: Database, stripe: StripeGateway, clock: Clock) -> Desk:
    return Desk(database, stripe, clock)


@pytest.fixture
def ada() -> Actor:
    return Actor(TEAM, "UADA", "Ada", "en_US", may_edit=True)


@pytest.fixture
def grace() -> Actor:
    return Actor(TEAM, "UGRACE", "Grace", "en_US", may_edit=True)


@pytest.fixture
def guest() -> Actor:
    return Actor(TEAM, "UGUEST", "Guest", "en_US", may_edit=False)
