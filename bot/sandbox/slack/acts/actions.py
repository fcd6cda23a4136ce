"""Acting on an element: buttons, menus, and inputs that dispatch ("Block actions", docs.slack.dev)."""

from typing import Any

from bot.sandbox.slack.acts.common import ask, own_view
from bot.sandbox.slack.blocks.complete import find_element
from bot.sandbox.slack.blocks.state import SHAPES, Values, enter
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.outgoing import payloads


async def act(
    engine: Engine, user_id: str, container: Json, block_id: str, action_id: str, fields: Json, state: Any = None
) -> None:
    """A person acts on an element; returns when the app has acknowledged.

    `container` is `{"type": "view", "view_id"}` or `{"type": "message", "channel", "ts"}`; `fields` hold the
    element's new value in Slack's action fields, `state` what else stands in the view's inputs.
    """
    if container.get("type") == "view":
        payload = _on_view(engine, user_id, container, block_id, action_id, fields, state)
    else:
        payload = _on_message(engine, user_id, container, block_id, action_id, fields)
    await ask(engine, user_id, payload)


def _on_view(
    engine: Engine, user_id: str, container: Json, block_id: str, action_id: str, fields: Json, state: Any
) -> Json:
    view = own_view(engine, user_id, container["view_id"])
    if state is not None:
        engine.views.enter(view, state)
    block, element = _dispatching(view.blocks, block_id, action_id)
    view.values = _with_choice(view.blocks, view.values, block, element, fields)
    value = _value(view.values, block, element, fields)
    if view.sent["type"] == "modal" and engine.views.stack(user_id)[-1] is not view:
        raise SlackError("not_on_top", "another modal is on top of this one")
    return {
        **payloads.interaction("block_actions", view.team, view.user, engine.app.id),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": engine.triggers.give(user_id, view.team.id, channel_id=view.channel_id, view_id=view.id),
        "view": view.payload(),
        "actions": [payloads.action(block_id, element, value, engine.ids.ts())],
    }


def _on_message(engine: Engine, user_id: str, container: Json, block_id: str, action_id: str, fields: Json) -> Json:
    team, user, channel = engine.channel_for(user_id, container["channel"])
    posted = engine.messages.find(channel, container["ts"])
    if posted.only_for not in (None, user_id):
        raise SlackError("message_not_found", "this message is for someone else")
    message = posted.message
    blocks = message.get("blocks", [])
    block, element = _dispatching(blocks, block_id, action_id)
    posted.values = _with_choice(blocks, posted.values, block, element, fields)
    value = _value(posted.values, block, element, fields)
    ephemeral = posted.only_for is not None
    thread_ts = message.get("thread_ts")
    return {
        **payloads.interaction("block_actions", team, user, engine.app.id),
        "container": payloads.message_container(channel, message["ts"], ephemeral=ephemeral, thread_ts=thread_ts),
        "trigger_id": engine.triggers.give(user.id, team.id, channel_id=channel.id),
        "channel": payloads.channel_part(channel),
        **({} if ephemeral else {"message": posted.payload()}),
        "state": {"values": posted.values},
        "response_url": engine.response_urls.give(team.id, user.id, channel.id, message["ts"]),
        "actions": [payloads.action(block_id, element, value, engine.ids.ts())],
    }


def dispatches(block: Json) -> bool:
    """Whether Slack tells the app when an element of this block is used."""
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def _dispatching(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    found = find_element(blocks, block_id, action_id)
    if found is None:
        raise SlackError("invalid_action", f"nothing to act on at {block_id}/{action_id}")
    if not dispatches(found[0]):
        raise SlackError("invalid_action", f"{block_id} is an input block without dispatch_action")
    return found


def _with_choice(blocks: list[Json], values: Values, block: Json, element: Json, fields: Json) -> Values:
    shape = SHAPES.get(element["type"])
    if shape is None or shape.key not in fields:
        return values
    state = {"type": element["type"], shape.key: fields[shape.key]}
    return enter(blocks, values, {block["block_id"]: {element["action_id"]: state}})


def _value(values: Values, block: Json, element: Json, fields: Json) -> Json:
    if element["type"] == "overflow":
        return payloads.overflow_choice(element, fields)
    if element["type"] not in SHAPES:
        return {}
    state = values[block["block_id"]][element["action_id"]]
    return {key: value for key, value in state.items() if key != "type"}
