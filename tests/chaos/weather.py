"""Faults that come and go by chance, on both sandboxes."""

from collections.abc import Callable
from random import Random

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.sandbox import Sandbox

Match = Callable[[str, str], bool]

RARELY, NOW_AND_THEN = 0.004, 0.012


class Weather:
    """`begin` and `end` it; the sun shines otherwise."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        self._sandbox = sandbox
        self._random = Random(seed)
        self._rules: list[tuple[Faults, Fault]] = []

    def begin(self) -> None:
        """429 with and without work done, 500 and 503, slow answers, connections cut before and after the work."""
        slack, stripe = self._sandbox.slack.faults, self._sandbox.stripe.faults
        for faults, prefix in ((slack, "/api/chat."), (slack, "/api/conversations."), (stripe, "/v1/")):
            self._trouble(faults, prefix)

    def end(self) -> None:
        """No more of it."""
        for faults, rule in self._rules:
            faults.remove(rule)
        self._rules.clear()

    @property
    def struck(self) -> int:
        """How many requests had trouble so far."""
        return sum(rule.struck for _, rule in self._rules)

    def _trouble(self, faults: Faults, prefix: str) -> None:
        often, seldom = self._chance(prefix, NOW_AND_THEN), self._chance(prefix, RARELY)
        self._rules += [
            (faults, faults.add(seldom, "latency", seconds=12.0, times=None)),
            (faults, faults.add(often, "latency", seconds=0.7, times=None)),
            (faults, faults.add(often, "status", status=500, times=None)),
            (faults, faults.add(seldom, "status", status=503, times=None)),
            (faults, faults.add(seldom, "status", status=429, headers={"Retry-After": "2"}, times=None)),
            (faults, faults.add(often, "drop_before", times=None)),
            (faults, faults.add(often, "drop_after", times=None)),
        ]

    def _chance(self, prefix: str, part: float) -> Match:
        return lambda method, path: path.startswith(prefix) and self._random.random() < part
