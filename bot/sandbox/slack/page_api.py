"""The page's own endpoints: what the browser asks for and does, and the stream of what changes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.sandbox.slack.acts import actions, commands, forms, options, shortcuts, talking
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.kinds import Json

PAGE = Path(__file__).parent / "page"

Act = Callable[[Json], Awaitable[Json]]


class PageApi:
    """Answers `/`, `/static/…` and `/client/…`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.links: dict[str, str] = {}
        """Further pages that the page shows links to, such as `dashboard`."""

    def routes(self) -> list[web.AbstractRouteDef]:
        """For the server."""
        acts: dict[str, Act] = {
            "command": self._command,
            "message": self._message,
            "action": self._action,
            "options": self._options,
            "view/submit": self._submit,
            "view/close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
            "invite": self._invite,
            "read": self._read,
        }
        return [
            web.get("/", self._index),
            web.get("/archives/{channel}/{ts}", self._archives),
            web.static("/static", PAGE),
            web.get("/client/state", self._state),
            web.get("/client/messages", self._messages),
            web.get("/client/events", self._events),
            *(web.post(f"/client/{name}", _answering(act)) for name, act in acts.items()),
        ]

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _archives(self, request: web.Request) -> web.StreamResponse:
        """Where permalinks lead."""
        raise web.HTTPFound(f"/?channel={request.match_info['channel']}")

    async def _state(self, request: web.Request) -> web.Response:
        engine = self._engine
        try:
            team, me = engine.who(request.query.get("user") or self._first_person())
        except SlackError as error:
            return _refusal(error)
        bot = {"bot_user_id": team.bot_user_id, "description": engine.app.description}
        shortcut_keys = ("type", "callback_id", "name")
        state = {
            "ok": True,
            "team": {"id": team.id, "name": team.name, "domain": team.domain},
            "me": me.page(),
            "users": [user.page() for user in team.users.values()],
            "channels": talking.channels_page(team, me.id),
            "commands": [
                {key: known.get(key, "") for key in ("command", "description", "usage_hint")}
                for known in engine.app.commands
            ],
            "shortcuts": [{key: known[key] for key in shortcut_keys} for known in engine.app.shortcuts],
            "app": {"id": engine.app.id, "name": engine.app.name, **bot},
            "links": self.links,
        }
        return web.json_response(state)

    def _first_person(self) -> str:
        return next(iter(self._engine.teams.values())).people()[0].id

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            _, user, channel = self._engine.channel_for(request.query["user"], request.query["channel"])
        except SlackError as error:
            return _refusal(error)
        posted = self._engine.messages.seen_by(channel, user.id)
        return web.json_response({"ok": True, "messages": [one.payload() for one in posted]})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        try:
            _, user = self._engine.who(request.query.get("user", ""))
        except SlackError as error:
            return _refusal(error)
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        tab = self._engine.changes.open_tab(user.id)
        self._engine.views.show(user.id)
        self._engine.views.show(user.id, home=True)
        try:
            while (event := await tab.get()) is not None:
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self._engine.changes.close_tab(tab)
        return response

    async def _command(self, body: Json) -> Json:
        await commands.run_command(self._engine, body["user"], body["channel"], body["text"], body.get("thread_ts"))
        return {}

    async def _message(self, body: Json) -> Json:
        message = talking.write(self._engine, body["user"], body["channel"], body["text"], body.get("thread_ts"))
        return {"message": message}

    async def _action(self, body: Json) -> Json:
        where = (body["user"], body["container"], body["block_id"], body["action_id"])
        await actions.act(self._engine, *where, body, body.get("state"))
        return {}

    async def _options(self, body: Json) -> Json:
        where = (body["user"], body["container"], body["block_id"], body["action_id"])
        return await options.suggest(self._engine, *where, body.get("value", ""))

    async def _submit(self, body: Json) -> Json:
        errors = await forms.submit(self._engine, body["user"], body["view_id"], body.get("state"))
        return {"ok": False, "error": "errors", "errors": errors} if errors else {}

    async def _close(self, body: Json) -> Json:
        await forms.close(self._engine, body["user"], body["view_id"], clear=bool(body.get("clear")))
        return {}

    async def _shortcut(self, body: Json) -> Json:
        where = (body.get("channel"), body.get("ts"))
        await shortcuts.run_shortcut(self._engine, body["user"], body["callback_id"], *where)
        return {}

    async def _home(self, body: Json) -> Json:
        talking.open_home(self._engine, body["user"])
        return {}

    async def _invite(self, body: Json) -> Json:
        talking.invite_app(self._engine, body["user"], body["channel"])
        return {}

    async def _read(self, body: Json) -> Json:
        self._engine.channel_for(body["user"], body["channel"])
        return {}


def _answering(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """One act as an endpoint: JSON in, JSON out, errors in words."""

    async def answer(request: web.Request) -> web.Response:
        try:
            body: Any = await request.json()
            return web.json_response({"ok": True, **await act(body)})
        except (ValueError, KeyError, TypeError) as error:
            return _refusal(SlackError("invalid_arguments", f"{type(error).__name__}: {error}"))
        except SlackError as error:
            return _refusal(error)
        except AppError as error:
            trouble = {"ok": False, "error": "app_error", "message": "We had some trouble connecting. Try again?"}
            return web.json_response({**trouble, "code": error.code, "reason": error.reason})

    return answer


def _refusal(error: SlackError) -> web.Response:
    return web.json_response({"ok": False, "error": error.code, "message": error.reason})
