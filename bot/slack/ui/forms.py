"""The form engine: whatever is declared as a `Part` (a group of options, mostly) as input blocks, and their state as
answers. Both come from the declaration (`bot/links/options`), by its leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem, Unreadable
from bot.links.options.answers import Answer
from bot.links.options.base import OptionGroup, Part
from bot.links.options.fields import Leaf, deciding, leaves, shown, values
from bot.services.drafts import OpenDraft
from bot.slack.ids import Action, View
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json
from bot.slack.ui.memo import Id
from bot.slack.ui.option_fields import MOST_TYPED, NO_NAMES, draw_field, field_block, read_field
from bot.slack.ui.option_names import known_names
from bot.slack.ui.replace import NEW_LINK_NEEDED


class FormMemo(BaseModel):
    """What a form's view carries: which draft and which group it is about."""

    model_config = ConfigDict(frozen=True)

    draft: Id
    group: Id


def form_view(
    opened: OpenDraft,
    group_type: type[OptionGroup],
    answers: Mapping[str, Answer] | None = None,
    *,
    locale: str,
    connect: bool = False,
    names: Mapping[str, str] = NO_NAMES,
) -> Json:
    """The group's form, filled with `answers` by leaf path, or with what the draft has. Only the fields that these
    answers call for are there; on a live link, those that take a new one say so. `connect` is whether the deployment
    uses Stripe Connect, `names` are those of what was picked just now, by id."""
    filled = current(opened, group_type) if answers is None else answers
    group = opened.draft.options.get(group_type.key)
    known = {**known_names(group, locale), **names}
    fields = draw_fields(group_type, filled, locale=locale, live=opened.base is not None, names=known, connect=connect)
    return blocks.modal(
        View.OPTION,
        group_type.title,
        [blocks.section(group_type.advice or group_type.description), *fields, *_makers(group_type)],
        submit="Change" if group_type.key in opened.draft.options else "Add",
        close="Back",
        private_metadata=FormMemo(draft=opened.id, group=group_type.key).model_dump_json(),
    )


def _makers(group_type: type[OptionGroup]) -> list[Json]:
    """Ways to make what a menu doesn't have yet."""
    if all(leaf.ask.kind != "shipping_rate" for leaf in leaves(group_type)):
        return []
    return [blocks.actions([blocks.button("New shipping rate…", Action.NEW_RATE)])]


def draw_fields(
    part_type: type[Part],
    answers: Mapping[str, Answer],
    *,
    locale: str,
    live: bool = False,
    names: Mapping[str, str] = NO_NAMES,
    within: str = "",
    connect: bool = False,
) -> list[Json]:
    """The fields that these answers (by leaf path) call for. With `live`, those that take a new link say so. `names`
    are those of the objects that are picked, by id. `within` tells the fields of several parts in one modal apart;
    `parse` and `errors` take the same. Without `connect`, fields for Stripe Connect are left out, unless something
    stands in them."""
    declared = [leaf for leaf in leaves(part_type) if _offered(leaf, answers, connect=connect)]
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
    if group:
        return values(group)
    return {leaf.path: leaf.default for leaf in leaves(group_type)} | group_type.beginning(opened.draft)


def has_form(opened: OpenDraft, group_type: type[OptionGroup], *, connect: bool) -> bool:
    """Whether there is anything to fill in; a group without is there or not."""
    known = current(opened, group_type)
    return any(_offered(leaf, known, connect=connect) for leaf in leaves(group_type))


def _offered(leaf: Leaf, answers: Mapping[str, Answer], *, connect: bool) -> bool:
    return connect or not leaf.ask.connect or answers.get(leaf.path) not in (None, leaf.default)


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
    none of them stands at the last. Raises Unreadable where none of the form's fields was there."""
    paths = list(answered)
    if not paths:
        raise Unreadable
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
