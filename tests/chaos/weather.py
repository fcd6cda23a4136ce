"""Faults that come and go by chance, on both sandboxes."""

from collections import Counter
from collections.abc import Callable
from random import Random

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.sandbox import Sandbox

Match = Callable[[str, str], bool]

RARELY, NOW_AND_THEN, OFTEN = 0.004, 0.012, 0.1
TOO_SLOW = {"Slack": 12.0, "Stripe": 25.0}
"""Seconds that are longer than the app waits for an answer: it gives up, and the work is done all the same."""

MAKING = "/v1/payment_links"


class Weather:
    """`begin` and `end` it; the sun shines otherwise. `struck` counts the requests that had trouble, by its name."""

    def __init__(self, sandbox: Sandbox, random: Random) -> None:
        self.struck = Counter[str]()
        self._sandbox = sandbox
        self._random = random
        self._rules: list[tuple[str, Faults, Fault]] = []

    def begin(self) -> None:
        """429, 500 and 503 without the work done, answers that come slowly or too late, connections cut before or after
        the work."""
        slack, stripe = self._sandbox.slack.faults, self._sandbox.stripe.faults
        self._trouble_makers(stripe)
        for side, faults, prefix in (
            ("Slack", slack, "/api/chat."),
            ("Slack", slack, "/api/conversations."),
            ("Stripe", stripe, "/v1/"),
        ):
            self._trouble(side, faults, prefix)

    def end(self) -> None:
        """No more of it."""
        for name, faults, rule in self._rules:
            faults.remove(rule)
            self.struck[name] += rule.struck
        self._rules.clear()

    def _trouble(self, side: str, faults: Faults, prefix: str) -> None:
        often, seldom = self._chance(prefix, NOW_AND_THEN), self._chance(prefix, RARELY)
        for name, rule in (
            ("does the work, and answers too late", faults.add(seldom, "latency", seconds=TOO_SLOW[side], times=None)),
            ("is slow", faults.add(often, "latency", seconds=0.7, times=None)),
            ("500", faults.add(often, "status", status=500, times=None)),
            ("503", faults.add(seldom, "status", status=503, times=None)),
            ("429", faults.add(seldom, "status", status=429, headers={"Retry-After": "2"}, times=None)),
            ("drops the connection before the work", faults.add(often, "drop_before", times=None)),
            ("drops the connection after the work", faults.add(often, "drop_after", times=None)),
        ):
            self._rules.append((f"{side}: {name}", faults, rule))

    def _trouble_makers(self, stripe: Faults) -> None:
        """A link is made seldom, so its making meets trouble often."""
        chance = self._random

        def making(method: str, path: str) -> bool:
            return (method, path) == ("POST", MAKING) and chance.random() < OFTEN

        for name, rule in (
            ("drops the connection after making a link", stripe.add(making, "drop_after", times=None)),
            ("500 instead of making a link", stripe.add(making, "status", status=500, times=None)),
        ):
            self._rules.append((f"Stripe: {name}", stripe, rule))

    def _chance(self, prefix: str, part: float) -> Match:
        return lambda method, path: path.startswith(prefix) and self._random.random() < part
