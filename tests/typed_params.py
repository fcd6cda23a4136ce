"""Stripe's own typed parameters, read from its SDK: what the tests of completeness are measured against."""

import typing
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe import RequestOptions


def parameters(params: Any, module: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every parameter by its dotted path, with its type. A list's entries stand under the list."""
    for name, hint in get_type_hints(params, {**vars(typing), **vars(module), "StripeContext": object}).items():
        if prefix or name not in RequestOptions.__annotations__:
            yield f"{prefix}{name}", hint
            for nested in inside(hint):
                yield from parameters(nested, module, f"{prefix}{name}.")


def inside(hint: Any) -> Iterator[Any]:
    """The typed dictionaries that a type is made of."""
    if hasattr(hint, "__required_keys__"):
        yield hint
    elif get_origin(hint) not in (Literal, dict):
        for part in get_args(hint):
            yield from inside(part)


def words(hint: Any) -> set[str]:
    """The texts that a type names, outside the dictionaries and lists it is made of."""
    if get_origin(hint) is Literal:
        return set(get_args(hint))
    return {word for part in get_args(hint) if get_origin(hint) in (Union, UnionType) for word in words(part)}
