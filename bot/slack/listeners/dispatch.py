"""From a request of Slack's to its listener: one look-up, the same for HTTP and Socket Mode."""

import json
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto
from typing import Any

Json = dict[str, Any]

Listener = Callable[[Json], Awaitable[bytes]]
"""Takes the body of a request and gives the body of the answer: JSON, or nothing."""

ACKNOWLEDGED = b""
"""Slack is told no more than that the request came."""


class Kind(Enum):
    """What Slack asks of an app."""

    COMMAND = auto()
    SHORTCUT = auto()
    ACTION = auto()
    SUBMISSION = auto()
    OPTIONS = auto()
    EVENT = auto()


Request = tuple[Kind, str]
"""A kind, and the name by which we know this one: a command, an event's type, a callback or action id."""


class Dispatch:
    """Knows every listener by the request it is for."""

    def __init__(self, listeners: Mapping[Request, Listener]) -> None:
        self._listeners = listeners

    async def __call__(self, body: Json) -> bytes | None:
        """The body of the answer to Slack; None when no listener is there.

        `body` is a verified one: a command's fields, an interaction's payload or an event's envelope.
        """
        request = named(body)
        listener = self._listeners.get(request) if request is not None else None
        return None if listener is None else await listener(body)


def encoded(answer: Json) -> bytes:
    """The answer as it goes to Slack; an empty one only acknowledges."""
    return json.dumps(answer).encode() if answer else ACKNOWLEDGED


def named(body: Json) -> Request | None:
    """Which request this is ("Interaction payloads", "The Events API", "Slash commands"); None for one that has no
    name we could know."""
    found = _named(body)
    return found if found is not None and isinstance(found[1], str) else None


def _named(body: Json) -> tuple[Kind, Any] | None:
    match body:
        case {"type": "block_actions", "actions": [{"action_id": name}, *_]}:
            return Kind.ACTION, name
        case {"type": "view_submission", "view": {"callback_id": name}}:
            return Kind.SUBMISSION, name
        case {"type": "block_suggestion", "action_id": name}:
            return Kind.OPTIONS, name
        case {"type": "shortcut" | "message_action", "callback_id": name}:
            return Kind.SHORTCUT, name
        case {"type": "event_callback", "event": {"type": name}}:
            return Kind.EVENT, name
        case {"command": name}:
            return Kind.COMMAND, name
    return None


async def acknowledge(_body: Json) -> bytes:
    """The listener for what needs no more than that."""
    return ACKNOWLEDGED
