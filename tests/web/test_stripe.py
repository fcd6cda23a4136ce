"""The webhook: nothing is stored unless Stripe signed it just now, and a 200 means that it is stored."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import pytest
from aiohttp import ClientSession, web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.delivery.inbox import Inbox
from bot.gateways.stripe import verify_webhook
from bot.web.app import MAX_BODY
from bot.web.server import listening
from bot.web.stripe import receiver
from storage import inbox as rows
from storage.database import Database
from storage.inbox import Claimed
from tests.conftest import Clock

TEAM = "T1"
SECRET = "whsec_test"
EVENT = {"id": "evt_1", "type": "some.new_type", "created": 1_800_000_000, "data": {"object": {"name": "Zoë"}}}


def signature(body: bytes, at: float, secret: str = SECRET) -> str:
    """Stripe's header, by its page "Verify webhook signatures manually"."""
    digest = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={digest}"


@dataclass
class Endpoint:
    url: str
    db: Database
    clock: Clock
    http: ClientSession

    async def send(self, body: bytes, header: str | None = None) -> tuple[int, dict[str, object]]:
        """Status and answer; signed properly unless a header is given."""
        header = signature(body, self.clock()) if header is None else header
        async with self.http.post(self.url, data=BytesIO(body), headers={"Stripe-Signature": header}) as response:
            return response.status, await response.json() if response.content_type == "application/json" else {}

    async def stored(self) -> list[Claimed]:
        async with self.db.begin() as session:
            return list(await rows.claim(session, TEAM, "test", self.clock(), self.clock(), 1000))


@pytest.fixture
async def endpoint(database: Database, clock: Clock) -> AsyncIterator[Endpoint]:
    def verify(body: bytes, header: str | None) -> None:
        partial(verify_webhook, secret=SECRET)(body, header, now=clock())

    application = web.Application()
    application.router.add_post("/stripe/webhook", receiver(Inbox(database, TEAM, clock, lambda: None), verify))
    async with listening(application, "127.0.0.1", 0) as url, ClientSession() as http:
        yield Endpoint(f"{url}/stripe/webhook", database, clock, http)


async def test_a_signature_that_is_no_ascii_is_refused(endpoint: Endpoint) -> None:
    status, _ = await endpoint.send(b"{}", f"t={int(endpoint.clock())},v1=é")
    assert status == 400


async def test_a_signed_event_is_stored_to_the_byte(endpoint: Endpoint) -> None:
    body = json.dumps(EVENT, indent=2, ensure_ascii=False).encode()
    assert await endpoint.send(body) == (200, {"received": True})
    (event,) = await endpoint.stored()
    assert (event.id, event.type, event.created, event.body) == ("evt_1", "some.new_type", 1_800_000_000, body)


async def test_a_duplicate_is_a_200_and_nothing_more(endpoint: Endpoint) -> None:
    body = json.dumps(EVENT).encode()
    assert [(await endpoint.send(body))[0] for _ in range(3)] == [200, 200, 200]
    assert len(await endpoint.stored()) == 1


@pytest.mark.parametrize("age", [301, -301, 86_400, -86_400])
async def test_stale_and_future_signatures_are_refused(endpoint: Endpoint, age: float) -> None:
    body = json.dumps(EVENT).encode()
    status, answer = await endpoint.send(body, signature(body, endpoint.clock() - age))
    assert status == 400
    assert answer["error"]
    assert await endpoint.stored() == []


@pytest.mark.parametrize("header", ["", "t=1", "nonsense", "t=,v1=", signature(b"{}", 1_800_000_000, "whsec_other")])
async def test_bad_signatures_are_refused(endpoint: Endpoint, header: str) -> None:
    status, _ = await endpoint.send(json.dumps(EVENT).encode(), header)
    assert status == 400
    assert await endpoint.stored() == []


async def test_a_missing_signature_is_refused(endpoint: Endpoint) -> None:
    async with endpoint.http.post(endpoint.url, data=b"{}") as response:
        assert response.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"id": "evt_1"}',
        b'{"id": 1, "type": "t", "created": 1}',
        b'{"id": "", "type": "t", "created": 1}',
        b'{"id": "evt_\\u0000", "type": "t", "created": 1}',
        b'{"id": "evt_1", "type": "t", "created": "soon"}',
        b'{"id": "evt_1", "type": "t", "created": 1e400}',
        b'{"id": "evt_1", "type": "t", "created": -1}',
        b'{"id": "evt_1", "type": "t", "created": "1800000000"}',
        b'{"id": "evt_1", "type": "t", "created": 500000000000}',
    ],
)
async def test_what_is_not_an_event_is_refused_even_when_signed(endpoint: Endpoint, body: bytes) -> None:
    assert await endpoint.send(body) == (400, {"error": "This is not a Stripe event."})
    assert await endpoint.stored() == []


async def test_a_body_that_is_not_text_is_refused(endpoint: Endpoint) -> None:
    assert (await endpoint.send(b"\xff\xfe"))[0] == 400


async def test_large_bodies_are_refused_unread(endpoint: Endpoint) -> None:
    body = b'{"id": "evt_1"' + b" " * MAX_BODY + b"}"
    assert (await endpoint.send(body))[0] == 413

    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 2**16):
            yield body[start : start + 2**16]

    async with endpoint.http.post(endpoint.url, data=stream()) as response:
        assert response.status == 413
    largest = json.dumps(EVENT).encode().ljust(MAX_BODY)
    assert (await endpoint.send(largest))[0] == 200


async def test_when_the_database_can_t_be_written_stripe_is_asked_to_send_it_again(
    empty_database_url: str, clock: Clock
) -> None:
    database = Database(empty_database_url)
    application = web.Application()
    inbox = Inbox(database, TEAM, clock, lambda: None)
    application.router.add_post("/", receiver(inbox, lambda body, header: None))
    async with listening(application, "127.0.0.1", 0) as url, ClientSession() as http:
        status, answer = await Endpoint(url, database, clock, http).send(json.dumps(EVENT).encode())
    assert (status, answer) == (503, {"error": "The event could not be stored. Send it again."})
    await database.close()


@pytest.mark.one_database
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.from_regex(r'\{"id": ?"[a-z_0-9]{0,9}", ?"type": ?".{0,9}", ?"created": ?\d+\}').map(str.encode)
)
async def test_no_signed_body_is_an_internal_error(endpoint: Endpoint, body: bytes) -> None:
    assert (await endpoint.send(body))[0] in (200, 400)
