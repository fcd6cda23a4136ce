"""A part's fields, flat: what a form asks for, the limits on the answers, and the way from answers to the part.

Mostly the part is a group of a link's options; it may be anything that is declared the same way.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_args

from bot.errors import Invalid, Problem
from bot.links.options import paths
from bot.links.options.answers import Answer, wrong
from bot.links.options.base import Ask, Entries, Part, Update
from bot.links.text import clean_line, clean_text
from bot.money import Money, parse_amount

Whole = TypeVar("Whole", bound=Part)

_WHOLE_NUMBER = re.compile(r"[+-]?\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A field that is asked for. `path` is dotted from the part's root, as in Stripe's parameters; `annotation` is
    the field's type and `default` what stands there before anything was answered. `fixed` is whether Stripe takes it
    only when a link is made. In a list of parts, `deciders` are the paths that say of each entry whether it is there,
    and `place` is the entry's."""

    path: str
    ask: Ask
    annotation: Any
    default: Answer = None
    fixed: bool = False
    deciders: tuple[str, ...] = ()
    place: int = 0


def leaves(part_type: type[Part]) -> list[Leaf]:
    """The fields to ask for, in the order of declaration. A group without any is simply there or not."""
    cleared: Mapping[str, Any] = getattr(part_type, "cleared", {})
    return [replace(leaf, fixed=cleared.get(leaf.path) is Update.FIXED) for leaf in _leaves(part_type, "")]


def values(part: Part) -> dict[str, Answer]:
    """The part as answers by leaf path: the inverse of `build`."""
    return {leaf.path: _answer(leaf, part) for leaf in leaves(type(part))}


def deciding(declared: list[Leaf]) -> set[str]:
    """The paths of the fields whose answers bring other fields with them."""
    conditions = {leaf.ask.shown_when[0] for leaf in declared if leaf.ask.shown_when}
    return conditions.union(*(leaf.deciders for leaf in declared))


def shown(leaf: Leaf, answers: Mapping[str, Answer]) -> bool:
    """Whether the field is asked for, given the other answers."""
    if leaf.deciders and not _entry_shown(leaf, answers):
        return False
    return leaf.ask.shown_when is None or answers.get(leaf.ask.shown_when[0]) == leaf.ask.shown_when[1]


def build(part_type: type[Whole], answers: Mapping[str, Answer], before: Part | None = None) -> Whole:
    """The part that the answers (by leaf path) describe. Answers to fields that aren't shown are dropped, a missing
    answer is the field's default, and numbers may be given as text. Lines that are as `before` has them keep exactly
    what they stood for. Raises `Invalid`, every problem at its leaf's path."""
    declared = leaves(part_type)
    cleaned = {leaf.path: _cleaned(leaf, answers.get(leaf.path)) for leaf in declared}
    known = values(before) if before else {}
    asked = [leaf for leaf in declared if shown(leaf, cleaned)]
    kept = {leaf.path for leaf in asked if leaf.ask.lines and cleaned[leaf.path] == known.get(leaf.path, "")}
    if problems := [one for one in _limits(asked, cleaned) if one.where not in kept or cleaned[one.where] is None]:
        raise Invalid(problems)
    tree: dict[str, Any] = {}
    for leaf in asked:
        answer = cleaned[leaf.path]
        if answer is not None:
            value = _value_at(before, leaf.path) if leaf.path in kept else _value(leaf, answer, cleaned)
            paths.put(tree, leaf.path, value)
    return part_type.model_validate(_with_lists(declared, tree))


def check(part: Part) -> Iterator[Problem]:
    """What stands against the fields' values by their own limits; `where` starts at the part's root."""
    return _limits(leaves(type(part)), values(part))


def _limits(declared: list[Leaf], answers: Mapping[str, Answer]) -> Iterator[Problem]:
    for leaf in declared:
        if shown(leaf, answers) and (message := wrong(leaf.ask, answers[leaf.path], _currency(leaf, answers))):
            yield Problem(leaf.path, message)


def _entry_shown(leaf: Leaf, answers: Mapping[str, Answer]) -> bool:
    """An entry's fields are there when it is; the field that decides, also for the first entry that isn't."""
    if answers.get(leaf.deciders[leaf.place]) is not None:
        return True
    first_free = next(place for place, path in enumerate(leaf.deciders) if answers.get(path) is None)
    return leaf.path == leaf.deciders[first_free]


