"""Composition objects: text, options, confirm dialogs ("Composition objects", docs.slack.dev)."""

from typing import Any

from bot.sandbox.slack.blocks.schema import Report, Rule, array, boolean, by_type, obj, one_of, string, typed

ID = string(255)
URL = string(3000, pattern=r"[A-Za-z][A-Za-z0-9+.-]*:[^\s]+", what="url")
IMAGE_URL = string(3000, pattern=r"https?://[^\s]+", what="image url")


def plain_text(max_length: int) -> Rule:
    """A `plain_text` object."""
    return typed("plain_text", {"text": string(max_length)}, {"emoji": boolean})


def mrkdwn(max_length: int) -> Rule:
    """A `mrkdwn` object."""
    return typed("mrkdwn", {"text": string(max_length)}, {"verbatim": boolean})


def any_text(max_length: int) -> Rule:
    """Either kind of text."""
    return by_type({"plain_text": plain_text(max_length), "mrkdwn": mrkdwn(max_length)})


def option(text: Rule) -> Rule:
    """One option of a select, radio buttons or checkboxes."""
    return obj({"text": text, "value": string(150)}, {"description": plain_text(75)})


OPTION = option(plain_text(75))
RICH_OPTION = obj({"text": any_text(75), "value": string(150)}, {"description": any_text(75)})
OVERFLOW_OPTION = obj({"text": plain_text(75)}, {"value": string(150), "description": plain_text(75), "url": URL})


def _distinct_values(value: Any, at: str, report: Report) -> None:
    """Slack takes two options of one value; which of them is selected can't be told, so the sandbox does not."""
    options = value.get("options", [])
    options = options + [one for group in value.get("option_groups", []) for one in group["options"]]
    values = [one["value"] for one in options if "value" in one]
    if len(set(values)) < len(values):
        report.add(at, "options must have distinct values")


OPTIONS = array(OPTION, 1, 100)
OPTION_GROUP = obj({"label": plain_text(75), "options": OPTIONS}, {})
OPTION_GROUPS = array(OPTION_GROUP, 1, 100)
DISTINCT: Rule = _distinct_values

CONFIRM = obj(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)
