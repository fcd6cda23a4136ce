"""The form engine: whatever is declared as a `Part` (a group of options, mostly) as input blocks, and their state as
answers. Both come from the declaration (`bot/links/options`), by its leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem
from bot.links.options.answers import Answer
from bot.links.options.base import OptionGroup, Part
from bot.links.options.fields import Leaf, deciding, leaves, shown, values
from bot.services.drafts import OpenDraft
from bot.slack.ids import View
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.option_fields import MOST_TYPED, NO_NAMES, draw_field, field_block, read_field
from bot.slack.ui.replace import NEW_LINK_NEEDED


class FormMemo(BaseModel):
    """What a form's view carries: which draft and which group it is about."""

    model_config = ConfigDict(frozen=True)

    draft: str
    group: str


def form_view(
    opened: OpenDraft,
    group_type: type[OptionGroup],
    answers: Mapping[str, Answer] | None = None,
    *,
    locale: str,
) -> Json:
    """The group's form, filled with `answers` by leaf path, or with what the draft has. Only the fields that these
    answers call for are there; on a live link, those that take a new one say so."""
    filled = current(opened, group_type) if answers is None else answers
    fields = draw_fields(group_type, filled, locale=locale, live=opened.base is not None)
    return blocks.modal(
        View.OPTION,
        group_type.title,
        [blocks.section(group_type.advice or group_type.description), *fields],
        submit="Change" if group_type.key in opened.draft.options else "Add",
        close="Back",
        private_metadata=FormMemo(draft=opened.id, group=group_type.key).model_dump_json(),
    )


def draw_fields(
    part_type: type[Part],
    answers: Mapping[str, Answer],
    *,
    locale: str,
    live: bool = False,
    names: Mapping[str, str] = NO_NAMES,
    within: str = "",
) -> list[Json]:
    """The fields that these answers (by leaf path) call for. With `live`, those that take a new link say so. `names`
    are those of the objects that are picked, by id. `within` tells the fields of several parts in one modal apart;
    `parse` and `errors` take the same."""
    declared = leaves(part_type)
    decisive = deciding(declared)
    return [
        draw_field(
            _warning(leaf) if leaf.fixed and live else leaf,
            answers.get(leaf.path),
            dispatch=leaf.path in decisive,
            locale=locale,
            names=names,
            within=within,
        )
        for leaf in declared
        if shown(leaf, answers)
    ]


def current(opened: OpenDraft, group_type: type[OptionGroup]) -> dict[str, Answer]:
    """The group's answers as the draft has them, or a new group's defaults."""
    group = opened.draft.options.get(group_type.key)
    return values(group) if group else {leaf.path: leaf.default for leaf in leaves(group_type)}


def parse(
    part_type: type[Part], state: Mapping[str, Any], known: Mapping[str, Answer] | None = None, within: str = ""
) -> dict[str, Answer]:
    """The answers in a view's `state.values`, by leaf path. Fields that weren't shown have none. A text that Slack had
    to cut, and that was left as it was, is as `known` has it."""
    asked = {field_block(leaf.path, within): leaf for leaf in leaves(part_type)}
    return {
        asked[key].path: _uncut(
            read_field(asked[key].ask, next(iter(element.values()))), (known or {}).get(asked[key].path)
        )
        for key, element in state.items()
        if key in asked
    }


def errors(problems: Iterable[Problem], answered: Iterable[str], within: str = "") -> dict[str, str]:
    """Problems as `response_action: errors` wants them: by block id, each at a field that is there. One that is about
    none of them stands at the last."""
    paths = list(answered)
    found: dict[str, str] = {}
    for problem in problems:
        path = next((one for one in paths if _is_at(problem.where, one)), paths[-1])
        found.setdefault(field_block(path, within), problem.message)
    return found


def _warning(leaf: Leaf) -> Leaf:
    return replace(leaf, ask=replace(leaf.ask, hint=f"{leaf.ask.hint} {NEW_LINK_NEEDED}".strip()))


def _is_at(where: str, path: str) -> bool:
    return where == path or where.startswith(f"{path}.")


def _uncut(answer: Answer, known: Answer) -> Answer:
    if isinstance(known, str) and len(known) > MOST_TYPED and answer == known[:MOST_TYPED]:
        return known
    return answer