def _cleaned(leaf: Leaf, value: Answer) -> Answer:
    """What was typed, as a value: trimmed, empty texts as None, numbers read; unreadable numbers stay text."""
    if isinstance(value, str):
        value = clean_text(value) if leaf.ask.widget in ("multiline", "lines") else clean_line(value)
    if value is None or value == "" or value == ():
        return leaf.default
    if leaf.ask.widget == "decimal" and isinstance(value, str):
        return value.removesuffix("%").strip().replace(",", ".")
    if leaf.ask.widget == "number" and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
        return int(value)
    return value


def _currency(leaf: Leaf, answers: Mapping[str, Answer]) -> str | None:
    """The currency of an amount, where it was answered."""
    found = answers.get(leaf.ask.currency_at) if leaf.ask.currency_at else None
    return found if isinstance(found, str) else None


def _value(leaf: Leaf, answer: Answer, answers: Mapping[str, Answer]) -> Any:
    """What an accepted answer stands for."""
    currency = _currency(leaf, answers)
    if leaf.ask.widget == "amount" and currency:
        return parse_amount(str(answer), currency).amount
    if leaf.ask.within and isinstance(answer, tuple):
        return [{leaf.ask.within: one} for one in answer]
    return leaf.ask.lines.read(str(answer)) if leaf.ask.lines else answer


def _answer(leaf: Leaf, part: Part) -> Answer:
    """A field's value as it is typed."""
    value = _value_at(part, leaf.path)
    if leaf.ask.widget == "amount" and value is not None:
        currency = _value_at(part, leaf.ask.currency_at)
        return Money(value, currency).plain() if currency else str(value)
    if leaf.ask.lines:
        return leaf.ask.lines.write(value) or None if value else None
    if leaf.ask.within and value:
        return tuple(getattr(one, leaf.ask.within) for one in value)
    return None if value == () else value


def _leaves(part: type[Part], prefix: str) -> Iterator[Leaf]:
    for name, info in part.model_fields.items():
        path = f"{prefix}{name}"
        ask = next((item for item in info.metadata if isinstance(item, Ask)), None)
        entries = next((item for item in info.metadata if isinstance(item, Entries)), None)
        nested = _part_in(info.annotation)
        if ask is not None:
            yield Leaf(
                path, _in_place(ask, prefix), info.annotation, _default(info.get_default(call_default_factory=False))
            )
        elif entries is not None and nested is not None:
            yield from _entries(nested, path, entries)
        elif nested is not None:
            yield from _leaves(nested, f"{path}.")


def _in_place(ask: Ask, prefix: str) -> Ask:
    """The field's own conditions, from the group's root."""
    when = ask.shown_when
    return replace(ask, shown_when=(f"{prefix}{when[0][1:]}", when[1])) if when and when[0].startswith(".") else ask


def _entries(part: type[Part], path: str, entries: Entries) -> Iterator[Leaf]:
    deciders = tuple(f"{path}.{place}.{entries.decided_by}" for place in range(entries.most))
    for place in range(entries.most):
        for leaf in _leaves(part, f"{path}.{place}."):
            when = leaf.ask.shown_when
            here = (when[0].replace("#", str(place)), when[1]) if when else None
            label, currency_at = f"{entries.name} {place + 1}: {leaf.ask.label}", leaf.ask.currency_at
            ask = replace(leaf.ask, label=label, shown_when=here, currency_at=currency_at.replace("#", str(place)))
            yield replace(leaf, ask=ask, deciders=deciders, place=place)


def _with_lists(declared: list[Leaf], tree: dict[str, Any]) -> dict[str, Any]:
    """The tree with the entries of lists, which were put under their places, as lists without gaps."""
    for path in {leaf.deciders[0].partition(".0.")[0] for leaf in declared if leaf.deciders}:
        entries = paths.at(tree, path)
        if entries is not None:
            paths.put(tree, path, [entries[place] for place in sorted(entries, key=int)])
    return tree


def _default(value: Any) -> Answer:
    """What stands in an empty form; a field that must be given has nothing."""
    return value if isinstance(value, str | int) else None


def _part_in(annotation: Any) -> type[Part] | None:
    """The nested part of a field declared as `Part`, `Part | None` or `tuple[Part, ...]`."""
    candidates = get_args(annotation) or (annotation,)
    return next((item for item in candidates if isinstance(item, type) and issubclass(item, Part)), None)


def _value_at(value: Any, path: str) -> Any:
    for name in path.split("."):
        if name.isdecimal():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = getattr(value, name, None)
    return value
