"""What a fuzz finds: each kind of problem once, with the first input that met it."""

import traceback
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from bot.errors import SlackRefused

UNTRUE = frozenset(
    (
        "channel_not_found",
        "exchanged_trigger_id",
        "invalid_trigger_id",
        "not_found",
        "push_limit_reached",
        "user_not_found",
        "view_not_found",
    )
)
"""What Slack says to ids that aren't: a request that names them, though it is signed, never came from Slack."""

_FAILED = ("listener_failed", "request failed", "worker failed", "inbox can't be written", "work was left to its lease")
_UNEXPECTED = "Unexpected error"


class Judge:
    """Problems by kind, and how often each was met."""

    def __init__(self) -> None:
        self._met: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    @property
    def problems(self) -> list[str]:
        """Each kind of problem, the most frequent first."""
        return [f"{count:,} × {kind} first at {self._first[kind]}" for kind, count in self._met.most_common()]

    def blame(self, kind: str, where: str) -> None:
        """One more problem of this kind."""
        self._met[kind] += 1
        self._first.setdefault(kind, where)

    def read(self, logged: Iterable[Mapping[str, Any]], where: str) -> None:
        """Finds the problems in the log."""
        for entry in logged:
            error, reason = entry.get("exc_info"), str(entry.get("reason", ""))
            if isinstance(error, SlackRefused) and error.code in UNTRUE:
                continue
            if entry["event"] in _FAILED or error or reason.startswith(_UNEXPECTED):
                origin = _origin(error) if isinstance(error, BaseException) else str(entry.get("origin", ""))
                about = f"{entry.get('type', '')} {entry.get('id', '')} {str(error or '')[:300]!r}"
                self.blame(f"{entry['event']}: {entry.get('error', '')} {reason} {origin}", f"{where} {about}")


def _origin(error: BaseException) -> str:
    """Where in Paylink it happened."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "site-packages" not in one.filename]
    ours = [f"{PurePath(one.filename).name}:{one.lineno}" for one in frames if "bot" in PurePath(one.filename).parts]
    code = error.code if isinstance(error, SlackRefused) else ""
    return " ".join((type(error).__name__, code, *ours[-2:]))
