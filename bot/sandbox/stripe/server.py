"""The sandbox Stripe: one server with the API, the hosted payment pages and a small Dashboard."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.stripe.api import Api, LoggedRequest, should_retry
from bot.sandbox.stripe.checkout.shop import Shop
from bot.sandbox.stripe.driver import Driver
from bot.sandbox.stripe.errors import fault_body
from bot.sandbox.stripe.frontend import Pages
from bot.sandbox.stripe.ids import Ids
from bot.sandbox.stripe.resources import (
    coupons,
    disputes,
    invoices,
    payment_links,
    payments,
    prices,
    products,
    promotion_codes,
    records,
    refunds,
    shipping_rates,
    subscriptions,
    webhook_endpoints,
)
from bot.sandbox.stripe.seeding import seed_catalog
from bot.sandbox.stripe.state import Account, Context, World
from bot.sandbox.stripe.tables import Table
from bot.sandbox.stripe.webhooks import Attempt, Webhooks

MAX_BODY = 1024 * 1024
MAX_LOGGED = 100_000
_RESOURCES = (
    coupons,
    disputes,
    invoices,
    payment_links,
    payments,
    prices,
    products,
    promotion_codes,
    records,
    refunds,
    shipping_rates,
    subscriptions,
    webhook_endpoints,
)


class StripeSandbox(Driver):
    """Stripe on this machine. An async context manager: the server runs within.

    `port` 0 takes a free one. `public_url` is the address that links carry, if not the server's own. `clock` gives
    the time in seconds; `seed` makes ids the same in every run. `Driver` has what customers, banks and merchants do.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        public_url: str | None = None,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        self._host, self._port, self._public_url = host, port, public_url
        self.world = World(clock=clock, ids=Ids(seed))
        self.webhooks = Webhooks(self.world, seed=seed)
        self.world.listeners.append(self.webhooks.send)
        self.faults = Faults(fault_body)
        self.requests: deque[LoggedRequest] = deque(maxlen=MAX_LOGGED)
        """Every API request, oldest first."""
        self.shop = Shop(self.world)
        self.account = self.add_account("Acme")
        self._runner: web.AppRunner | None = None
        self.url = ""
        """Where the server is, for `base_addresses={"api": url}`; known once it runs."""

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self.world.url = (self._public_url or self.url).rstrip("/")
        await self.webhooks.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.webhooks.stop()
        if self._runner:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        api = Api(self.world, self.requests.append)
        app = web.Application(
            client_max_size=MAX_BODY, middlewares=[should_retry, api.middleware, self.faults.middleware]
        )
        for resource in _RESOURCES:
            for endpoint in resource.ENDPOINTS:
                app.router.add_route(endpoint.method, endpoint.path, api.handler(endpoint))
        Pages(self, self.webhooks, self.account).add_to(app)
        return app

    @property
    def secret_key(self) -> str:
        """The first account's secret key."""
        return self.account.secret_key

    @property
    def payment_links(self) -> Table:
        """The first account's payment links by id, live."""
        return self.account.tables["payment_link"]

    @property
    def sessions(self) -> Table:
        """The first account's Checkout Sessions by id, live."""
        return self.account.tables["checkout.session"]

    @property
    def events(self) -> Table:
        """The first account's events by id, oldest first, live."""
        return self.account.tables["event"]

    def add_account(self, name: str, *, livemode: bool = False) -> Account:
        """A further account with a key of its own, isolated from the others."""
        ids = self.world.ids
        account = Account(
            id=f"acct_1{ids.letters(15)}",
            name=name,
            secret_key=f"sk_{'live' if livemode else 'test'}_51{ids.letters(32)}",
            livemode=livemode,
            created=int(self.world.clock()),
        )
        self.world.accounts[account.secret_key] = account
        return account

    def connect_account(self, name: str, *, account: Account | None = None) -> str:
        """Connect an account to the platform (for `transfer_data`, `on_behalf_of` and the like); its id."""
        account_id = f"acct_1{self.world.ids.letters(15)}"
        (account or self.account).connected_accounts[account_id] = name
        return account_id

    def add_webhook_endpoint(
        self, url: str, enabled_events: Sequence[str] = ("*",), *, account: Account | None = None
    ) -> str:
        """Have events delivered to a URL; the endpoint's signing secret."""
        context = Context(self.world, account or self.account)
        _, secret = webhook_endpoints.new_endpoint(context, {"url": url, "enabled_events": list(enabled_events)})
        return secret

    async def delivered(self) -> None:
        """Wait until every queued webhook delivery is done, retries included."""
        await self.webhooks.delivered()

    async def redeliver(self, event_id: str) -> list[Attempt]:
        """Deliver an event once more, as *Resend* in the Dashboard does."""
        for account in self.world.accounts.values():
            if event_id in account.tables["event"]:
                return await self.webhooks.redeliver(account, account.tables["event"][event_id])
        raise KeyError(event_id)

    def seed_catalog(self, count: int, *, account: Account | None = None) -> None:
        """Add `count` products with a price each, without events."""
        seed_catalog(Context(self.world, account or self.account), count)
