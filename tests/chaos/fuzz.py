"""Strange input at every edge: a sentence or a refusal, never a 500.

The bodies are what both sandboxes really sent during a journey, changed, and signed properly most of the time.
"""

import hashlib
import hmac
import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.links import quick
from bot.money import AmountError, parse_amount
from bot.sandbox.slack.outgoing.line import Sent
from tests.chaos.mutants import dumped, scrambled, strange, words
from tests.conftest import Clock
from tests.harness import World, world
from tests.running.town import walk

CURRENCIES = ("eur", "usd", "jpy", "kwd", "isk", "huf")
UNSIGNED = 0.1
"""Which part of the requests carry a strange signature."""

Headers = dict[str, str]


@dataclass
class FuzzFigures:
    """`answers` counts by edge and answer; `problems` are inputs that met an error nobody meant."""

    inputs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def note(self, edge: str, answer: object) -> None:
        """One more input."""
        self.inputs += 1
        self.answers[f"{edge}: {answer}"] += 1


class Fuzz:
    """One run against a world in which a journey was made."""

    def __init__(self, town: World, http: ClientSession, seed: int) -> None:
        self.figures = FuzzFigures()
        self._town = town
        self._http = http
        self._random = Random(seed)
        self._base = str(town.slack.request_url).removesuffix("/slack/events")
        self._events = list(town.stripe.events.values())
        self._sent = list(town.slack.line.sent)
        self._secret = next(iter(town.stripe.account.endpoint_secrets.values()))

    async def one(self) -> None:
        """One input at an edge of our choice."""
        edge = self._random.choice((self._webhook, self._slack, self._view_state))
        await edge()
        self._line()
        self._amount()

    async def settle(self) -> None:
        """What was stored is handled to the end: done, ignored or dead."""
        inbox = self._town.paylink.inbox_worker
        while (due := await inbox.next_due()) is not None:
            self._town.clock.advance(max(0.0, due - self._town.clock()))
            await inbox.step()

    async def _webhook(self) -> None:
        event = {**strange(self._random.choice(self._events), self._random)}
        if "id" in event and self._random.random() < 0.7:
            event["id"] = f"evt_fuzz{self.figures.inputs}"
        body = dumped(event)
        if self._random.random() < 0.2:
            body = scrambled(body, self._random)
        digest = hmac.new(self._secret.encode(), f"{int(self._town.clock())}.".encode() + body, hashlib.sha256)
        header = f"t={int(self._town.clock())},v1={digest.hexdigest()}"
        if self._random.random() < UNSIGNED:
            header = scrambled(header.encode(), self._random).decode("latin-1")
        await self._post("/stripe/webhook", body, {"Stripe-Signature": header}, "webhook")

    async def _slack(self) -> None:
        sent = self._random.choice(self._sent)
        payload = strange(sent.payload, self._random)
        await self._send_slack(sent, payload, "slack")

    async def _view_state(self) -> None:
        views = [one for one in self._sent if one.payload.get("type") == "view_submission"]
        sent = self._random.choice(views)
        payload = strange({"values": sent.payload["view"]["state"]["values"]}, self._random)
        view = {**sent.payload["view"], "state": payload}
        await self._send_slack(sent, {**sent.payload, "view": view}, "view state")

    async def _send_slack(self, sent: Sent, payload: dict[str, Any], edge: str) -> None:
        content_type = "application/x-www-form-urlencoded"
        if sent.kind == "slash_commands":
            body = urlencode({key: _plain(value) for key, value in payload.items()}).encode()
        elif sent.kind == "events_api":
            body, content_type = dumped(payload), "application/json"
        else:
            body = urlencode({"payload": json.dumps(payload)}).encode()
        if self._random.random() < 0.1:
            body = scrambled(body, self._random)
        timestamp = str(int(self._town.clock()))
        base = b":".join((b"v0", timestamp.encode(), body))
        digest = hmac.new(self._town.slack.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        signature = f"v0={digest}"
        if self._random.random() < UNSIGNED:
            signature = scrambled(signature.encode(), self._random).decode("latin-1")
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
        }
        await self._post("/slack/events", body, headers, edge)

    async def _post(self, path: str, body: bytes, headers: Headers, edge: str) -> None:
        if not all(character.isprintable() for value in headers.values() for character in value):
            return  # No HTTP client sends these.
        async with self._http.post(f"{self._base}{path}", data=body, headers=headers) as answer:
            await answer.read()
            self.figures.note(edge, answer.status)
            if answer.status >= 500:
                self.figures.problems.append(f"{edge} {answer.status}: {body[:2000]!r}")
        await self._town.paylink.background.drain()

    def _line(self) -> None:
        text = words(self._random)
        try:
            quick.parse(text, self._random.choice(CURRENCIES))
        except quick.QuickError as refused:
            self.figures.note("quick line", type(refused).__name__)
        except Exception as error:
            self.figures.problems.append(f"quick line {text!r}: {error!r}")
        else:
            self.figures.note("quick line", "understood")

    def _amount(self) -> None:
        text, currency = words(self._random), self._random.choice(CURRENCIES)
        try:
            parse_amount(text, currency)
        except AmountError as refused:
            self.figures.note("amount", type(refused).__name__)
        except Exception as error:
            self.figures.problems.append(f"amount {text!r} {currency}: {error!r}")
        else:
            self.figures.note("amount", "understood")


def _plain(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else str(value)[:1000]


async def fuzz(database_url: str, inputs: int, seed: int) -> FuzzFigures:
    """So many inputs against a fresh, migrated database."""
    with capture_logs():
        return await _fuzz(database_url, inputs, seed)


async def _fuzz(database_url: str, inputs: int, seed: int) -> FuzzFigures:
    async with world(database_url, Clock()) as town, ClientSession() as http:
        town.slack.limits.off()
        await walk(town)
        run = Fuzz(town, http, seed)
        while run.figures.inputs < inputs:
            await run.one()
        await run.settle()
        return run.figures
