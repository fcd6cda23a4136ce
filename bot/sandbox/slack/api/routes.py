"""The HTTP side of the Web API: who calls, may they, is it too often, and what is the answer."""

import secrets

from aiohttp import web

from bot.sandbox.faults import HELD_KEY
from bot.sandbox.slack.acts.responses import respond
from bot.sandbox.slack.api import chat, conversations, files, users, views
from bot.sandbox.slack.api.args import Args, read_args
from bot.sandbox.slack.api.method import Method, need
from bot.sandbox.slack.engine import Call, Engine
from bot.sandbox.slack.errors import RateLimited, SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Team

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}


class WebApi:
    """Answers `/api/{method}`, response URLs, and uploads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def routes(self) -> list[web.RouteDef]:
        """For the server."""
        return [
            web.post("/api/{method}", self._call),
            web.get("/api/{method}", self._call),
            web.post("/response/{token}", self._respond),
            web.post("/upload/v1/{token}", self._upload),
            web.get("/files/{id}/{name}", self._download),
            web.get("/link/", self._engine.line.sockets.serve),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        args: Json = {}
        team: Team | None = None
        error: SlackError | None = None
        body: Json = {}
        try:
            args = await read_args(request)
            method = METHODS.get(name)
            if method is None:
                raise SlackError("unknown_method", f"no method {name!r} in the sandbox", req_method=name)
            team = self._caller(method, _token(request, args))
            need(self._engine, *method.scopes)
            self._engine.limits.call(name, team.id)
            body = {"ok": True, **method.run(self._engine, team, Args(args))}
        except SlackError as refused:
            error, body = refused, refused.body()
        self._note(name, args, team, error, request.get(HELD_KEY, 0.0))
        return self._answer(body, error)

    def _caller(self, method: Method, token: str | None) -> Team:
        engine = self._engine
        if method.token == "none":
            return next(iter(engine.teams.values()))
        if token is None:
            raise SlackError("not_authed", "no token was sent")
        if method.token == "app" or token == engine.app_token:
            if method.token != "app" or token.startswith("xoxb-"):
                raise SlackError("not_allowed_token_type", "this method takes another kind of token")
            if not secrets.compare_digest(token.encode(), engine.app_token.encode()):
                raise SlackError("invalid_auth", "no such app-level token")
            return next(iter(engine.teams.values()))
        for team in engine.teams.values():
            if secrets.compare_digest(token.encode(), team.bot_token.encode()):
                if team.token_state != "active":
                    raise SlackError(team.token_state, f"the app was taken out of {team.name}")
                return team
        raise SlackError("invalid_auth", "no such bot token")

    def _note(self, name: str, args: Json, team: Team | None, error: SlackError | None, held: float) -> None:
        kept = {key: value for key, value in args.items() if key != "token"}
        team_id, code = (team.id if team else None), (error.code if error else None)
        self._engine.calls.append(Call(name, kept, team_id, code, self._engine.clock(), held))
        self._engine.changes.wake()

    def _answer(self, body: Json, error: SlackError | None) -> web.Response:
        headers = {"X-OAuth-Scopes": ",".join(sorted(self._engine.app.scopes))}
        if isinstance(error, RateLimited):
            headers["Retry-After"] = str(error.retry_after)
        return web.json_response(body, status=429 if isinstance(error, RateLimited) else 200, headers=headers)

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            args = await read_args(request)
            url = self._engine.response_urls.use(request.match_info["token"])
            respond(self._engine, url, args)
        except SlackError as error:
            status = 404 if error.code in ("no_such_url", "expired_url", "used_url") else 400
            return web.json_response(error.body(), status=status)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if request.content_type == "multipart/form-data":
            parts = (await request.post()).values()
            content = b"".join(part.file.read() for part in parts if isinstance(part, web.FileField))
        try:
            file = self._engine.files.receive(request.match_info["token"], content)
        except SlackError as error:
            return web.Response(status=400, text=str(error))
        return web.Response(text=f"OK - {file.length}")

    async def _download(self, request: web.Request) -> web.Response:
        try:
            file = self._engine.files.find(request.match_info["id"])
        except SlackError:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content, content_type=file.mimetype)


def _token(request: web.Request, args: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    given = args.get("token")
    return str(given) if given else None
