"""Strange input at every edge: a sentence or a refusal, never a 500, an unexpected error or a stuck worker.

The bodies are what both sandboxes really sent during a wide journey, changed, and signed properly most of the time.
What gets in is handled and rendered, and Slack judges what comes of it.
"""

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession, ServerDisconnectedError
from multidict import CIMultiDict
from structlog.testing import capture_logs
from yarl import URL

from bot.links import quick
from bot.money import AmountError, parse_amount
from bot.sandbox.slack.acts import forms
from bot.sandbox.slack.blocks.state import SHAPES
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.outgoing.http import FORM, Kind, encode, signature
from tests.chaos.good import GoodEvents, GoodRequests, good_requests
from tests.chaos.headers import Headers, strange_headers, strange_length
from tests.chaos.journey import journey
from tests.chaos.judge import Judge
from tests.chaos.mutants import TEXTS, dumped, odd, scrambled, strange, words
from tests.conftest import Clock
from tests.harness import World, world

CURRENCIES = ("eur", "usd", "jpy", "kwd", "isk", "huf")
WORK_EVERY = 200
"""After so many inputs the workers handle what got in."""

Json = dict[str, Any]
Logged = Sequence[MutableMapping[str, Any]]


@dataclass
class FuzzFigures:
    """`inputs` are HTTP requests and `pure` calls of the parsers of text; `answers` counts by edge and answer,
    `problems` are inputs that met an error nobody meant."""

    inputs: int = 0
    pure: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


