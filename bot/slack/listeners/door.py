"""The one door. Every request of a person passes it: it finds out who that is, turns away those who may not edit, and
turns whatever goes wrong into a sentence with a reference that is also in the log."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.errors import NotAllowed, PaylinkError, SlackRefused
from bot.services.actors import require_editor
from bot.slack.listeners.telling import complain
from bot.slack.listeners.visit import Face, Json, Said, Visit, depth, modal, user_id
from bot.slack.ui.notice import notice_view

Listener = Callable[[AsyncAck, Json], Awaitable[BoltResponse | None]]
"""What Bolt calls: it acknowledges, or gives the whole response itself."""

Handler = Callable[[Visit], Awaitable[None]]

_TOO_LATE = frozenset({"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that Slack waits for. `ack` are the arguments of Bolt's `ack`; `then` goes on once it is given."""

    ack: Json = field(default_factory=dict)
    then: Callable[[], Awaitable[None]] | None = None


Replier = Callable[[Visit], Awaitable[Reply]]


def errors(found: Mapping[str, str]) -> Reply:
    """Keeps the modal open with an error at each of these blocks."""
    return Reply({"response_action": "errors", "errors": dict(found)})


def update(view: Json, then: Callable[[], Awaitable[None]] | None = None) -> Reply:
    """Puts another view in the place of the submitted one."""
    return Reply({"response_action": "update", "view": view}, then)


class Door:
    """Makes Bolt listeners out of handlers."""

    def __init__(self, face: Face) -> None:
        self._face = face

    def later(self, handler: Handler) -> Listener:
        """For commands, shortcuts, buttons and menus: Slack is answered at once, the work comes after."""

        async def listener(ack: AsyncAck, body: Json) -> None:
            await ack()
            self.start(handler, body)

        return listener

    def start(self, handler: Handler, body: Json) -> None:
        """Does the work, Slack having been answered."""

        async def work() -> None:
            await handler(await self._enter(body))

        with _referenced():
            self._face.background.spawn(self._carefully(work, body))

    def submission(self, replier: Replier) -> Listener:
        """For submitted modals: the answer may hold errors or the next view."""

        async def listener(ack: AsyncAck, body: Json) -> None:
            with _referenced():
                try:
                    reply = await replier(await self._enter(body))
                except Exception as error:
                    reply = _on_top(body, _sentence(error))
                await ack(**_at_fields(body, reply.ack))
                if reply.then is not None:
                    self._face.background.spawn(self._carefully(reply.then, body))

        return listener

    def options(self, picker: Callable[[Visit], Awaitable[list[Json]]]) -> Listener:
        """For menus whose options Slack asks of us; empty when something is wrong."""

        async def listener(ack: AsyncAck, body: Json) -> None:
            with _referenced():
                try:
                    found = await picker(await self._enter(body))
                except Exception as error:
                    _sentence(error)
                    found = []
                await ack(options=found)

        return listener

    def event(self, handler: Callable[[Face, Json], Awaitable[None]]) -> Listener:
        """For events, which nobody waits for: what goes wrong is only logged."""

        async def work(body: Json) -> None:
            try:
                await handler(self._face, Said(body))
            except Exception as error:
                _sentence(error)

        async def listener(ack: AsyncAck, body: Json) -> None:
            await ack()
            with _referenced():
                self._face.background.spawn(work(body))

        return listener

    async def _enter(self, body: Json) -> Visit:
        if body.get("command") and body.get("team_id") != self._face.settings.team_id:
            raise NotAllowed("Paylink isn't set up for your workspace.")
        actor = await self._face.services.members.actor(user_id(body))
        require_editor(actor)
        return Visit(self._face, actor, Said(body))

    async def _carefully(self, work: Callable[[], Awaitable[None]], body: Json) -> None:
        try:
            await work()
        except Exception as error:
            await complain(self._face.slack, body, _sentence(error))


@contextmanager
def _referenced() -> Iterator[None]:
    """A reference id for the request, unless the web server has given it one already."""
    known = structlog.contextvars.get_contextvars().get("reference")
    with structlog.contextvars.bound_contextvars(reference=known or token_hex(4)):
        yield


def _sentence(error: Exception) -> str:
    """What to tell the person. An error that is no sentence for people is logged, under the reference they are told."""
    if isinstance(error, SlackRefused) and error.code in _TOO_LATE:
        return "Slack waited too long to open the window. Please try again."
    if isinstance(error, PaylinkError) and not isinstance(error, SlackRefused):
        _log.info("told", kind=type(error).__name__)
        return str(error)
    _log.error("listener_failed", exc_info=error)
    reference = structlog.contextvars.get_contextvars().get("reference")
    return f"Something went wrong. Please try again; if it stays, tell your admin the reference {reference}."


def _at_fields(body: Json, answer: Json) -> Json:
    """The answer with each error at an input of the submitted view: what was picked may ask for other fields than those
    that are shown yet, and Slack refuses an answer about these."""
    if answer.get("response_action") != "errors":
        return answer
    shown = [block["block_id"] for block in body["view"].get("blocks", ()) if block.get("type") == "input"]
    found: dict[str, str] = {}
    for where, message in answer["errors"].items():
        found.setdefault(where if where in shown or not shown else shown[-1], message)
    return {**answer, "errors": found}


def _on_top(body: Json, text: str) -> Reply:
    """Says it on top of the submitted modal, which keeps what was typed; in its place when there is no room on top."""
    view: Any = modal(body) or {}
    return Reply({"response_action": "push" if depth(view) < 3 else "update", "view": notice_view("Paylink", text)})
