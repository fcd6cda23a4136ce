"""Signed events, delivered well or badly on demand."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import stripe
from aiohttp import web

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.conftest import Clock
from tests.sandbox.stripe.api import Raw
from tests.sandbox.stripe.conftest import NOW


@dataclass
class Receiver:
    """A webhook endpoint that keeps what it gets and answers as told."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def events(self) -> list[JSON]:
        return [json.loads(body) for body in self.bodies]

    @property
    def types(self) -> list[str]:
        return [event["type"] for event in self.events]

    async def receive(self, request: web.Request) -> web.Response:
        self.bodies.append(await request.read())
        self.signatures.append(request.headers["Stripe-Signature"])
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    receiver.url = f"http://{host}:{port}/hook"
    yield receiver
    await runner.cleanup()


async def test_events_arrive_signed(sandbox: StripeSandbox, receiver: Receiver) -> None:
    secret = sandbox.add_webhook_endpoint(receiver.url, ["product.created"])
    await Raw(sandbox).made("/v1/products", {"name": "Müg"})
    await Raw(sandbox).made("/v1/prices", {"currency": "usd", "unit_amount": 5, "product_data": {"name": "Cup"}})
    await sandbox.delivered()
    assert receiver.types == ["product.created", "product.created"]
    body = receiver.bodies[0].decode()
    assert stripe.WebhookSignature.verify_header(body, receiver.signatures[0], secret, tolerance=None)
    assert receiver.signatures[0].startswith(f"t={NOW},v1=")
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body + " ", receiver.signatures[0], secret)
    event = receiver.events[0]
    assert set(event) == {
        "id",
        "object",
        "api_version",
        "created",
        "data",
        "livemode",
        "pending_webhooks",
        "request",
        "type",
    }
    assert event["data"]["object"]["name"] == "Müg"
    assert event["request"]["id"] == sandbox.requests[0].request_id


async def test_failures_are_retried(sandbox: StripeSandbox, receiver: Receiver) -> None:
    receiver.answers = [500, 302]
    sandbox.add_webhook_endpoint(receiver.url)
    await Raw(sandbox).made("/v1/products", {"name": "Mug"})
    await sandbox.delivered()
    assert receiver.types == ["product.created"] * 3
    (event_id,) = sandbox.events
    assert [attempt.status for attempt in sandbox.webhooks.attempts(event_id)] == [500, 302, 200]
    assert sandbox.events[event_id]["pending_webhooks"] == 0


async def test_what_is_never_accepted_stays_pending(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    sandbox.add_webhook_endpoint("http://127.0.0.1:9/nobody")
    await Raw(sandbox).made("/v1/products", {"name": "Mug"})
    await sandbox.delivered()
    (event,) = (await sdk.v1.events.list_async({"delivery_success": False})).data
    assert event.pending_webhooks == 1
    assert [attempt.status for attempt in sandbox.webhooks.attempts(event.id)] == [None] * 3


async def test_duplicates_and_drops(sandbox: StripeSandbox, receiver: Receiver, sdk: stripe.StripeClient) -> None:
    sandbox.add_webhook_endpoint(receiver.url)
    sandbox.webhooks.copies = 3
    sandbox.webhooks.drop = lambda event: event["type"] == "price.created"
    await Raw(sandbox).made("/v1/prices", {"currency": "usd", "unit_amount": 5, "product_data": {"name": "Cup"}})
    await sandbox.delivered()
    assert receiver.types == ["product.created"] * 3
    assert len({event["id"] for event in receiver.events}) == 1
    listed = await sdk.v1.events.list_async({"types": ["price.created", "payment_link.*"]})
    assert [event.type for event in listed.data] == ["price.created"]


async def test_an_event_may_be_hidden_from_the_list(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    await Raw(sandbox).made("/v1/prices", {"currency": "usd", "unit_amount": 5, "product_data": {"name": "Cup"}})
    sandbox.world.unlisted = lambda event: event["type"] == "price.created"
    assert [event.type for event in (await sdk.v1.events.list_async()).data] == ["product.created"]
    sandbox.world.unlisted = lambda event: False
    assert len((await sdk.v1.events.list_async()).data) == 2


async def test_held_events_come_in_another_order(sandbox: StripeSandbox, receiver: Receiver) -> None:
    sandbox.add_webhook_endpoint(receiver.url)
    sandbox.webhooks.hold = True
    for number in range(8):
        await Raw(sandbox).made("/v1/products", {"name": str(number)})
    await sandbox.delivered()
    assert receiver.bodies == []
    sandbox.webhooks.release(shuffle=True)
    await sandbox.delivered()
    names = [event["data"]["object"]["name"] for event in receiver.events]
    assert sorted(names) == [str(number) for number in range(8)]
    assert names != sorted(names)


async def test_jitter_delivers_everything(sandbox: StripeSandbox, receiver: Receiver) -> None:
    sandbox.add_webhook_endpoint(receiver.url)
    sandbox.webhooks.delay, sandbox.webhooks.jitter = 0.001, 0.01
    for number in range(8):
        await Raw(sandbox).made("/v1/products", {"name": str(number)})
    await sandbox.delivered()
    assert {event["id"] for event in receiver.events} == set(sandbox.events)


async def test_redelivery(sandbox: StripeSandbox, receiver: Receiver) -> None:
    sandbox.add_webhook_endpoint(receiver.url)
    sandbox.webhooks.drop = lambda event: True
    await Raw(sandbox).made("/v1/products", {"name": "Mug"})
    (event_id,) = sandbox.events
    (attempt,) = await sandbox.redeliver(event_id)
    assert attempt.ok
    assert receiver.types == ["product.created"]


async def test_endpoints_by_api(sandbox: StripeSandbox, receiver: Receiver, sdk: stripe.StripeClient) -> None:
    endpoint = await sdk.v1.webhook_endpoints.create_async({"url": receiver.url, "enabled_events": ["*"]})
    assert endpoint.secret is not None
    assert endpoint.secret.startswith("whsec_")
    (listed,) = (await sdk.v1.webhook_endpoints.list_async()).data
    assert "secret" not in listed
    await sdk.v1.webhook_endpoints.delete_async(endpoint.id)
    await Raw(sandbox).made("/v1/products", {"name": "Mug"})
    await sandbox.delivered()
    assert receiver.bodies == []


async def test_an_account_gets_its_own_events_only(sandbox: StripeSandbox, receiver: Receiver) -> None:
    sandbox.add_webhook_endpoint(receiver.url)
    other = sandbox.add_account("Other")
    await Raw(sandbox, other.secret_key).made("/v1/products", {"name": "Mug"})
    await sandbox.delivered()
    assert receiver.bodies == []


async def test_events_reach_thirty_days_back(sandbox: StripeSandbox, sdk: stripe.StripeClient, clock: Clock) -> None:
    await Raw(sandbox).made("/v1/products", {"name": "Old"})
    clock.now += 30 * 24 * 3600 + 1
    await Raw(sandbox).made("/v1/products", {"name": "New"})
    listed = await sdk.v1.events.list_async({"type": "product.created"})
    assert [event.data.object["name"] for event in listed.data] == ["New"]
    since = await sdk.v1.events.list_async({"created": {"gt": int(clock.now) - 1}})
    assert len(since.data) == 1
