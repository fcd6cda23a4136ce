"""Form-encoded parameters, decoded: `line_items[0][price]=price_1` → nested dictionaries of strings."""

import re
from collections.abc import Iterable

from bot.sandbox.stripe.errors import StripeError

Raw = str | dict[str, "Raw"]
"""What a parameter looks like before its schema has read it; arrays are dictionaries with keys '0', '1', …"""

MAX_PARAMETERS = 5_000
MAX_DEPTH = 10

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_KEY = re.compile(r"\[([^\[\]]*)\]")


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Raw]:
    """Nest the pairs of a query string or form body.

    Raises StripeError for names that aren't well formed, repeat, or are both a value and a hash.
    """
    root: dict[str, Raw] = {}
    for count, (name, value) in enumerate(pairs):
        if count >= MAX_PARAMETERS:
            raise StripeError(f"Too many parameters: at most {MAX_PARAMETERS} are accepted.")
        _put(root, name, value)
    return root


def _put(root: dict[str, Raw], name: str, value: str) -> None:
    match = _NAME.fullmatch(name)
    if match is None:
        raise StripeError(f"Invalid parameter name: {name}", param=name)
    keys = [match[1], *_KEY.findall(match[2])]
    if len(keys) > MAX_DEPTH:
        raise StripeError(f"Parameter is nested too deeply: {name}", param=name)
    node = root
    for key in keys[:-1]:
        child = node.setdefault(key or str(len(node)), {})
        if not isinstance(child, dict):
            raise StripeError(f"Invalid hash: {name}", param=name)
        node = child
    last = keys[-1] or str(len(node))
    if last in node:
        raise StripeError(f"Parameter given more than once: {name}", param=name)
    node[last] = value
