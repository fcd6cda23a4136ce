"""Ids and timestamps: deterministic, unique, and in the shapes that Slack uses."""

import hashlib
from collections import Counter

from bot.sandbox.slack.kinds import Clock


class Ids:
    """Counts up per prefix, so that a run repeated gives the same ids."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[str] = Counter()
        self._last_micros = 0

    def new(self, prefix: str) -> str:
        """An id such as `U000000001` or `V000000001`."""
        self._counts[prefix] += 1
        return f"{prefix}{self._counts[prefix]:09d}"

    def short(self) -> str:
        """What Slack gives a block without a `block_id` or an element without an `action_id`."""
        return digest("block", self._count("short"))[:5]

    def ts(self) -> str:
        """A message timestamp: the clock in seconds with six decimals, strictly increasing."""
        self._last_micros = max(self._last_micros + 1, int(self._clock() * 1_000_000))
        return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def trigger(self) -> str:
        """A `trigger_id`."""
        number = self._count("trigger")
        return f"{number}.{4_000_000 + number}.{digest('trigger', number)}"

    def view_hash(self) -> str:
        """The `hash` of a view, new with each change."""
        number = self._count("hash")
        return f"{int(self._clock())}.{digest('hash', number)[:8]}"

    def token(self, kind: str) -> str:
        """A long opaque name, for URLs and tickets."""
        return digest(kind, self._count(kind))

    def _count(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]


def digest(kind: str, number: int) -> str:
    """32 hexadecimal digits that depend on the arguments only."""
    return hashlib.sha256(f"sandbox {kind} {number}".encode()).hexdigest()[:32]
