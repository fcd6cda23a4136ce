"""Layout blocks as tables, and the rules that hold between the blocks of one surface ("Blocks", docs.slack.dev)."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.blocks.elements import IMAGE, IN_ACTIONS, IN_INPUT, IN_SECTION
from bot.sandbox.slack.blocks.objects import ID, IMAGE_URL, any_text, mrkdwn, plain_text
from bot.sandbox.slack.blocks.rich_text import RICH_TEXT
from bot.sandbox.slack.blocks.schema import Report, Rule, array, boolean, by_type, string, typed
from bot.sandbox.slack.kinds import Json

_BLOCK_ID: dict[str, Rule] = {"block_id": ID}


def _text_or_fields(block: Any, at: str, report: Report) -> None:
    if "text" not in block and "fields" not in block:
        report.add(at, "must define either `text` or `fields`")


BLOCKS: dict[str, Rule] = {
    "section": typed(
        "section",
        {},
        _BLOCK_ID
        | {"text": any_text(3000), "fields": array(any_text(2000), 1, 10), "expand": boolean}
        | {"accessory": by_type(IN_SECTION)},
        [_text_or_fields],
    ),
    "header": typed("header", {"text": plain_text(150)}, _BLOCK_ID),
    "divider": typed("divider", {}, _BLOCK_ID),
    "context": typed(
        "context",
        {"elements": array(by_type({"image": IMAGE, "plain_text": plain_text(2000), "mrkdwn": mrkdwn(2000)}), 1, 10)},
        _BLOCK_ID,
    ),
    "actions": typed("actions", {"elements": array(by_type(IN_ACTIONS), 1, 25)}, _BLOCK_ID),
    "input": typed(
        "input",
        {"label": plain_text(2000), "element": by_type(IN_INPUT)},
        _BLOCK_ID | {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": typed(
        "image",
        {"image_url": IMAGE_URL, "alt_text": string(2000)},
        _BLOCK_ID | {"title": plain_text(2000)},
    ),
    "rich_text": RICH_TEXT,
}
ONLY_IN_MESSAGES: dict[str, Rule] = {"markdown": typed("markdown", {"text": string(12_000)}, _BLOCK_ID)}


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """The elements of a block that people can act on, each with its place within the block."""
    if block["type"] == "input":
        yield "/element", block["element"]
    elif block["type"] == "actions":
        for index, element in enumerate(block["elements"]):
            yield f"/elements/{index}", element
    elif block["type"] == "section" and block.get("accessory", {}).get("type", "image") != "image":
        yield "/accessory", block["accessory"]


def check_ids(blocks: list[Json], at: str, report: Report) -> None:
    """`block_id`s are unique on a surface, `action_id`s within a block, and one element at most has the focus."""
    seen: set[str] = set()
    focused = 0
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            report.add(f"{at}/{index}/block_id", f"`block_id` {block_id} already exists")
        seen.add(block_id or "")
        actions: set[str] = set()
        for place, element in elements_of(block):
            action_id = element.get("action_id")
            if action_id is not None and action_id in actions:
                report.add(
                    f"{at}/{index}{place}/action_id",
                    f"`action_id` {action_id} already exists for block_id {block_id}",
                )
            actions.add(action_id or "")
            focused += element.get("focus_on_load", False)
    if focused > 1:
        report.add(at, "only one element can have `focus_on_load` set to true")
