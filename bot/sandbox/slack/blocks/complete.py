"""What Slack adds to blocks: ids where the app gave none."""

import copy
from collections.abc import Iterable

from bot.sandbox.slack.blocks.layout import elements_of
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Json


def complete(blocks: Iterable[Json], ids: Ids) -> list[Json]:
    """A copy of the blocks in which every block has a `block_id` and every element an `action_id`.

    The ids are new each time: an app that wants an input to keep its value must name it.
    """
    done = copy.deepcopy(list(blocks))
    for block in done:
        block.setdefault("block_id", ids.short())
        for _, element in elements_of(block):
            element.setdefault("action_id", ids.short())
    return done


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """The block and the element of these ids."""
    for block in blocks:
        if block["block_id"] == block_id:
            for _, element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    return None
