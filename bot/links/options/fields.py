"""A group's fields, flat: what a form asks for, the limits on the answers, and the way from answers to the group."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args
from urllib.parse import urlsplit

from bot.errors import Invalid, Problem
from bot.links.options.base import Ask, OptionGroup, Part
from bot.links.text import clean_line, clean_text

Answer = str | int | bool | None
Group = TypeVar("Group", bound=OptionGroup)

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that is asked for. `path` is dotted from the group's root, as in Stripe's parameters; `annotation` is
    the field's type and `default` what stands there before anything was answered."""

    path: str
    ask: Ask
    annotation: Any
    default: Answer = None


def leaves(group_type: type[OptionGroup]) -> list[Leaf]:
    """The fields to ask for, in the order of declaration. A group without any is simply there or not."""
    return list(_leaves(group_type, ""))


def values(group: OptionGroup) -> dict[str, Answer]:
    """The group as answers by leaf path: the inverse of `build`."""
    return {leaf.path: _value_at(group, leaf.path) for leaf in leaves(type(group))}


def shown(leaf: Leaf, answers: Mapping[str, Answer]) -> bool:
    """Whether the field is asked for, given the other answers."""
    return leaf.ask.shown_when is None or answers.get(leaf.ask.shown_when[0]) == leaf.ask.shown_when[1]


def build(group_type: type[Group], answers: Mapping[str, Answer]) -> Group:
    """The group that the answers (by leaf path) describe. Answers to fields that aren't shown are dropped, a missing
    answer is the field's default, and numbers may be given as text. Raises `Invalid`, every problem at its leaf's path.
    """
    declared = leaves(group_type)
    cleaned = {leaf.path: _cleaned(leaf, answers.get(leaf.path)) for leaf in declared}
    if problems := list(_limits(declared, cleaned)):
        raise Invalid(problems)
    tree: dict[str, Any] = {}
    for leaf in declared:
        if shown(leaf, cleaned) and cleaned[leaf.path] is not None:
            _put(tree, leaf.path, cleaned[leaf.path])
    return group_type.model_validate(tree)


def check(group: OptionGroup) -> Iterator[Problem]:
    """What stands against the fields' values by their own limits; `where` starts at the group's root."""
    return _limits(leaves(type(group)), values(group))


def _limits(declared: list[Leaf], answers: Mapping[str, Answer]) -> Iterator[Problem]:
    for leaf in declared:
        if shown(leaf, answers) and (message := _wrong(leaf.ask, answers[leaf.path])):
            yield Problem(leaf.path, message)


def _wrong(ask: Ask, value: Answer) -> str | None:
    """Why the value isn't accepted, as a sentence that says what to do."""
    if value is None:
        return f"{ask.label} is needed." if ask.required else None
    if ask.widget == "choice":
        return None if value in ask.choices else "Pick one of the choices."
    if ask.widget == "number":
        return _wrong_number(ask, value)
    return None if ask.widget == "switch" else _wrong_text(ask, value)


def _wrong_number(ask: Ask, value: Answer) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return "Write a whole number, like 100."
    if ask.minimum is not None and value < ask.minimum:
        return f"Write {ask.minimum:,} or more."
    if ask.maximum is not None and value > ask.maximum:
        return f"Write {ask.maximum:,} or less."
    return None


def _wrong_text(ask: Ask, value: Answer) -> str | None:
    if not isinstance(value, str):
        return "Write a text."
    if ask.max_length is not None and len(value) > ask.max_length:
        return f"Use at most {ask.max_length:,} characters; these are {len(value):,}."
    return _wrong_url(value) if ask.widget == "url" else None


def _wrong_url(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete or re.search(r"\s", value):
        return "Write a complete web address, like https://example.com/thanks."
    return None if parts.scheme == "https" else "The web address must start with https://."


def _cleaned(leaf: Leaf, value: Answer) -> Answer:
    """What was typed, as a value: trimmed, empty texts as None, numbers read; unreadable numbers stay text."""
    if isinstance(value, str):
        value = clean_text(value) if leaf.ask.widget == "multiline" else clean_line(value)
    if value is None or value == "":
        return leaf.default
    if leaf.ask.widget == "number" and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return value


def _leaves(part: type[Part], prefix: str) -> Iterator[Leaf]:
    for name, info in part.model_fields.items():
        path = f"{prefix}{name}"
        ask = next((item for item in info.metadata if isinstance(item, Ask)), None)
        if ask is not None:
            yield Leaf(path, ask, info.annotation, info.get_default(call_default_factory=False))
        elif (nested := _part_in(info.annotation)) is not None:
            yield from _leaves(nested, f"{path}.")


def _part_in(annotation: Any) -> type[Part] | None:
    """The nested part of a field declared as `Part` or `Part | None`."""
    candidates = get_args(annotation) or (annotation,)
    return next((item for item in candidates if isinstance(item, type) and issubclass(item, Part)), None)


def _value_at(part: Any, path: str) -> Answer:
    for name in path.split("."):
        part = getattr(part, name, None)
    value: Answer = part
    return value


def _put(tree: dict[str, Any], path: str, value: Answer) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        tree = tree.setdefault(parent, {})
    tree[name] = value
