"""Values in nested parameters, by dotted path: `after_completion.redirect.url`."""

import re
from collections.abc import Mapping
from typing import Any


def at(tree: Mapping[str, Any], path: str) -> Any:
    """The value at the path, None when there is none."""
    value: Any = tree
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Sets the value, making the objects on the way to it."""
    *parents, name = path.split(".")
    for parent in parents:
        tree = tree.setdefault(parent, {})
    tree[name] = value


def remove(tree: dict[str, Any], path: str) -> None:
    """Takes the value away, if it is there."""
    parent, _, name = path.rpartition(".")
    holder = at(tree, parent) if parent else tree
    if isinstance(holder, dict):
        holder.pop(name, None)


def dotted(param: str) -> str:
    """A parameter as Stripe's errors write it, `restrictions[currency_options][usd]`, as a dotted path."""
    return ".".join(re.findall(r"[^\[\].]+", param))
