"""Delivering events to webhook endpoints, signed (docs.stripe.com/webhooks), in the background, or badly on demand."""

import asyncio
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import aiohttp

from bot.sandbox.stripe.state import Account, World
from bot.sandbox.stripe.tables import JSON

MAX_HISTORY = 50_000


@dataclass(frozen=True)
class Attempt:
    """One try to deliver an event: `status` is None when no answer came."""

    endpoint: str
    url: str
    at: float
    status: int | None

    @property
    def ok(self) -> bool:
        """Stripe takes any 2xx for delivered."""
        return self.status is not None and 200 <= self.status < 300


def sign(secret: str, body: str, timestamp: int) -> str:
    """The `Stripe-Signature` header."""
    signature = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={signature}"


@dataclass
class Webhooks:
    """The delivery of one sandbox. Its public fields may be changed at any time and apply to new events.

    `copies` of each event are sent, after `delay` seconds and up to `jitter` seconds more (which reorders them).
    Events for which `drop` is true are never sent, only listed. While `hold` is set, events wait for `release`.
    A delivery without an answer after `timeout` seconds has failed; one that fails is tried again after each of
    `retry_delays` (seconds).
    """

    world: World
    timeout: float = 10.0
    retry_delays: tuple[float, ...] = (0.2, 1.0, 3.0, 10.0, 30.0)
    copies: int = 1
    delay: float = 0.0
    jitter: float = 0.0
    drop: Callable[[JSON], bool] = lambda event: False
    hold: bool = False
    seed: int | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _held: list[tuple[Account, JSON]] = field(default_factory=list, repr=False)
    _history: OrderedDict[str, list[Attempt]] = field(default_factory=OrderedDict, repr=False)
    _client: aiohttp.ClientSession | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self._random = Random(self.seed)
        self._slots = asyncio.Semaphore(16)

    async def start(self) -> None:
        """Open the HTTP client."""
        self._client = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def stop(self) -> None:
        """Give up on what isn't delivered and close the HTTP client."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client:
            await self._client.close()

    def send(self, account: Account, event: JSON) -> None:
        """Queue an event that has just happened."""
        endpoints = _endpoints(account, event)
        event["pending_webhooks"] = len(endpoints)
        if not endpoints or self._client is None or self.drop(event):
            return
        if self.hold:
            self._held.append((account, event))
            return
        self._queue(account, event)

    def release(self, *, shuffle: bool = False) -> None:
        """Stop holding, and queue what was held, in order or in any order."""
        self.hold = False
        held, self._held = self._held, []
        if shuffle:
            self._random.shuffle(held)
        for account, event in held:
            self._queue(account, event)

    async def redeliver(self, account: Account, event: JSON) -> list[Attempt]:
        """Send an event once more to each endpoint, at once, and say how that went."""
        return [await self._attempt(account, endpoint, event) for endpoint in _endpoints(account, event)]

    @property
    def pending(self) -> int:
        """How many deliveries are queued, those that wait to be tried again among them."""
        return len(self._tasks)

    async def delivered(self) -> None:
        """Wait until nothing queued is left to do, retries included."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def attempts(self, event_id: str) -> list[Attempt]:
        """What was tried so far, oldest first."""
        return list(self._history.get(event_id, ()))

    def _queue(self, account: Account, event: JSON) -> None:
        for endpoint in _endpoints(account, event):
            for copy in range(self.copies):
                wait = self.delay + self._random.random() * self.jitter
                task = asyncio.create_task(self._deliver(account, endpoint, event, wait, first=copy == 0))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _deliver(self, account: Account, endpoint: JSON, event: JSON, wait: float, *, first: bool) -> None:
        for pause in (wait, *self.retry_delays):
            if pause:
                await asyncio.sleep(pause)
            if endpoint["id"] not in account.tables["webhook_endpoint"]:
                return
            async with self._slots:
                attempt = await self._attempt(account, endpoint, event)
            if attempt.ok:
                event["pending_webhooks"] -= first
                return

    async def _attempt(self, account: Account, endpoint: JSON, event: JSON) -> Attempt:
        body = json.dumps(event, indent=2)
        secret = account.endpoint_secrets[endpoint["id"]]
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(secret, body, int(self.world.clock())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        status = await self._post(endpoint["url"], body, headers)
        attempt = Attempt(endpoint["id"], endpoint["url"], self.world.clock(), status)
        self._history.setdefault(event["id"], []).append(attempt)
        if len(self._history) > MAX_HISTORY:
            self._history.popitem(last=False)
        return attempt

    async def _post(self, url: str, body: str, headers: dict[str, str]) -> int | None:
        if self._client is None:
            return None
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with self._client.post(
                url, data=body.encode(), headers=headers, allow_redirects=False, timeout=timeout
            ) as response:
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None


def _endpoints(account: Account, event: JSON) -> list[JSON]:
    """The account's enabled endpoints that asked for this type of event."""
    return [
        endpoint
        for endpoint in account.tables["webhook_endpoint"].values()
        if endpoint["status"] == "enabled"
        and ("*" in endpoint["enabled_events"] or event["type"] in endpoint["enabled_events"])
    ]
