"""A small vocabulary for describing JSON, with Slack's own words for what is wrong.

A *rule* looks at one value and adds what is wrong with it to a report. Rules are put together to tables in the
sibling modules.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any


class Report:
    """What is wrong so far, in Slack's form: `must provide a string [json-pointer:/blocks/0/text]`."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, message: str) -> None:
        """Note one mistake."""
        self.messages.append(f"{message} [json-pointer:{pointer}]")


Rule = Callable[[Any, str, Report], None]


def string(max_length: int, *, min_length: int = 1, pattern: str | None = None, what: str = "") -> Rule:
    """A string of `min_length` to `max_length` characters; `what` names a `pattern` in the message."""
    regex = re.compile(pattern) if pattern else None

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add(at, "must provide a string")
        elif len(value) < min_length:
            report.add(at, f"must be more than {min_length - 1} characters")
        elif len(value) > max_length:
            report.add(at, f"must be less than {max_length + 1} characters")
        elif regex and not regex.fullmatch(value):
            report.add(at, f"must be a valid {what}")

    return check


def boolean(value: Any, at: str, report: Report) -> None:
    """`true` or `false`."""
    if not isinstance(value, bool):
        report.add(at, "must provide a boolean")


def integer(low: int, high: int) -> Rule:
    """A whole number from `low` to `high`."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(at, "must provide an integer")
        elif value < low:
            report.add(at, f"must be greater than {low - 1}")
        elif value > high:
            report.add(at, f"must be less than {high + 1}")

    return check


def one_of(*allowed: str) -> Rule:
    """One of a few words."""

    def check(value: Any, at: str, report: Report) -> None:
        if value not in allowed:
            report.add(at, f"must be a valid enum value: {', '.join(allowed)}")

    return check


def array(item: Rule, low: int, high: int) -> Rule:
    """A list of `low` to `high` items that all keep to `item`."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, list):
            report.add(at, "must provide an array")
            return
        if len(value) < low:
            report.add(at, f"no fewer than {low} items allowed")
        if len(value) > high:
            report.add(at, f"no more than {high} items allowed")
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", report)

    return check


def obj(required: Mapping[str, Rule], optional: Mapping[str, Rule], also: Iterable[Rule] = ()) -> Rule:
    """An object with these fields and no others.

    The rules of `also` look at the whole object, once all its fields are right.
    """
    known = {**required, **optional}
    further = tuple(also)

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
            return
        before = len(report.messages)
        for name in required:
            if name not in value:
                report.add(at, f"missing required field: {name}")
        for name, inner in value.items():
            if name in known:
                known[name](inner, f"{at}/{name}", report)
            else:
                report.add(at, f"invalid additional property: {name}")
        if len(report.messages) == before:
            for rule in further:
                rule(value, at, report)

    return check


def typed(kind: str, required: Mapping[str, Rule], optional: Mapping[str, Rule], also: Iterable[Rule] = ()) -> Rule:
    """An object that says its `type`."""
    return obj({"type": one_of(kind), **required}, optional, also)


def by_type(table: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule of the table it keeps to."""

    def check(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, dict):
            report.add(at, "must provide an object")
        elif "type" not in value:
            report.add(at, "missing required field: type")
        elif not isinstance(value["type"], str) or value["type"] not in table:
            report.add(f"{at}/type", f"unsupported type: {value['type']}")
        else:
            table[value["type"]](value, at, report)

    return check


def exactly_one(*names: str) -> Rule:
    """For `obj(also=…)`: one of these fields, and not two of them."""
    words = " or ".join(f"`{name}`" for name in names)

    def check(value: Any, at: str, report: Report) -> None:
        given = sum(name in value for name in names)
        if given == 0:
            report.add(at, f"must define either {words}")
        elif given > 1:
            report.add(at, f"must define only one of {words}")

    return check
