"""How a person's answer becomes the state of an element, by the element's type."""

from typing import Any

from bot.sandbox.slack.acts import actions
from bot.sandbox.slack.blocks.state import SHAPES
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.screen import Spot
from bot.sandbox.slack.workspace import Team

_PEOPLE = ("users_select", "multi_users_select")
_CHANNELS = ("channels_select", "conversations_select", "multi_channels_select", "multi_conversations_select")
_TYPED = ("plain_text_input", "number_input", "email_text_input", "url_text_input")


def takes_many(spot: Spot) -> bool:
    """Whether several values may be chosen."""
    return SHAPES[spot.element["type"]].many


def is_external(spot: Spot) -> bool:
    """Whether the app supplies the options."""
    return spot.element["type"] in ("external_select", "multi_external_select")


def dispatches(spot: Spot) -> bool:
    """Whether Slack tells the app of a new value at once, without Enter."""
    if spot.element["type"] in _TYPED:
        config = spot.element.get("dispatch_action_config", {})
        each_key = "on_character_entered" in config.get("trigger_actions_on", [])
        return each_key and actions.dispatches(spot.block)
    return actions.dispatches(spot.block)


def words(value: Any) -> list[str]:
    """What has to be searched for."""
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def state(team: Team, spot: Spot, value: Any) -> Json:
    """The state of an element with this answer; the answer's shapes are those of `Person.fill`."""
    kind = spot.element["type"]
    shape = SHAPES[kind]
    if value is None:
        return {"type": kind, shape.key: shape.empty}
    if shape.many:
        return {"type": kind, shape.key: [_one(team, spot, one) for one in words(value)]}
    return {"type": kind, shape.key: _one(team, spot, value)}


def external(spot: Spot, value: Any, offered: list[Json]) -> Json:
    """The same for an external select, with the options that the app offered."""
    kind = spot.element["type"]
    shape = SHAPES[kind]
    if value is None:
        return {"type": kind, shape.key: shape.empty}
    chosen = [_among(offered, word) for word in words(value)]
    return {"type": kind, shape.key: chosen if shape.many else chosen[0]}


def _among(offered: list[Json], word: str) -> Json:
    for option in offered:
        if word in (option["text"]["text"], option["value"]):
            return option
    starts = [option for option in offered if word.lower() in option["text"]["text"].lower()]
    if len(starts) == 1:
        return starts[0]
    texts = [option["text"]["text"] for option in offered]
    raise SlackError("no_such_option", f"{word!r} is not one of the options offered: {texts}")


def _one(team: Team, spot: Spot, value: Any) -> Any:
    kind = spot.element["type"]
    if "options" in spot.element or "option_groups" in spot.element:
        return spot.option(value)
    if kind in _PEOPLE:
        return team.user(value).id
    if kind in _CHANNELS:
        return _conversation(team, kind, value)
    return value if kind == "datetimepicker" else str(value)


def _conversation(team: Team, kind: str, value: str) -> str:
    """A channel's id; where conversations are asked for, also a person's, for direct messages not begun yet."""
    people = {user.name: user.id for user in team.people()} if "conversations" in kind else {}
    return people.get(value) or team.channel(value).id
