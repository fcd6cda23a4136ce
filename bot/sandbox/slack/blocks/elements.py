"""Block elements as tables ("Block elements", docs.slack.dev)."""

from typing import Any

from bot.sandbox.slack.blocks.objects import (
    CONFIRM,
    DISTINCT,
    ID,
    IMAGE_URL,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    RICH_OPTION,
    URL,
    plain_text,
)
from bot.sandbox.slack.blocks.schema import (
    Report,
    Rule,
    array,
    boolean,
    exactly_one,
    integer,
    obj,
    one_of,
    string,
    typed,
)

_COMMON: dict[str, Rule] = {"action_id": ID}
_FOCUS: dict[str, Rule] = {"focus_on_load": boolean}
_PLACEHOLDER: dict[str, Rule] = {"placeholder": plain_text(150)}
_MENU = _COMMON | _FOCUS | _PLACEHOLDER | {"confirm": CONFIRM}
_SLACK_ID = string(50, pattern=r"[A-Z][A-Z0-9]+", what="id")
_SLACK_IDS = array(_SLACK_ID, 1, 100)
_MAX_SELECTED: dict[str, Rule] = {"max_selected_items": integer(1, 100)}
_DATE = string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", what="date")
_TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d", what="time")
_NUMBER = string(50, pattern=r"-?\d+(\.\d+)?", what="number")
_FILTER = obj(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_CONVERSATIONS: dict[str, Rule] = {"default_to_current_conversation": boolean, "filter": _FILTER}
_RESPONSE_URL: dict[str, Rule] = {"response_url_enabled": boolean}
_DISPATCH_CONFIG = obj({"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1, 2)}, {})


def _all_options(element: dict[str, Any]) -> list[Any]:
    groups = element.get("option_groups", [])
    return list(element.get("options", [])) + [one for group in groups for one in group["options"]]


def _initial_among_options(element: Any, at: str, report: Report) -> None:
    options = _all_options(element)
    if "initial_option" in element and element["initial_option"] not in options:
        report.add(f"{at}/initial_option", "initial_option must match an option exactly")
    for index, one in enumerate(element.get("initial_options", [])):
        if one not in options:
            report.add(f"{at}/initial_options/{index}", "initial_options must match options exactly")


def _sensible_bounds(low: str, high: str, number: type[int] | type[float] = int) -> Rule:
    def check(element: Any, at: str, report: Report) -> None:
        if low in element and high in element and number(element[low]) > number(element[high]):
            report.add(at, f"{low} must not be greater than {high}")

    return check


_CHOICES = (_initial_among_options, DISTINCT)
_STATIC = (exactly_one("options", "option_groups"), *_CHOICES)
_STATIC_FIELDS: dict[str, Rule] = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_INPUT = _COMMON | _FOCUS | _PLACEHOLDER | {"dispatch_action_config": _DISPATCH_CONFIG}
_DATE_FIELDS = _COMMON | _FOCUS | {"confirm": CONFIRM}

IMAGE = typed("image", {"image_url": IMAGE_URL, "alt_text": string(2000)}, {})

BUTTON = typed(
    "button",
    {"text": plain_text(75)},
    _COMMON
    | {"value": string(2000), "url": URL, "style": one_of("primary", "danger"), "confirm": CONFIRM}
    | {"accessibility_label": string(75)},
)
OVERFLOW = typed("overflow", {"options": array(OVERFLOW_OPTION, 2, 5)}, _COMMON | {"confirm": CONFIRM}, [DISTINCT])

SELECTS: dict[str, Rule] = {
    "static_select": typed("static_select", {}, _MENU | _STATIC_FIELDS | {"initial_option": OPTION}, _STATIC),
    "external_select": typed(
        "external_select", {}, _MENU | {"initial_option": OPTION, "min_query_length": integer(0, 150)}
    ),
    "users_select": typed("users_select", {}, _MENU | {"initial_user": _SLACK_ID}),
    "conversations_select": typed(
        "conversations_select",
        {},
        _MENU | _CONVERSATIONS | _RESPONSE_URL | {"initial_conversation": _SLACK_ID},
    ),
    "channels_select": typed("channels_select", {}, _MENU | _RESPONSE_URL | {"initial_channel": _SLACK_ID}),
}
MULTI_SELECTS: dict[str, Rule] = {
    "multi_static_select": typed(
        "multi_static_select",
        {},
        _MENU | _MAX_SELECTED | _STATIC_FIELDS | {"initial_options": array(OPTION, 1, 100)},
        _STATIC,
    ),
    "multi_external_select": typed(
        "multi_external_select",
        {},
        _MENU | _MAX_SELECTED | {"initial_options": array(OPTION, 1, 100), "min_query_length": integer(0, 150)},
    ),
    "multi_users_select": typed("multi_users_select", {}, _MENU | _MAX_SELECTED | {"initial_users": _SLACK_IDS}),
    "multi_conversations_select": typed(
        "multi_conversations_select",
        {},
        _MENU | _MAX_SELECTED | _CONVERSATIONS | {"initial_conversations": _SLACK_IDS},
    ),
    "multi_channels_select": typed(
        "multi_channels_select", {}, _MENU | _MAX_SELECTED | {"initial_channels": _SLACK_IDS}
    ),
}
CHOICES: dict[str, Rule] = {
    "checkboxes": typed(
        "checkboxes",
        {"options": array(RICH_OPTION, 1, 10)},
        _COMMON | _FOCUS | {"confirm": CONFIRM, "initial_options": array(RICH_OPTION, 1, 10)},
        _CHOICES,
    ),
    "radio_buttons": typed(
        "radio_buttons",
        {"options": array(RICH_OPTION, 1, 10)},
        _COMMON | _FOCUS | {"confirm": CONFIRM, "initial_option": RICH_OPTION},
        _CHOICES,
    ),
    "datepicker": typed("datepicker", {}, _DATE_FIELDS | _PLACEHOLDER | {"initial_date": _DATE}),
    "timepicker": typed(
        "timepicker", {}, _DATE_FIELDS | _PLACEHOLDER | {"initial_time": _TIME, "timezone": string(100)}
    ),
    "datetimepicker": typed("datetimepicker", {}, _DATE_FIELDS | {"initial_date_time": integer(10**9, 10**10 - 1)}),
}
TYPED: dict[str, Rule] = {
    "plain_text_input": typed(
        "plain_text_input",
        {},
        _INPUT
        | {"initial_value": string(3000), "multiline": boolean}
        | {"min_length": integer(0, 3000), "max_length": integer(1, 3000)},
        [_sensible_bounds("min_length", "max_length")],
    ),
    "number_input": typed(
        "number_input",
        {"is_decimal_allowed": boolean},
        _INPUT | {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER},
        [_sensible_bounds("min_value", "max_value", float)],
    ),
    "email_text_input": typed("email_text_input", {}, _INPUT | {"initial_value": string(3000)}),
    "url_text_input": typed("url_text_input", {}, _INPUT | {"initial_value": string(3000)}),
}

IN_ACTIONS: dict[str, Rule] = {"button": BUTTON, "overflow": OVERFLOW, **SELECTS, **MULTI_SELECTS, **CHOICES}
IN_SECTION: dict[str, Rule] = {"image": IMAGE} | {n: rule for n, rule in IN_ACTIONS.items() if n != "datetimepicker"}
IN_INPUT: dict[str, Rule] = {**SELECTS, **MULTI_SELECTS, **CHOICES, **TYPED}
