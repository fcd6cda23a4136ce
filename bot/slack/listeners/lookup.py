"""One Bolt listener for many ids.

Bolt asks its listeners one after the other, and gathers all of a request's arguments anew for each that it asks. So
each kind of request has one listener, and an id is looked up in a table behind it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from re import Pattern

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.slack.listeners.door import Listener
from bot.slack.listeners.visit import Json


def any_of(ids: Iterable[str]) -> Pattern[str]:
    """A constraint for Bolt: these ids and no others. What isn't among them stays unhandled, as Bolt handles that."""
    return re.compile(rf"\A(?:{'|'.join(map(re.escape, ids))})\Z")


def by(read: Callable[[Json], str], listeners: Mapping[str, Listener]) -> Listener:
    """The listener that leaves a request to the one with its id, which `read` finds in the request's body."""

    async def listener(ack: AsyncAck, body: Json) -> BoltResponse | None:
        return await listeners[read(body)](ack, body)

    return listener
