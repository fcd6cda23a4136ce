"""`POST /slack/events`: nothing is looked at unless Slack signed it just now, and nothing strange is a 500."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import SQLModel

from bot.web.app import MAX_BODY
from tests.conftest import Clock
from tests.harness import World, world

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

pytestmark = pytest.mark.one_database


def signature(secret: str, body: bytes, timestamp: str) -> str:
    """Slack's header, by its page "Verifying requests from Slack"."""
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@dataclass
class Endpoint:
    world: World
    http: ClientSession

    def signed(self, body: bytes, at: float) -> dict[str, str]:
        """The headers that Slack would send."""
        timestamp = str(int(at))
        secret = self.world.slack.signing_secret
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(secret, body, timestamp),
        }

    async def send(
        self, body: bytes, content_type: str = FORM, headers: dict[str, str] | None = None
    ) -> tuple[int, object]:
        """Status and answer; signed properly unless headers are given."""
        headers = self.signed(body, self.world.clock()) if headers is None else headers
        url = str(self.world.slack.request_url)
        async with self.http.post(url, data=BytesIO(body), headers={"Content-Type": content_type, **headers}) as answer:
            return answer.status, await answer.json() if answer.content_type == JSON else await answer.text()

    async def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        async with self.world.paylink.db.read() as session:
            tables = SQLModel.metadata.sorted_tables
            return {table.name: await session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    def command(self, text: str) -> bytes:
        """A slash command's body."""
        slack = self.world.slack
        return urlencode(
            {
                "command": "/paylink",
                "text": text,
                "team_id": slack.team.id,
                "user_id": slack.person("ada").id,
                "channel_id": slack.channel("sales").id,
                "trigger_id": "1.2.3",
                "response_url": f"{slack.url}/nowhere",
            }
        ).encode()


@pytest.fixture
async def endpoint(database_url: str, clock: Clock) -> AsyncIterator[Endpoint]:
    async with world(database_url, clock) as opened, ClientSession() as http:
        yield Endpoint(opened, http)


@pytest.mark.parametrize("age", [301, -301, 86_400, -86_400])
async def test_stale_and_future_requests_are_refused(endpoint: Endpoint, age: float) -> None:
    before = await endpoint.rows()
    body = endpoint.command("2 x Consulting 150 eur")
    headers = endpoint.signed(body, endpoint.world.clock() - age)
    assert await endpoint.send(body, headers=headers) == (401, {"error": "invalid_signature"})
    await endpoint.world.settle()
    assert await endpoint.rows() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=ü"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_wrong_signatures_are_refused(endpoint: Endpoint, changes: dict[str, str]) -> None:
    before = await endpoint.rows()
    body = endpoint.command("2 x Consulting 150 eur")
    headers = {**endpoint.signed(body, endpoint.world.clock()), **changes}
    assert await endpoint.send(body, headers=headers) == (401, {"error": "invalid_signature"})
    await endpoint.world.settle()
    assert await endpoint.rows() == before


async def test_unsigned_requests_are_refused(endpoint: Endpoint) -> None:
    assert await endpoint.send(endpoint.command("help"), headers={}) == (401, {"error": "invalid_signature"})
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert await endpoint.send(body, JSON, {}) == (401, {"error": "invalid_signature"})


async def test_a_signature_covers_the_very_bytes(endpoint: Endpoint) -> None:
    headers = endpoint.signed(endpoint.command("help"), endpoint.world.clock())
    assert (await endpoint.send(endpoint.command("list"), headers=headers))[0] == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b'"text"', JSON),
        (b"[" * 100_000, JSON),
        (b"\xff\xfe", JSON),
        (b"\xff\xfe", FORM),
        (b"command", FORM),
        (b"payload=", FORM),
        (b"payload=[]", FORM),
        (b"payload=%7B", FORM),
        (b"payload=1", FORM),
        (b'{"type": "event_callback"}', FORM),
    ],
)
async def test_what_slack_never_sends_is_a_400(endpoint: Endpoint, body: bytes, content_type: str) -> None:
    assert await endpoint.send(body, content_type) == (400, {"error": "malformed_body"})


