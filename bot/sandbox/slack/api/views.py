"""`views.*`."""

from typing import Any

from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.api.method import Method
from bot.sandbox.slack.blocks.check import check_view
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Team


def _definition(args: Args) -> Any:
    view = args.json("view")
    if view is None:
        raise SlackError("invalid_arguments", messages=["missing required field: view"])
    return view


def _open(engine: Engine, team: Team, args: Args) -> Json:
    trigger = engine.triggers.look(args.text("trigger_id"), team.id)
    definition = check_view(_definition(args), "modal")
    view = engine.views.open(team, team.user(trigger.user_id), definition, trigger.channel_id)
    trigger.exchanged = True
    return {"view": view.payload()}


def _push(engine: Engine, team: Team, args: Args) -> Json:
    trigger = engine.triggers.look(args.text("trigger_id"), team.id)
    definition = check_view(_definition(args), "modal")
    if trigger.view_id is None:
        raise SlackError("invalid_trigger_id", "views.push needs a trigger_id from within a modal")
    view = engine.views.push(engine.views.find(trigger.view_id), definition)
    trigger.exchanged = True
    return {"view": view.payload()}


def _update(engine: Engine, team: Team, args: Args) -> Json:
    definition = _definition(args)
    view_id, external_id = args.optional("view_id"), args.optional("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments", messages=["missing required field: view_id or external_id"])
    view = engine.views.find(view_id, external_id, team.id)
    engine.views.update(view, definition, args.optional("hash"))
    return {"view": view.payload()}


def _publish(engine: Engine, team: Team, args: Args) -> Json:
    user = team.user(args.text("user_id"))
    view = engine.views.publish(team, user, _definition(args), args.optional("hash"))
    return {"view": view.payload()}


METHODS = {
    "views.open": Method(_open),
    "views.push": Method(_push),
    "views.update": Method(_update),
    "views.publish": Method(_publish),
}
