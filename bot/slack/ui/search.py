"""The search on top of a list: its field, and what stands in it."""

from collections.abc import Mapping
from typing import Any

from bot.slack.ids import Action, Block
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import MAX_SEARCH


def search_field(block: Block, action: Action, typed: str, placeholder: str) -> Json:
    """The field; Enter searches."""
    element = blocks.text_input(action, initial=typed, placeholder=placeholder, max_length=MAX_SEARCH)
    element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return blocks.field("Search", element, block_id=block, optional=True, dispatch=True)


def read_search(block: Block, action: Action, state: Mapping[str, Any]) -> str:
    """What now stands in a view's `state.values`, as far as a list carries it: until a form is submitted, more may
    stand in a field than it takes."""
    return (state[block][action].get("value") or "")[:MAX_SEARCH]
