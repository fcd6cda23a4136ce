"""The front door of validation: a message's blocks, a view, message metadata."""

import json
from typing import Any

from bot.sandbox.slack.blocks.layout import BLOCKS, ONLY_IN_MESSAGES, check_ids
from bot.sandbox.slack.blocks.objects import ID, plain_text
from bot.sandbox.slack.blocks.schema import Report, Rule, array, boolean, by_type, string, typed
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json

MAX_VIEW_BYTES = 250_000
MAX_MESSAGE_TEXT = 12_000
"""Characters of text in all blocks of a message. Slack's own limit is near 13,000 and not documented."""
MAX_METADATA_BYTES = 8_000

_MESSAGE_BLOCKS = array(by_type({**BLOCKS, **ONLY_IN_MESSAGES}), 0, 50)


def _submit_for_inputs(view: Any, at: str, report: Report) -> None:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        report.add(at, "missing required field: submit, as the view has input blocks")


def _unique_ids(view: Any, at: str, report: Report) -> None:
    check_ids(view["blocks"], f"{at}/blocks", report)


_STRINGS: dict[str, Rule] = {
    "callback_id": string(255, min_length=0),
    "private_metadata": string(3000, min_length=0),
    "external_id": string(255, min_length=0),
}
_MODAL = typed(
    "modal",
    {"title": plain_text(24), "blocks": array(by_type(BLOCKS), 1, 100)},
    _STRINGS
    | {"submit": plain_text(24), "close": plain_text(24)}
    | {"clear_on_close": boolean, "notify_on_close": boolean},
    [_submit_for_inputs, _unique_ids],
)
_HOME = typed("home", {"blocks": array(by_type(BLOCKS), 1, 100)}, _STRINGS | {"external_id": ID}, [_unique_ids])


def check_view(view: Any, kind: str) -> Json:
    """The view, when it is a right `modal` or `home`; `invalid_arguments` or `view_too_large` otherwise."""
    report = Report()
    by_type({"modal": _MODAL} if kind == "modal" else {"home": _HOME})(view, "/view", report)
    if report.messages:
        head = "failed to match all allowed schemas [json-pointer:/view]"
        raise SlackError("invalid_arguments", messages=[head, *report.messages])
    if len(json.dumps(view).encode()) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large", f"a view has at most {MAX_VIEW_BYTES} bytes")
    checked: Json = view
    return checked


def check_blocks(blocks: Any) -> list[Json]:
    """A message's blocks, when they are right; `invalid_blocks`… or `msg_blocks_too_long` otherwise."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format", "blocks must be an array")
    report = Report()
    _MESSAGE_BLOCKS(blocks, "/blocks", report)
    if not report.messages:
        check_ids(blocks, "/blocks", report)
    if report.messages:
        raise SlackError("invalid_blocks", messages=report.messages)
    if text_length(blocks) > MAX_MESSAGE_TEXT:
        raise SlackError("msg_blocks_too_long", f"more than {MAX_MESSAGE_TEXT} characters of text in blocks")
    return blocks


def text_length(value: Any) -> int:
    """The characters of all `text` strings within."""
    if isinstance(value, list):
        return sum(text_length(inner) for inner in value)
    if isinstance(value, dict):
        own = value.get("text")
        rest = sum(text_length(inner) for inner in value.values())
        return rest + (len(own) if isinstance(own, str) else 0)
    return 0


def check_metadata(metadata: Any) -> Json:
    """Message metadata ("Message metadata", docs.slack.dev): an `event_type` and a flat `event_payload`."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format", "metadata has an event_type and an event_payload")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_schema", "event_type is a string and event_payload an object")
    if len(json.dumps(metadata).encode()) > MAX_METADATA_BYTES:
        raise SlackError("metadata_too_large", f"metadata has at most {MAX_METADATA_BYTES} bytes")
    return metadata
