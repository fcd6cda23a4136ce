"""What Slack's clients check before they send a form, with their words."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from bot.sandbox.slack.blocks.state import SHAPES, Values
from bot.sandbox.slack.kinds import Json

REQUIRED = "Please complete this required field."

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://[^\s]+")


def mistakes(blocks: list[Json], values: Values) -> dict[str, str]:
    """The errors of a form by `block_id`; empty when it can be sent."""
    errors: dict[str, str] = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            state = values[block["block_id"]][element["action_id"]]
            value = state[SHAPES[element["type"]].key]
            if error := _mistake(block, element, value):
                errors[block["block_id"]] = error
    return errors


def _mistake(block: Json, element: Json, value: object) -> str | None:
    if not value:
        return None if block.get("optional", False) else REQUIRED
    if isinstance(value, list):
        most = element.get("max_selected_items", len(value))
        return f"Please select at most {most} items." if len(value) > most else None
    check = _CHECKS.get(element["type"])
    return check(element, str(value)) if check else None


def _text(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter no more than {most} characters."
    return None


def _number(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return "Please enter a valid number."
    if not number.is_finite():
        return "Please enter a valid number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number that is at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number that is at most {element['max_value']}."
    return None


def _email(element: Json, value: str) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."


def _url(element: Json, value: str) -> str | None:
    return None if _URL.fullmatch(value) else "Please enter a valid URL."


_CHECKS: dict[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