async def test_large_bodies_are_refused(endpoint: Endpoint) -> None:
    status, _ = await endpoint.send(b"text=" + b"a" * MAX_BODY)
    assert status == 413


async def test_the_url_is_verified(endpoint: Endpoint) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()
    assert await endpoint.send(body, JSON) == (200, {"challenge": "abc"})


@pytest.mark.parametrize("line", ["show payload", "list payload", "payload", 'show payload={"type":"x"}'])
async def test_a_command_may_contain_the_word_payload(endpoint: Endpoint, line: str) -> None:
    ada = endpoint.world.slack.person("ada")
    await ada.command(f"/paylink {line}", "sales")
    await endpoint.world.settle()
    assert ada.modal or ada.ephemerals("sales")


PERSON = {"id": "U1"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "editor"}


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "user": PERSON, "actions": []},
        {"type": "block_actions", "user": PERSON, "actions": ["add_item"]},
        {"type": "view_submission", "user": PERSON, "view": []},
        {"type": "view_submission", "user": PERSON, "view": {"callback_id": "editor"}},
        {"type": "block_actions", "user": "U1"},
        {"type": 7, "user": PERSON},
        {"type": "shortcut", "user": PERSON, "callback_id": "new_link", "trigger_id": ""},
        {"type": "block_actions", "user": PERSON, "trigger_id": 7},
    ],
)
async def test_payloads_of_another_shape_are_a_400(endpoint: Endpoint, payload: dict[str, object]) -> None:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    assert await endpoint.send(body) == (400, {"error": "malformed_body"})


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "shortcut", "callback_id": "new_link"},
        {"type": "something_new"},
        {"type": "view_submission"},
        {"type": "view_submission", "view": VIEW},
        {"type": "block_suggestion", "action_id": "item_price"},
        {"type": "block_suggestion", "action_id": "item_price", "value": None, "view": VIEW},
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "add_item", "block_id": "b"}]},
    ],
)
async def test_payloads_that_say_too_little_are_no_failure(endpoint: Endpoint, payload: dict[str, object]) -> None:
    status, _ = await endpoint.send(urlencode({"payload": json.dumps(payload | {"user": PERSON})}).encode())
    assert status < 500
    await endpoint.world.settle()


@pytest.mark.parametrize(
    "action_id", ["nobodys", "add_item_too", "not_add_item", "add_item\n", "ADD_ITEM", "add.item", ""]
)
async def test_an_id_that_is_nobodys_is_not_found(endpoint: Endpoint, action_id: str) -> None:
    action = {"type": "button", "action_id": action_id, "block_id": "b"}
    said = {"user": PERSON, "actions": [action], "action_id": action_id, "view": VIEW | {"callback_id": action_id}}
    for kind in ("block_actions", "block_suggestion", "view_submission", "shortcut"):
        payload = json.dumps({"type": kind, "callback_id": action_id, **said})
        assert await endpoint.send(urlencode({"payload": payload}).encode()) == (404, {"error": "unhandled request"})
    event = json.dumps({"type": "event_callback", "event": {"type": action_id}}).encode()
    assert await endpoint.send(event, JSON) == (404, {"error": "unhandled request"})


