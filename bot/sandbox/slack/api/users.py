"""`users.info`, `bots.info`, `auth.test`, `api.test` and `apps.connections.open`."""

from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.api.method import Method
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Team


def _user(engine: Engine, team: Team, args: Args) -> Json:
    user = team.user(args.text("user"))
    email = "users:read.email" in engine.app.scopes
    return {"user": user.payload(email=email, locale=args.flag("include_locale"))}


def _bot(engine: Engine, team: Team, args: Args) -> Json:
    if args.optional("bot") not in (None, team.bot_id):
        raise SlackError("bot_not_found", "the sandbox has one bot")
    bot = {"id": team.bot_id, "deleted": False, "name": engine.app.name, "updated": 0}
    return {"bot": bot | {"app_id": engine.app.id, "user_id": team.bot_user_id}}


def _auth(engine: Engine, team: Team, args: Args) -> Json:
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.users[team.bot_user_id].name,
        "team_id": team.id,
        "user_id": team.bot_user_id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def _test(engine: Engine, team: Team, args: Args) -> Json:
    if error := args.optional("error"):
        raise SlackError(error)
    return {"args": {key: value for key, value in args.given.items() if key != "token"}}


def _connect(engine: Engine, team: Team, args: Args) -> Json:
    return {"url": engine.line.sockets.ticket()}


METHODS = {
    "users.info": Method(_user, ("users:read",)),
    "bots.info": Method(_bot, ("users:read",)),
    "auth.test": Method(_auth),
    "api.test": Method(_test, token="none"),
    "apps.connections.open": Method(_connect, token="app"),
}
