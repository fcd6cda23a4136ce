"""A product of the catalog, as data: declared once, as a link's options are (`bot/links/options/base.py`).

Field names are Stripe's parameter names.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field

from bot.errors import Problem
from bot.links.options.base import Ask, Part, prune
from bot.links.options.lines import Keys, Words

_LONGEST_ADDRESS = 2048
_KEPT = "Stripe can change this but not empty it. Write another text."
_YES, _NO = "yes", "no"

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "id": "Stripe makes one.",
        "type": "Left over from Stripe's old Orders.",
        "default_price": "Used by Stripe's Dashboard and by pricing tables; a payment link names its price.",
        "default_price_data": "Prices are made one by one, with all that can be said of them.",
        "marketing_features": "Shown in Stripe's pricing tables only.",
        "package_dimensions": "For parcel services; nothing of a payment link depends on them.",
        "tax_details": "For tickets to events, whose tax depends on where they take place; the tax code is asked for.",
    }
)
"""Stripe's parameters that aren't asked for, and why. A path stands for all that is below it."""

KEYS = Ask(
    "Metadata",
    "lines",
    hint="For your own systems, one a line: key = value. Customers don't see it.",
    placeholder="sku = A-100",
    lines=Keys("key", "value", most=50, left_length=40, right_length=500),
)
"""Metadata, as products and prices ask for it."""


@dataclass(frozen=True, slots=True)
class Addresses(Words):
    """One web address a line."""

    def read(self, text: str) -> list[str]:
        found = Words.read(self, text)
        for address in found:
            if not is_address(address):
                raise ValueError(f"{address[:80]}: write a complete web address, like https://example.com/mug.png.")
        return found


class Product(Part):
    """A product as it is asked for."""

    name: Annotated[
        str | None, Ask("Name", "text", hint="Customers see it when paying.", max_length=250, required=True)
    ] = None
    description: Annotated[
        str | None, Ask("Description", "multiline", hint="Customers see it when paying.", max_length=40_000)
    ] = None
    unit_label: Annotated[
        str | None,
        Ask(
            "What one of it is called",
            "text",
            hint="For prices by number: “per seat” on receipts and invoices.",
            placeholder="seat",
            max_length=12,
        ),
    ] = None
    images: Annotated[
        tuple[str, ...],
        Ask(
            "Pictures",
            "lines",
            hint="Web addresses, one a line, at most 8. Customers see the first when paying.",
            placeholder="https://example.com/mug.png",
            lines=Addresses(8),
        ),
    ] = ()
    tax_code: Annotated[
        str | None,
        Ask(
            "Tax code",
            "text",
            hint="For Stripe Tax, from docs.stripe.com/tax/tax-codes. Left empty, your tax settings' one is used.",
            placeholder="txcd_10000000",
            max_length=50,
        ),
    ] = None
    statement_descriptor: Annotated[
        str | None,
        Ask("On bank statements", "text", hint="For subscriptions only. With at least one letter.", max_length=22),
    ] = None
    shippable: Annotated[
        str | None, Ask("Is it shipped?", "choice", choices={_YES: "Yes", _NO: "No"}, placeholder="Not said")
    ] = None
    url: Annotated[
        str | None, Ask("Web page", "text", placeholder="https://example.com/mug", max_length=_LONGEST_ADDRESS)
    ] = None
    metadata: Annotated[dict[str, str], KEYS] = Field(default_factory=dict)

    @classmethod
    def from_stripe(cls, product: Mapping[str, Any]) -> Self:
        """The product as Stripe answers it."""
        shipped = {True: _YES, False: _NO}.get(product.get("shippable"))  # type: ignore[arg-type]
        known = {name: value for name, value in product.items() if value is not None}
        return cls.model_validate({**known, "shippable": shipped})

    def to_stripe(self) -> dict[str, Any]:
        """The parameters for creating it."""
        params: dict[str, Any] = prune(self.model_dump(mode="json"))
        if self.shippable:
            params["shippable"] = self.shippable == _YES
        return params

    def changes(self, before: Self) -> dict[str, Any]:
        """The parameters for making this of the product `before`: what is different, emptied where it is gone."""
        new, old = self.to_stripe(), before.to_stripe()
        params = {name: new.get(name, "") for name in {**old, **new} if new.get(name) != old.get(name)}
        if "metadata" in params:
            params["metadata"] = key_changes(before.metadata, self.metadata)
        return params

    def problems(self, before: Self | None = None) -> Iterator[Problem]:
        """What stands against it beyond its fields' own limits; `before` is the product that is being changed."""
        if wrong := tax_code_problem(self.tax_code):
            yield Problem("tax_code", wrong)
        if self.url and not is_address(self.url):
            yield Problem("url", "Write a complete web address, like https://example.com/mug.")
        statement = self.statement_descriptor
        if statement and (not re.search("[A-Za-z]", statement) or re.search("[<>\\\\\"'*]", statement)):
            yield Problem("statement_descriptor", "Use at least one letter from A to Z, and none of < > \\ \" ' *.")
        for name in ("statement_descriptor", "shippable"):
            if before is not None and getattr(before, name) and not getattr(self, name):
                yield Problem(name, _KEPT if name == "statement_descriptor" else "Pick yes or no.")


def key_changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Metadata as an update takes it: the keys that changed, those that are gone with an empty text."""
    return {key: after.get(key, "") for key in {**before, **after} if before.get(key) != after.get(key)}


def is_address(text: str) -> bool:
    """Whether it is a web address that Stripe takes."""
    try:
        parts = urlsplit(text)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
    return complete and len(text) <= _LONGEST_ADDRESS and not re.search(r"[\s<>\"\\^`]", text)


def tax_code_problem(tax_code: str | None) -> str | None:
    """Why it can't be one of Stripe's tax codes, as a sentence that says what to do; None when it can, or is none."""
    if not tax_code or re.fullmatch(r"txcd_[0-9]{8}", tax_code):
        return None
    return "Write it like txcd_10000000: eight digits after txcd_."