@pytest.mark.parametrize("kind", ["block_suggestion", "shortcut", "message_action"])
async def test_what_names_no_id_is_not_found(endpoint: Endpoint, kind: str) -> None:
    payload = json.dumps({"type": kind, "user": PERSON})
    assert await endpoint.send(urlencode({"payload": payload}).encode()) == (404, {"error": "unhandled request"})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "channel",
    "message",
    "authorizations",
    "enterprise",
    "view",
    "user",
    "team",
    "actions",
    "action_id",
    "callback_id",
    "event",
    "container",
    "api_app_id",
)
TYPES = ("block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action")
EMPTY = {"text": {"type": "plain_text", "text": "Empty"}, "value": ""}
LONG = {"text": {"type": "plain_text", "text": "Long"}, "value": "x" * 151}
payloads = st.builds(
    lambda said, kind, more: {"user": PERSON, **said, **kind, **more},
    st.sampled_from([{}, {"view": VIEW}]),
    st.fixed_dictionaries({"type": st.sampled_from(TYPES)}),
    st.dictionaries(st.sampled_from(NAMES), values, max_size=3),
)


interactions = payloads.map(lambda one: (urlencode({"payload": json.dumps(one)}).encode(), FORM))
events = payloads.map(lambda one: (json.dumps({"type": "event_callback", **one}).encode(), JSON))
commands = st.dictionaries(st.sampled_from(NAMES), st.text(max_size=8), max_size=3).map(
    lambda more: (urlencode({"command": "/paylink", "team_id": "T1", "user_id": "U1", **more}).encode(), FORM)
)
anything = st.tuples(st.binary(max_size=200), st.sampled_from((FORM, JSON)))


@pytest.mark.parametrize(
    "said",
    [
        {"view": {**VIEW, "private_metadata": 7}},
        {"view": {**VIEW, "private_metadata": "x" * 3001}},
        {"view": {**VIEW, "state": {"values": []}}},
        {"view": {**VIEW, "state": {"values": {"name": {}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"value": ["x"]}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"selected_option": "x"}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"selected_date_time": 10**20}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"value": "\x00"}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"value": "\ud800"}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"selected_option": EMPTY}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"selected_options": [LONG]}}}}}},
        {"view": {**VIEW, "state": {"values": {"name": {"name": {"selected_conversation": "C" + "0" * 50}}}}}},
        {"trigger_id": 1},
        {"channel": {"id": ["C1"]}},
        {"channel": {"id": "<!channel>"}},
    ],
)
async def test_what_slack_does_not_send_is_malformed(endpoint: Endpoint, said: dict[str, object]) -> None:
    body = urlencode({"payload": json.dumps({"type": "view_submission", "user": PERSON, **said})}).encode()
    assert await endpoint.send(body) == (400, {"error": "malformed_body"})


@pytest.mark.parametrize("who", [{"id": "U1"}, "", "<@U1>"])
async def test_an_event_without_a_person_s_id_is_malformed(endpoint: Endpoint, who: object) -> None:
    inner = {"type": "app_home_opened", "tab": "home", "user": who}
    body = json.dumps({"type": "event_callback", "team_id": endpoint.world.slack.team.id, "event": inner}).encode()
    assert await endpoint.send(body, JSON) == (400, {"error": "malformed_body"})


async def test_what_no_database_stores_is_malformed(endpoint: Endpoint) -> None:
    assert await endpoint.send(endpoint.command("list \x00")) == (400, {"error": "malformed_body"})
    assert await endpoint.send(endpoint.command("list NUL").replace(b"NUL", b"\x00")) == (
        400,
        {"error": "malformed_body"},
    )
    assert (await endpoint.send(endpoint.command("list \\u0000 😀")))[0] == 200


async def test_an_escape_may_itself_be_escaped(endpoint: Endpoint) -> None:
    view = {**VIEW, "state": {"values": {"name": {"name": {"value": "\x00"}}}}}
    body = urlencode({"payload": json.dumps({"type": "view_submission", "user": PERSON, "view": view})}).encode()
    assert await endpoint.send(body.replace(b"%5Cu", b"%5C%75")) == (400, {"error": "malformed_body"})


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=interactions | events | commands | anything)
async def test_no_signed_body_is_an_internal_error(endpoint: Endpoint, request: tuple[bytes, str]) -> None:
    status, _ = await endpoint.send(*request)
    assert status < 500
