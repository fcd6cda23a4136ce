"""Whom a message notifies, by Slack's mention syntax ("Formatting text for app surfaces", docs.slack.dev)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MENTION = re.compile(r"<(?:!(channel|here|everyone)|!(subteam\^\w+)|@([UW]\w+))(?:\|[^<>]*)?>")


@dataclass(frozen=True)
class Notification:
    """`whom` is `channel`, `here`, `everyone`, `subteam^S…` or a user id."""

    channel: str
    ts: str
    whom: str


def mentions(text: str, blocks: list[Any]) -> list[str]:
    """Everyone whom the text or the blocks mention, each once, in order."""
    found = [name for part in (text, *_mrkdwn(blocks)) for name in _in_text(part)]
    return list(dict.fromkeys([*found, *_in_rich_text(blocks)]))


def _in_text(text: str) -> Iterator[str]:
    return (next(group for group in match.groups() if group) for match in _MENTION.finditer(text))


def _walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def _mrkdwn(blocks: list[Any]) -> Iterator[str]:
    return (part["text"] for part in _walk(blocks) if part.get("type") in ("mrkdwn", "markdown"))


def _in_rich_text(blocks: list[Any]) -> Iterator[str]:
    for part in _walk(blocks):
        if part.get("type") == "user" and "user_id" in part:
            yield part["user_id"]
        elif part.get("type") == "broadcast" and "range" in part:
            yield part["range"]