class Fuzz:
    """One run against a world in which the journey was made."""

    def __init__(self, town: World, http: ClientSession, seed: int, requests: GoodRequests, logged: list[Any]) -> None:
        self.figures = FuzzFigures()
        self._town = town
        self._http = http
        self._seed = seed
        self._random = Random(seed)
        self._base = str(town.slack.request_url).removesuffix("/slack/events")
        self._events = GoodEvents(town)
        self._requests = requests
        self._logged = logged
        self._judge = Judge()
        self._secret = next(iter(town.stripe.account.endpoint_secrets.values()))
        self._edges: Sequence[tuple[str, int, Callable[[str], Awaitable[None]]]] = (
            ("webhook", 9, self._webhook),
            ("webhook bytes", 4, self._webhook_bytes),
            ("webhook headers", 4, self._webhook_headers),
            ("length", 1, self._length),
            ("slack", 3, self._slack),
            ("slack bytes", 4, self._slack_bytes),
            ("slack headers", 2, self._slack_headers),
            ("command", 2, self._command),
            ("view state", 3, self._view_state),
            ("view memory", 2, self._view_memory),
        )

    async def one(self) -> None:
        """One input at an edge of our choice, and one for each parser of text."""
        ((edge, _, send),) = self._random.choices(self._edges, [weight for _, weight, _ in self._edges])
        self.figures.inputs += 1
        await send(edge)
        await self._town.paylink.background.drain()
        self._read_log(edge)
        self._line()
        self._amount()
        if self.figures.inputs % WORK_EVERY == 0:
            await self.work()

    async def work(self, seconds: float = 5.0) -> None:
        """The workers handle and render what is due within so many seconds."""
        paylink, until = self._town.paylink, self._town.clock() + seconds
        while True:
            while await paylink.inbox_worker.step() or await paylink.card_worker.step():
                pass
            moments = await paylink.inbox_worker.next_due(), await paylink.card_worker.next_due()
            due = min((moment for moment in moments if moment is not None), default=until)
            if due >= until:
                break
            self._town.clock.advance(max(0.01, due - self._town.clock()))
        self._town.clock.advance(max(0.0, until - self._town.clock()))
        self._read_log("work")

    async def settle(self) -> FuzzFigures:
        """What was stored is handled to the end: done, ignored or dead."""
        while await self._town.paylink.inbox_worker.next_due() is not None:
            await self.work(1800.0)
        self.figures.problems = self._judge.problems
        return self.figures

    def fell(self, loop: asyncio.AbstractEventLoop, context: Json) -> None:
        """A task ended with an error that nobody has handled."""
        self._judge.blame(f"{context['message']} {context.get('exception')!r}"[:300], self._here("task"))

    def _read_log(self, edge: str) -> None:
        self._judge.read(self._logged, self._here(edge))
        self._logged.clear()

    def _here(self, edge: str, shown: object = "") -> str:
        return f"seed {self._seed}, input {self.figures.inputs}, {edge} {str(shown)[:1500]}".strip()

    async def _webhook(self, edge: str) -> None:
        await self._post_event(edge, dumped(self._event()))

    async def _webhook_bytes(self, edge: str) -> None:
        await self._post_event(edge, scrambled(dumped(self._event(changed=False)), self._random))

    async def _webhook_headers(self, edge: str) -> None:
        body = dumped(self._event(changed=False))
        await self._post(edge, "/stripe/webhook", body, strange_headers(self._stripe_headers(body), self._random))

    async def _length(self, edge: str) -> None:
        """A body that ends before or after its headers say, and then the connection."""
        body = dumped(self._event(changed=False))
        length = strange_length(body, self._random)
        named = [*self._stripe_headers(body), ("Content-Length", length), ("Connection", "close")]
        lines = ["POST /stripe/webhook HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in named)]
        at = URL(self._base)
        reader, writer = await asyncio.open_connection(at.host, at.port)
        writer.write("\r\n".join((*lines, "", "")).encode() + body)
        if length == str(len(body) + 9):
            writer.write_eof()
        answer = (await reader.read()).split(b" ")
        writer.close()
        status = answer[1].decode() if len(answer) > 1 else "closed"
        self.figures.answers[f"{edge}: {status}"] += 1
        if status.startswith("5"):
            self._judge.blame(f"{edge} {status}", self._here(edge, named))

    def _event(self, *, changed: bool = True) -> Json:
        event = dict(self._events.one(self._random))
        if changed and self._random.random() < 0.8:
            # What is in the object goes deeper into Paylink than what is around it.
            event["data"] = strange(event["data"], self._random)
        elif changed:
            event = strange(event, self._random)
        if "id" in event and self._random.random() < 0.9:
            event["id"] = f"evt_fuzz{self.figures.inputs}"
        return event

    async def _post_event(self, edge: str, body: bytes) -> None:
        await self._post(edge, "/stripe/webhook", body, self._stripe_headers(body))

    def _stripe_headers(self, body: bytes) -> Headers:
        now = str(int(self._town.clock()))
        digest = hmac.new(self._secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
        return [("Content-Type", "application/json"), ("Stripe-Signature", f"t={now},v1={digest}")]

    async def _slack(self, edge: str) -> None:
        kind, payload = await self._requests.one(self._random)
        await self._send(edge, kind, strange(payload, self._random))

    async def _slack_bytes(self, edge: str) -> None:
        kind, payload = await self._requests.one(self._random)
        # An address with another digit in it might be that of somebody's machine.
        content_type, body = _encoded(kind, {key: value for key, value in payload.items() if "response_url" not in key})
        body = scrambled(body, self._random)
        await self._post(edge, "/slack/events", body, self._slack_headers_of(content_type, body))

    async def _slack_headers(self, edge: str) -> None:
        content_type, body = _encoded(*await self._requests.one(self._random))
        headers = strange_headers(self._slack_headers_of(content_type, body), self._random)
        await self._post(edge, "/slack/events", body, headers)

    async def _command(self, edge: str) -> None:
        team, user = self._town.slack.engine.who(self._town.slack.person("ada").id)
        channel = self._town.slack.channel("sales").id
        text = words(self._random) if self._random.random() < 0.8 else odd("list Spring fair", self._random)
        payload = {
            "command": "/paylink",
            "text": _plain(text),
            "team_id": team.id,
            "channel_id": channel,
            "user_id": user.id,
            "trigger_id": self._town.slack.engine.triggers.give(user.id, team.id, channel_id=channel),
            "response_url": self._town.slack.engine.response_urls.give(team.id, user.id, channel),
        }
        await self._send(edge, "slash_commands", payload)

    async def _view_state(self, edge: str) -> None:
        kind, payload, view = await self._requests.submission(self._random)
        values = payload["view"]["state"]["values"]
        elements = [(key, one) for block in values.values() for key, one in block.items()]
        inputs = [block["element"] for block in view.blocks if block["type"] == "input"]
        longest = {element["action_id"]: element.get("max_length", 3000) for element in inputs}
        for key, element in self._random.sample(elements, min(len(elements), self._random.randint(1, 3))):
            self._answer(element, longest.get(key, 3000))
        await self._follow(edge, kind, payload, view)

    async def _view_memory(self, edge: str) -> None:
        """What the view carries, as nobody has written it, with some of the answers taken back."""
        kind, payload, view = await self._requests.remembering(self._random)
        memory = strange(json.loads(payload["view"]["private_metadata"]), self._random)
        payload["view"]["private_metadata"] = json.dumps(memory)
        for block in payload["view"]["state"]["values"].values():
            for element in block.values():
                if self._random.random() < 0.3:
                    shape = SHAPES[element["type"]]
                    element[shape.key] = shape.empty
        await self._follow(edge, kind, payload, view)

    async def _follow(self, edge: str, kind: Kind, payload: Json, view: View) -> None:
        """Slack does what the answer to a submit says."""
        answer = await self._send(edge, kind, payload)
        if answer is None or payload["type"] != "view_submission":
            return
        try:
            forms.follow(self._town.slack.engine, view, answer)
        except (AppError, SlackError) as error:
            seen = payload["view"]
            shown = f"{seen['callback_id']} {seen['private_metadata']} {seen['state']['values']} {answer}"
            self._judge.blame(
                f"{edge}: Slack refuses the answer to {view.sent['callback_id']}: {error}"[:300],
                self._here(edge, shown),
            )

    def _answer(self, element: Json, longest: int) -> None:
        """Another answer of the element's own kind, as long as Slack would let it be."""
        shape = SHAPES.get(element["type"])
        if shape is None:
            return
        text = self._random.choice((*TEXTS, words(self._random), words(self._random)))[:longest]
        option = {"text": {"type": "plain_text", "text": text[:75]}, "value": text[:75]}
        if self._random.random() < 0.15:
            element[shape.key] = shape.empty
        elif shape.key == "selected_date_time":
            element[shape.key] = self._random.choice((0, 1, 2**31, 10**10, 10**11, int(self._town.clock())))
        elif shape.key.startswith("selected_option"):
            element[shape.key] = [option] if shape.many else option
        else:
            element[shape.key] = [text] if shape.many else text

    async def _send(self, edge: str, kind: Kind, payload: Json) -> Json | str | None:
        content_type, body = _encoded(kind, payload)
        return await self._post(edge, "/slack/events", body, self._slack_headers_of(content_type, body))

    def _slack_headers_of(self, content_type: str, body: bytes) -> Headers:
        now = str(int(self._town.clock()))
        signed = signature(self._town.slack.signing_secret, now, body)
        return [("Content-Type", content_type), ("X-Slack-Request-Timestamp", now), ("X-Slack-Signature", signed)]

    async def _post(self, edge: str, path: str, body: bytes, headers: Headers) -> Json | str | None:
        """What the app answered, when it took the request."""
        try:
            status, content_type, said = await self._answered(path, body, headers)
        except (ClientError, ValueError) as error:
            self.figures.answers[f"{edge}: {type(error).__name__}"] += 1
            if isinstance(error, ServerDisconnectedError):
                self._judge.blame(f"{edge} without an answer", self._here(edge, body))
            return None
        self.figures.answers[f"{edge}: {status}"] += 1
        if status >= 500:
            self._judge.blame(f"{edge} {status}", self._here(edge, body))
        if status != 200:
            return None
        found: Json | str = json.loads(said) if said and content_type == "application/json" else said
        return found or {}

    async def _answered(self, path: str, body: bytes, headers: Headers) -> tuple[int, str, str]:
        """Status, content type and text. A connection that was closed after the answer before is made anew."""
        for last in (False, True):
            try:
                async with self._http.post(f"{self._base}{path}", data=body, headers=CIMultiDict(headers)) as answer:
                    return answer.status, answer.content_type, await answer.text()
            except ServerDisconnectedError:
                if last:
                    raise
        raise AssertionError

    def _line(self) -> None:
        text = words(self._random)
        try:
            quick.parse(text, self._random.choice(CURRENCIES))
        except quick.QuickError as refused:
            self._pure("quick line", type(refused).__name__)
        except Exception as error:
            self._judge.blame(f"quick line: {error!r}", self._here("quick line", repr(text)))
        else:
            self._pure("quick line", "understood")

    def _amount(self) -> None:
        text, currency = words(self._random), self._random.choice(CURRENCIES)
        try:
            parse_amount(text, currency)
        except AmountError as refused:
            self._pure("amount", type(refused).__name__)
        except Exception as error:
            self._judge.blame(f"amount: {error!r}", self._here("amount", f"{text!r} {currency}"))
        else:
            self._pure("amount", "understood")

    def _pure(self, edge: str, answer: str) -> None:
        self.figures.pure += 1
        self.figures.answers[f"{edge}: {answer}"] += 1


def _encoded(kind: Kind, payload: Json) -> tuple[str, bytes]:
    if kind == "slash_commands":
        return FORM, urlencode({key: _plain(value) for key, value in payload.items()}).encode()
    return encode(kind, payload)


def _plain(value: Any) -> str:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else str(value)[:1000]


async def fuzz(database_url: str, inputs: int, seed: int) -> FuzzFigures:
    """So many requests against a fresh, migrated database."""
    with capture_logs() as logged:
        async with world(database_url, Clock(), paylink_connect=True) as town, ClientSession() as http:
            town.slack.limits.off()
            await journey(town)
            run = Fuzz(town, http, seed, await good_requests(town, database_url), logged)
            logged.clear()
            asyncio.get_running_loop().set_exception_handler(run.fell)
            while run.figures.inputs < inputs:
                await run.one()
            return await run.settle()
