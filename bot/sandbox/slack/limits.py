"""Slack's rate limits ("Rate limits", docs.slack.dev), as token buckets on the sandbox's clock."""

import math
from collections import Counter
from dataclasses import dataclass, field

from bot.sandbox.slack.errors import RateLimited
from bot.sandbox.slack.kinds import Clock


@dataclass(frozen=True)
class Rate:
    """So many calls a second in the long run, after a first `burst`."""

    per_second: float
    burst: int

    @classmethod
    def per_minute(cls, calls: int) -> "Rate":
        """One of Slack's tiers: `calls` a minute, which may all come at once."""
        return cls(calls / 60, calls)


TIER_2, TIER_3, TIER_4 = Rate.per_minute(20), Rate.per_minute(50), Rate.per_minute(100)

METHOD_TIERS = {
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
    "views.publish": TIER_4,
}
"""Per method and workspace. `chat.postMessage` has its own limits, and calls not named here have none."""


@dataclass
class Limits:
    """The limits in force. Each may be replaced or switched off (`None`, or `off()` for all)."""

    clock: Clock
    post_per_channel: Rate | None = Rate(1.0, 3)
    post_per_team: Rate | None = Rate(10.0, 300)
    per_method: dict[str, Rate] = field(default_factory=lambda: dict(METHOD_TIERS))
    violations: Counter[str] = field(default_factory=Counter)
    """How often a limit was broken, by what it is about: `chat.postMessage C…`, `views.open T…`, …"""
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def off(self) -> None:
        """No limits."""
        self.post_per_channel = self.post_per_team = None
        self.per_method = {}

    def call(self, method: str, team_id: str) -> None:
        """Count a call of a method; `RateLimited` when there were too many."""
        self._take(f"{method} {team_id}", self.per_method.get(method))

    def post(self, channel_id: str, team_id: str) -> None:
        """Count a message posted; `RateLimited` when there were too many."""
        self._take(f"chat.postMessage {channel_id}", self.post_per_channel)
        self._take(f"chat.postMessage {team_id}", self.post_per_team)

    def _take(self, key: str, rate: Rate | None) -> None:
        if rate is None:
            return
        now = self.clock()
        left, since = self._buckets.get(key, (float(rate.burst), now))
        left = min(float(rate.burst), left + (now - since) * rate.per_second)
        if left < 1:
            self.violations[key] += 1
            raise RateLimited(max(1, math.ceil((1 - left) / rate.per_second)), key)
        self._buckets[key] = (left - 1, now)
