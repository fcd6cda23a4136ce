"""A view's inputs as Slack would send them back: `state.values`, from the initial values of its elements."""

from typing import Any

from tests.slack.limits import Json


def state_of(view: Json, **changed: Any) -> Json:
    """The state of an untouched view; `changed` gives other element states by action id."""
    values: Json = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            action = str(element["action_id"])
            values[block["block_id"]] = {action: changed.get(action, _initial(element))}
    return values


def typed(value: str | None) -> Json:
    return {"type": "plain_text_input", "value": value}


def picked(value: str, text: str = "Picked") -> Json:
    return {"type": "static_select", "selected_option": {"value": value, "text": {"type": "plain_text", "text": text}}}


def ticked(*, yes: bool) -> Json:
    return {"type": "checkboxes", "selected_options": [{"value": "yes"}] if yes else []}


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind == "checkboxes":
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ("multi_static_select", "multi_external_select"):
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind in ("static_select", "radio_buttons", "external_select"):
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind == "datetimepicker":
        return {"type": kind, "selected_date_time": element.get("initial_date_time")}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": element.get("initial_conversation")}
    return {"type": kind, "value": element.get("initial_value")}
