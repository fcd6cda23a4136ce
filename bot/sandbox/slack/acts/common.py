"""What all acts share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.outgoing import payloads
from bot.sandbox.slack.outgoing.http import Answer, Kind
from bot.sandbox.slack.workspace import Team

TROUBLE = "We had some trouble connecting. Try again?"


@asynccontextmanager
async def pending(engine: Engine, user_id: str) -> AsyncIterator[None]:
    """Show the person that something is awaited."""
    engine.changes.tell([user_id], {"type": "pending", "pending": True})
    try:
        yield
    finally:
        engine.changes.tell([user_id], {"type": "pending", "pending": False})


def toast(engine: Engine, user_id: str, text: str) -> None:
    """A short notice on the person's screen."""
    engine.changes.tell([user_id], {"type": "toast", "text": text})


async def ask(engine: Engine, user_id: str, payload: Json, kind: Kind = "interactive") -> Answer:
    """Send to the app while the person waits; an `AppError` is shown as a toast, noted and raised."""
    async with pending(engine, user_id):
        try:
            return await engine.line.send(kind, payload)
        except AppError as error:
            toast(engine, user_id, TROUBLE)
            raise engine.blame(error) from None


def own_view(engine: Engine, user_id: str, view_id: str) -> View:
    """An open view of this person; `not_found` otherwise."""
    view = engine.views.find(view_id)
    if view.user.id != user_id:
        raise SlackError("not_found", f"{view_id} is someone else's view")
    return view


def emit(engine: Engine, team: Team, inner: Json, *, shared: bool = False) -> asyncio.Future[None]:
    """Send an event to the app, when its manifest subscribes to it.

    It is on its way by itself; who awaits the result waits for the first attempt.
    """
    if inner["type"] not in engine.app.events:
        nothing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        nothing.set_result(None)
        return nothing
    event_id = engine.ids.new("Ev")
    stamped = {**inner, "event_ts": engine.ids.ts()}
    at = int(engine.clock())
    return engine.line.post_event(payloads.event(team, engine.app.id, event_id, stamped, at, shared=shared))
