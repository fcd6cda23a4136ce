"""`view.state.values`: how the value of each kind of input looks, and how it lives through an update of the view."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.blocks.layout import elements_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json

Values = dict[str, dict[str, Json]]
"""`{block_id: {action_id: {"type": …, "value" | "selected_option" | …: …}}}`."""


@dataclass(frozen=True)
class Shape:
    """Where an element keeps its value, what stands there when it has none, and where its first value comes from."""

    key: str
    initial: str
    many: bool = False

    @property
    def empty(self) -> Any:
        """The value of an element nobody has touched."""
        return [] if self.many else None


_TEXT = Shape("value", "initial_value")
_OPTION = Shape("selected_option", "initial_option")
_OPTIONS = Shape("selected_options", "initial_options", many=True)

SHAPES: dict[str, Shape] = {
    "plain_text_input": _TEXT,
    "number_input": _TEXT,
    "email_text_input": _TEXT,
    "url_text_input": _TEXT,
    "static_select": _OPTION,
    "external_select": _OPTION,
    "radio_buttons": _OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": Shape("selected_user", "initial_user"),
    "multi_users_select": Shape("selected_users", "initial_users", many=True),
    "channels_select": Shape("selected_channel", "initial_channel"),
    "multi_channels_select": Shape("selected_channels", "initial_channels", many=True),
    "conversations_select": Shape("selected_conversation", "initial_conversation"),
    "multi_conversations_select": Shape("selected_conversations", "initial_conversations", many=True),
    "datepicker": Shape("selected_date", "initial_date"),
    "timepicker": Shape("selected_time", "initial_time"),
    "datetimepicker": Shape("selected_date_time", "initial_date_time"),
}
"""Elements with a state. Buttons and overflow menus have none."""


def initial_values(blocks: list[Json], kept: Values, conversation: str | None) -> Values:
    """The values of a view just opened or updated.

    An input of the same `block_id`, `action_id` and type keeps what was in it and ignores a new initial value; all
    others start afresh. `conversation` is where the person was, for `default_to_current_conversation`.
    """
    values: Values = {}
    for block in blocks:
        for _, element in elements_of(block):
            if element["type"] in SHAPES:
                state = _first_state(element, conversation)
                old = kept.get(block["block_id"], {}).get(element["action_id"])
                if old is not None and old["type"] == element["type"] and _still_offered(element, old):
                    state = old
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _first_state(element: Json, conversation: str | None) -> Json:
    shape = SHAPES[element["type"]]
    value = element.get(shape.initial, shape.empty)
    if not value and conversation and element.get("default_to_current_conversation"):
        value = [conversation] if shape.many else conversation
    return {"type": element["type"], shape.key: value}


def options_of(element: Json) -> list[Json]:
    """The options an element offers by itself, in groups or not."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(one for group in groups for one in group["options"])]


def _still_offered(element: Json, state: Json) -> bool:
    """A choice that the new element no longer offers can't be kept."""
    if "options" not in element and "option_groups" not in element:
        return True
    chosen = state[SHAPES[element["type"]].key]
    chosen = chosen if isinstance(chosen, list) else [chosen] if chosen else []
    return all(one in options_of(element) for one in chosen)


def enter(blocks: list[Json], current: Values, given: Any) -> Values:
    """What a person has typed and chosen, laid over the current values.

    Values for inputs that are not (or no longer) there are left out, as a page may lag behind an update. A value of
    a wrong shape is `invalid_state`.
    """
    values = {block_id: dict(actions) for block_id, actions in current.items()}
    for block in blocks:
        for _, element in elements_of(block):
            state = (given or {}).get(block["block_id"], {}).get(element["action_id"])
            if state is not None and element["type"] in SHAPES:
                values[block["block_id"]][element["action_id"]] = _checked(element, state)
    return values


def _checked(element: Json, state: Any) -> Json:
    shape = SHAPES[element["type"]]
    name = element["action_id"]
    if not isinstance(state, dict) or state.get("type", element["type"]) != element["type"]:
        raise SlackError("invalid_state", f"{name} is a {element['type']}, not {state!r}")
    value = state.get(shape.key, shape.empty)
    if shape.many and not isinstance(value, list):
        raise SlackError("invalid_state", f"{shape.key} of {name} is a list, not {value!r}")
    if shape is _TEXT:
        if value is not None and not isinstance(value, str):
            raise SlackError("invalid_state", f"the value of {name} is a string, not {value!r}")
        value = value or None
    offered = options_of(element)
    if offered:
        chosen = value if shape.many else [value] if value else []
        for one in chosen:
            if one not in offered:
                raise SlackError("invalid_state", f"{name} offers no option {one!r}")
    return {"type": element["type"], shape.key: value}
