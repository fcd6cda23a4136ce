"""Which listener a request is for, found by its kind and its id.

Bolt would ask its own listeners one after the other, and gathers all arguments that any listener might take anew for
each that it asks, and once more for the one that it calls. That is half of what dispatching a slash command takes.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request import payload_utils
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack.listeners.door import Listener
from bot.slack.listeners.visit import Json


@dataclass(frozen=True, slots=True)
class Kind:
    """Requests of one kind: whether a body is of it, and the id in such a body."""

    fits: Callable[[Json], bool]
    id: Callable[[Json], str]


COMMAND = Kind(payload_utils.is_slash_command, lambda body: str(body["command"]))
ACTION = Kind(payload_utils.is_block_actions, lambda body: str(body["actions"][0]["action_id"]))
SUBMISSION = Kind(payload_utils.is_view_submission, lambda body: str(body["view"]["callback_id"]))
SUGGESTION = Kind(payload_utils.is_block_suggestion, lambda body: str(body["action_id"]))
SHORTCUT = Kind(payload_utils.is_shortcut, lambda body: str(body["callback_id"]))
EVENT = Kind(payload_utils.is_event, lambda body: str(body["event"]["type"]))


class Lookup(AsyncMiddleware):
    """The last of Bolt's middleware: it leaves a request to its listener. What has none stays to be handled by Bolt,
    which says that nobody does."""

    def __init__(self, listeners: Iterable[tuple[Kind, Mapping[str, Listener]]]) -> None:
        """By kind and by id. A body is of the first kind that it fits."""
        self._listeners = tuple(listeners)

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        listener = self._find(req.body)
        if listener is None:
            return await next()
        ack = req.context.ack
        return await listener(ack, req.body) or ack.response

    def _find(self, body: Json) -> Listener | None:
        for kind, by_id in self._listeners:
            if kind.fits(body):
                return by_id.get(kind.id(body))
        return None
