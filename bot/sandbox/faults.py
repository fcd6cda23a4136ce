"""Faults on demand for any sandbox server: latency, error statuses, connections cut before or after the work."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Match = Callable[[str, str], bool]
Kind = Literal["latency", "status", "drop_before", "drop_after"]

FAULT_KEY: web.RequestKey[str] = web.RequestKey("sandbox_fault", str)
"""Where a request says which kind of fault befell it (`request.get(FAULT_KEY)`)."""

HELD_KEY: web.RequestKey[float] = web.RequestKey("sandbox_held", float)
"""Where a request says for how many seconds a fault has held it back."""


@dataclass
class Fault:
    """One rule. `times` counts down as it strikes; `None` means until removed."""

    match: Match
    kind: Kind
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    times: int | None = 1
    body: object | None = None
    holding: bytes = b""
    struck: int = 0

    def strikes(self, method: str, path: str, sent: bytes) -> bool:
        """Whether this rule still applies and is about this request."""
        return self.times != 0 and self.match(method, path) and self.holding in sent

    def spend(self) -> None:
        """Count one strike."""
        self.struck += 1
        if self.times is not None:
            self.times -= 1


class Faults:
    """The faults of one server; `middleware` goes into its aiohttp application.

    `error_body(status)` makes the JSON body of a `status` fault, in the manner of the API being played.
    """

    def __init__(self, error_body: Callable[[int], object]) -> None:
        self._error_body = error_body
        self._rules: list[Fault] = []

    def add(
        self,
        match: Match | str,
        kind: Kind,
        *,
        status: int = 500,
        headers: Mapping[str, str] | None = None,
        seconds: float = 0.0,
        times: int | None = 1,
        body: object | None = None,
        holding: str = "",
        ahead: bool = False,
    ) -> Fault:
        """Arrange a fault for the next `times` matching requests (`None`: all) and return the rule.

        `match` is `callable(method, path)` or `"POST /v1/payment_links"`; a trailing `*` matches any rest. Only
        requests whose body, as it was sent, has `holding` in it are meant.
        `latency` waits `seconds`, then does the work; `status` answers at once without doing the work;
        `drop_before` cuts the connection without doing the work; `drop_after` does the work, then cuts it.
        The first rule that matches strikes (this one comes `ahead` of those that are there, or after them), and latency
        may come before one other.
        """
        if kind not in get_args(Kind):
            raise ValueError(f"unknown kind of fault: {kind!r}")
        rule = Fault(_matcher(match), kind, status, dict(headers or {}), seconds, times, body, holding.encode())
        self._rules.insert(0 if ahead else len(self._rules), rule)
        return rule

    def remove(self, rule: Fault) -> None:
        """Take one rule away; does nothing when it is gone already."""
        if rule in self._rules:
            self._rules.remove(rule)

    def clear(self) -> None:
        """Take all rules away."""
        self._rules.clear()

    def _take(self, request: web.Request, sent: bytes, *, latency: bool) -> Fault | None:
        for rule in self._rules:
            if (rule.kind == "latency") is latency and rule.strikes(request.method, request.path, sent):
                rule.spend()
                request[FAULT_KEY] = rule.kind
                return rule
        return None

    @property
    def middleware(self) -> Middleware:
        """The aiohttp middleware that makes the faults happen."""

        @web.middleware
        async def strike(request: web.Request, handler: Handler) -> web.StreamResponse:
            sent = await request.read() if any(rule.holding for rule in self._rules) else b""
            if slow := self._take(request, sent, latency=True):
                await asyncio.sleep(slow.seconds)
                request[HELD_KEY] = slow.seconds
            fault = self._take(request, sent, latency=False)
            if fault is None:
                return await handler(request)
            if fault.kind == "status":
                body: Any = fault.body if fault.body is not None else self._error_body(fault.status)
                return web.json_response(body, status=fault.status, headers=fault.headers)
            if fault.kind == "drop_after":
                await handler(request)
            return _cut(request)

        return strike


def _matcher(match: Match | str) -> Match:
    if callable(match):
        return match
    wanted_method, _, wanted_path = match.partition(" ")
    if not wanted_path.startswith("/"):
        raise ValueError(f"a fault matches 'METHOD /path', not {match!r}")

    def matches(method: str, path: str) -> bool:
        if wanted_method not in ("*", method):
            return False
        if wanted_path.endswith("*"):
            return path.startswith(wanted_path[:-1])
        return path == wanted_path

    return matches


def _cut(request: web.Request) -> web.Response:
    """Close the socket; the response returned has nowhere to go, which aiohttp ignores."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
