"""Block Kit, one small builder per block, element and object ("Blocks" and "Block elements", docs.slack.dev).

Builders cut every text at Slack's limit, so that no content can break a view.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bot.slack.ids import Action
from bot.slack.ui import text as words

Json = dict[str, Any]

MAX_VIEW_BLOCKS = 100
MAX_OPTIONS = 100
MAX_DIGITS = 50
OPTION_TEXT = 75
OPTION_VALUE = 150


def plain(text: str, limit: int = 3000) -> Json:
    """A `plain_text` object; `emoji: false` leaves `:words:` in colons as they are."""
    return {"type": "plain_text", "text": words.lines(text, limit), "emoji": False}


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Json],
    *,
    submit: str | None = None,
    close: str = "Close",
    private_metadata: str = "",
) -> Json:
    """A modal view."""
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "private_metadata": private_metadata,
        "blocks": list(blocks)[:MAX_VIEW_BLOCKS],
    }
    return view | {"submit": plain(submit, 24)} if submit else view


def header(text: str) -> Json:
    return {"type": "header", "text": plain(words.line(text, 150))}


def divider() -> Json:
    return {"type": "divider"}


def section(text: str, *, block_id: str | None = None, accessory: Json | None = None) -> Json:
    """Literal text, with a menu or button beside it."""
    return _named({"type": "section", "text": plain(text)} | ({"accessory": accessory} if accessory else {}), block_id)


def context(text: str) -> Json:
    """Small print."""
    return {"type": "context", "elements": [plain(text, 2000)]}


def actions(elements: Sequence[Json], *, block_id: str | None = None) -> Json:
    return _named({"type": "actions", "elements": list(elements)}, block_id)


def field(
    label: str,
    element: Json,
    *,
    block_id: str,
    hint: str = "",
    optional: bool = False,
    dispatch: bool = False,
) -> Json:
    """An input block. With `dispatch`, a change is sent at once."""
    block: Json = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    block |= {"optional": optional, "dispatch_action": dispatch}
    return block | {"hint": plain(hint, 2000)} if hint else block


def button(
    text: str,
    action: Action,
    value: str = "",
    *,
    url: str | None = None,
    style: str | None = None,
    confirm: Json | None = None,
) -> Json:
    extras = {"value": value, "url": url, "style": style, "confirm": confirm}
    element: Json = {"type": "button", "action_id": action, "text": plain(text, 75)}
    return element | {name: extra for name, extra in extras.items() if extra}


def overflow(action: Action, entries: Iterable[tuple[str, str]]) -> Json:
    """A menu of (text, value), two to five."""
    return {"type": "overflow", "action_id": action, "options": [option(text, value) for text, value in entries]}


def option(text: str, value: str, description: str = "") -> Json:
    entry: Json = {"text": plain(words.line(text, OPTION_TEXT)), "value": value}
    return entry | {"description": plain(words.line(description, OPTION_TEXT))} if description else entry


def answered(options: Iterable[Json]) -> list[Json]:
    """Options for a menu that asks for them: as many as Slack takes, without those whose value is too long for it. One
    too many or too long, and the menu would have none."""
    return [one for one in options if words.width(one["value"]) <= OPTION_VALUE][:MAX_OPTIONS]


def text_input(
    action: Action,
    *,
    initial: str = "",
    placeholder: str = "",
    max_length: int | None = None,
    multiline: bool = False,
) -> Json:
    element: Json = {"type": "plain_text_input", "action_id": action, "multiline": multiline}
    extras = {"initial_value": initial[:3000], "placeholder": _placeholder(placeholder)}
    limit = {"max_length": min(max_length, 3000)} if max_length else {}
    return element | {name: extra for name, extra in extras.items() if extra} | limit


def number_input(
    action: Action, *, initial: str = "", minimum: int | None = None, maximum: int | None = None, placeholder: str = ""
) -> Json:
    """Whole numbers; Slack takes and gives them as strings, and refuses to start with anything else."""
    extras = {
        "initial_value": initial if _is_number(initial) else "",
        "min_value": None if minimum is None else str(minimum),
        "max_value": None if maximum is None else str(maximum),
        "placeholder": _placeholder(placeholder),
    }
    element: Json = {"type": "number_input", "action_id": action, "is_decimal_allowed": False}
    return element | {name: extra for name, extra in extras.items() if extra}


def select(action: Action, options: Sequence[Json], *, initial: str | None = None, placeholder: str = "") -> Json:
    """A menu of fixed options; `initial` is the value of the one already picked."""
    return _picked("static_select", action, options, initial) | _with_placeholder(placeholder)


def radio_buttons(action: Action, options: Sequence[Json], *, initial: str | None = None) -> Json:
    return _picked("radio_buttons", action, options, initial)


def checkbox(action: Action, text: str, *, checked: bool) -> Json:
    """One box to tick; its value is `yes`."""
    options = [option(text, "yes")]
    element: Json = {"type": "checkboxes", "action_id": action, "options": options}
    return element | {"initial_options": options} if checked else element


def checkboxes(action: Action, options: Sequence[Json], *, chosen: Collection[str]) -> Json:
    """Boxes to tick, at most ten; `chosen` are the values of those ticked already."""
    element: Json = {"type": "checkboxes", "action_id": action, "options": list(options)}
    ticked = [one for one in options if one["value"] in chosen]
    return element | {"initial_options": ticked} if ticked else element


def external_select(action: Action, *, initial: Json | None = None, placeholder: str = "") -> Json:
    """A menu whose options are asked of us as the person types."""
    element: Json = {"type": "external_select", "action_id": action, "min_query_length": 0}
    return element | ({"initial_option": initial} if initial else {}) | _with_placeholder(placeholder)


def multi_external_select(
    action: Action, *, initial: Sequence[Json] = (), placeholder: str = "", most: int | None = None
) -> Json:
    """Like `external_select`, for several, up to `most`, or as many as Slack takes."""
    element: Json = {"type": "multi_external_select", "action_id": action, "min_query_length": 0}
    element |= {"initial_options": list(initial)[:MAX_OPTIONS]} if initial else {}
    return element | {"max_selected_items": most or MAX_OPTIONS} | _with_placeholder(placeholder)


def conversations_select(action: Action, *, initial: str | None = None, placeholder: str = "") -> Json:
    element: Json = {"type": "conversations_select", "action_id": action}
    return element | ({"initial_conversation": initial} if initial else {}) | _with_placeholder(placeholder)


def datetime_picker(action: Action, *, initial: int | None = None) -> Json:
    """A day and a time, in seconds since the epoch. Slack begins with none that has fewer or more than ten digits."""
    element: Json = {"type": "datetimepicker", "action_id": action}
    begins = initial is not None and 10**9 <= initial < 10**10
    return element | ({"initial_date_time": initial} if begins else {})


def confirm(title: str, text: str, yes: str, no: str = "Cancel", style: str = "danger") -> Json:
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
        "style": style,
    }


def _picked(kind: str, action: Action, options: Sequence[Json], initial: str | None) -> Json:
    element: Json = {"type": kind, "action_id": action, "options": list(options)}
    picked = next((one for one in options if one["value"] == initial), None)
    return element | {"initial_option": picked} if picked else element


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS


def _placeholder(text: str) -> Json | None:
    return plain(text, 150) if text else None


def _with_placeholder(text: str) -> Json:
    return {"placeholder": plain(text, 150)} if text else {}


def _named(block: Json, block_id: str | None) -> Json:
    return block | {"block_id": block_id} if block_id else block
