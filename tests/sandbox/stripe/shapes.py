"""Whether an object has the shape that Stripe's SDK declares for it: no field but Stripe's, each of its type.

A field that may be empty may be left out: Stripe itself leaves out what doesn't apply, or wasn't asked for.
"""

import builtins
import importlib
import inspect
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar, Literal, Union, get_args, get_origin, get_type_hints

import stripe
from stripe._stripe_object import StripeObject


def misshapen(item: Any, kind: type, path: str = "") -> Iterator[str]:
    """What is wrong with an object of an SDK's class, a line each."""
    hints = _hints(kind)
    for name in sorted(item.keys() - hints.keys()):
        yield f"{path}{name}: Stripe has no such field"
    for name, hint in hints.items():
        if name in item:
            yield from _wrong(item[name], hint, f"{path}{name}")
        elif type(None) not in _options(hint):
            yield f"{path}{name}: missing"


def _wrong(value: Any, hint: Any, path: str) -> Iterator[str]:
    options = list(_options(hint))
    if value is None:
        if type(None) not in options:
            yield f"{path}: must not be null"
        return
    if isinstance(value, dict):
        yield from _wrong_dict(value, options, path)
    elif isinstance(value, list):
        entries = [get_args(option)[0] for option in options if get_origin(option) is list]
        if not entries:
            yield f"{path}: not a list"
        for position, entry in enumerate(value):
            yield from _wrong(entry, entries[0] if entries else Any, f"{path}[{position}].")
    else:
        yield from _wrong_plain(value, options, path)


def _wrong_dict(value: dict[str, Any], options: list[Any], path: str) -> Iterator[str]:
    for option in options:
        if get_origin(option) is stripe.ListObject:
            for entry in value["data"]:
                yield from _wrong(entry, get_args(option)[0], f"{path}.data")
            return
        if inspect.isclass(option) and issubclass(option, StripeObject):
            if option.__name__ != "UntypedStripeObject":
                yield from misshapen(value, option, f"{path.rstrip('.')}.")
            return
    if not any(get_origin(option) is dict or option is Any or _untyped(option) for option in options):
        yield f"{path}: must not be a hash"


def _untyped(option: Any) -> bool:
    origin = get_origin(option)
    return inspect.isclass(origin) and issubclass(origin, StripeObject)


def _wrong_plain(value: Any, options: list[Any], path: str) -> Iterator[str]:
    words = {word for option in options if get_origin(option) is Literal for word in get_args(option)}
    plain = {str} if Decimal in options else {option for option in options if option in (str, int, float, bool)}
    if words:
        if value not in words:
            yield f"{path}: {value!r} is none of {sorted(words, key=str)}"
    elif type(value) not in plain and not (float in plain and type(value) is int) and Any not in options:
        yield f"{path}: {value!r} is not one of {options}"


def expandable(kind: type, name: str) -> bool:
    """Whether a field of an SDK's class is an id or, expanded, the object; or a list of such."""
    options = list(_options(_hints(kind)[name]))
    options += [inner for option in options if get_origin(option) is list for inner in _options(get_args(option)[0])]
    return str in options and any(inspect.isclass(option) and issubclass(option, StripeObject) for option in options)


def _options(hint: Any) -> Iterator[Any]:
    """The types of a union; an expandable field is an id or the object."""
    if get_origin(hint) in (Union, types.UnionType):
        for option in get_args(hint):
            yield from _options(option)
    else:
        yield hint


class _Names(dict[str, Any]):
    """Every name that an SDK class may use in its types; what can't be found stands for anything."""

    def __missing__(self, name: str) -> Any:
        return getattr(builtins, name, None) or getattr(stripe, name, Any)


def _hints(kind: type) -> dict[str, Any]:
    module = importlib.import_module(kind.__module__)
    names = _Names({**vars(typing), **vars(module), **vars(kind), "DiscountResource": stripe.Discount})
    hints = get_type_hints(kind, {}, names)
    return {name: hint for name, hint in hints.items() if get_origin(hint) is not ClassVar and not name.startswith("_")}
