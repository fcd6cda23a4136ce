"""A Payment Link as it would be: what the rules look at and the object is made from."""

from dataclasses import dataclass

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

_WHOLE = ("metadata", "after_completion", "liability", "issuer")
"""Hashes of which an update leaves nothing as it was."""


@dataclass(frozen=True)
class Draft:
    """The parameters in effect (nothing unset in them), the line items, and the currency."""

    ctx: Context
    params: JSON
    items: list[JSON]
    currency: str
    completed: int = 0

    @property
    def mode(self) -> str:
        """`subscription` as soon as one line item recurs, else `payment`."""
        recurring = any(item["price"]["type"] == "recurring" for item in self.items)
        return "subscription" if recurring else "payment"


def merge(old: JSON, new: JSON) -> JSON:
    """Parameters after an update: hashes by key, lists and those in `_WHOLE` whole, `None` removes."""
    merged = dict(old)
    for key, value in new.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and key not in _WHOLE:
            merged[key] = merge(merged.get(key, {}), value)
        else:
            merged[key] = value
    return merged
