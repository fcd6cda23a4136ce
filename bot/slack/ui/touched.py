"""What somebody changed in a form since it was opened, so that what a colleague changed meanwhile isn't put back.

A form remembers its answers as fingerprints: the answers themselves are too long for what a view carries.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from bot.links.options.answers import Answer
from bot.links.options.base import Part
from bot.links.options.fields import leaves
from bot.links.options.lines import Keys
from bot.slack.ui.option_fields import MOST_TYPED

_LENGTH = 8


def fingerprints(part: type[Part], answers: Mapping[str, Answer]) -> dict[str, str]:
    """What to remember of the answers (by leaf path) that a form is opened with."""
    by_line = _by_line(part)
    return {path: _print(answer, lines=path in by_line) for path, answer in answers.items()}


def touched(
    part: type[Part], opened: Mapping[str, str], typed: Mapping[str, Answer], now: Mapping[str, Answer]
) -> dict[str, Answer]:
    """The answers by leaf path: as `typed` where they differ from those it was `opened` with, as they stand `now` where
    they don't. Of keys and values each line counts by itself."""
    by_line, found = _by_line(part), dict(now)
    for path, answer in typed.items():
        before = opened.get(path)
        if before is None:
            found[path] = answer
        elif before != _print(answer, lines=path in by_line):
            found[path] = _lines(before, answer, now.get(path)) if path in by_line else answer
    return found


def _lines(before: str, typed: Answer, now: Answer) -> Answer:
    """Lines that stand now, without those taken out, and with those that were written."""
    opened = {before[at : at + _LENGTH] for at in range(0, len(before), _LENGTH)}
    wanted = _split(typed)
    written = [line for line in wanted if _hash(line) not in opened]
    keys = {_key(line) for line in written}
    kept = [line for line in _split(now) if _key(line) not in keys and (_hash(line) not in opened or line in wanted)]
    return "\n".join([*kept, *written]) or None


def _by_line(part: type[Part]) -> set[str]:
    return {leaf.path for leaf in leaves(part) if isinstance(leaf.ask.lines, Keys)}


def _print(answer: Answer, *, lines: bool) -> str:
    """Slack shows no more than the beginning of a long text, so no more can have been changed."""
    if isinstance(answer, str):
        answer = answer[:MOST_TYPED].strip() or None
    if lines:
        return "".join(_hash(line) for line in _split(answer))
    return _hash(json.dumps(answer))


def _split(text: Answer) -> list[str]:
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


def _key(line: str) -> str:
    return line.partition("=")[0].strip()


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
