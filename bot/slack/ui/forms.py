"""The form engine: a group of options as a modal, and the modal's state as answers. Both come from the group's own
declaration (`bot/links/options`), by its leaves."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup
from bot.links.options.fields import Answer, Leaf, leaves, shown, values
from bot.slack.ids import Action, Block, View, block_id
from bot.slack.ui import blocks
from bot.slack.ui.blocks import Json

_PREFIX = f"{Block.FIELD}:"


class FormMemo(BaseModel):
    """What a form's view carries: which draft and which group it is about."""

    model_config = ConfigDict(frozen=True)

    draft: str
    group: str


def form_view(draft_id: str, group_type: type[OptionGroup], answers: Mapping[str, Answer], *, adding: bool) -> Json:
    """The group's form, filled with `answers` by leaf path. Only the fields that these answers call for are there."""
    declared = leaves(group_type)
    deciding = {leaf.ask.shown_when[0] for leaf in declared if leaf.ask.shown_when}
    fields = [
        draw_field(leaf, answers.get(leaf.path), dispatch=leaf.path in deciding)
        for leaf in declared
        if shown(leaf, answers)
    ]
    return blocks.modal(
        View.OPTION,
        group_type.title,
        [blocks.section(group_type.description), *fields],
        submit="Add" if adding else "Change",
        close="Back",
        private_metadata=FormMemo(draft=draft_id, group=group_type.key).model_dump_json(),
    )


def current(group_type: type[OptionGroup], group: OptionGroup | None) -> dict[str, Answer]:
    """The group's answers, or a new group's defaults."""
    return values(group) if group else {leaf.path: leaf.default for leaf in leaves(group_type)}


def parse(group_type: type[OptionGroup], state: Mapping[str, Any]) -> dict[str, Answer]:
    """The answers in a view's `state.values`, by leaf path. Fields that weren't shown have none."""
    paths = {leaf.path: leaf for leaf in leaves(group_type)}
    elements = {key.removeprefix(_PREFIX): element for key, element in state.items() if key.startswith(_PREFIX)}
    return {
        path: read_field(paths[path].ask, next(iter(element.values())))
        for path, element in elements.items()
        if path in paths
    }


def errors(problems: Iterable[Problem], answered: Iterable[str]) -> dict[str, str]:
    """Problems as `response_action: errors` wants them: by block id, each at a field that is there. One that is about
    none of them stands at the last."""
    paths = list(answered)
    found: dict[str, str] = {}
    for problem in problems:
        path = problem.where if problem.where in paths else paths[-1]
        found.setdefault(block_id(Block.FIELD, path), problem.message)
    return found


def draw_field(leaf: Leaf, value: Answer, *, dispatch: bool) -> Json:
    """One field as an input block. With `dispatch`, a change is sent at once."""
    ask = leaf.ask
    action = Action.DECIDING_FIELD if dispatch else Action.FIELD
    return blocks.field(
        ask.label,
        _DRAWN[ask.widget](ask, action, value),
        block_id=block_id(Block.FIELD, leaf.path),
        hint=ask.hint,
        optional=not ask.required,
        dispatch=dispatch,
    )


def _text(ask: Ask, action: Action, value: Answer) -> Json:
    return blocks.text_input(
        action,
        initial="" if value is None else str(value),
        placeholder=ask.placeholder,
        max_length=ask.max_length,
        multiline=ask.widget == "multiline",
    )


def _number(ask: Ask, action: Action, value: Answer) -> Json:
    return blocks.number_input(
        action,
        initial="" if value is None else str(value),
        minimum=ask.minimum,
        maximum=ask.maximum,
        placeholder=ask.placeholder,
    )


def _choice(ask: Ask, action: Action, value: Answer) -> Json:
    options = [blocks.option(text, key) for key, text in ask.choices.items()]
    return blocks.select(action, options, initial=str(value), placeholder=ask.placeholder)


def _switch(ask: Ask, action: Action, value: Answer) -> Json:
    return blocks.checkbox(action, "Yes", checked=bool(value))


_DRAWN: Mapping[str, Callable[[Ask, Action, Answer], Json]] = {
    "text": _text,
    "multiline": _text,
    "url": _text,
    "number": _number,
    "choice": _choice,
    "switch": _switch,
}
"""How each widget is drawn. A `url` is plain text too: Slack's own check of `url_text_input` is not documented, and a
template such as `{CHECKOUT_SESSION_ID}` must pass."""


def read_field(ask: Ask, element: Mapping[str, Any]) -> Answer:
    """The answer in an element\'s state."""
    if ask.widget == "switch":
        return bool(element.get("selected_options"))
    if ask.widget == "choice":
        picked = element.get("selected_option")
        return str(picked["value"]) if picked else None
    typed = element.get("value")
    return None if typed is None else str(typed)
