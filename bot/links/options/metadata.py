"""Your own keys and values on the link, for other systems."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import Field

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup, Update
from bot.links.options.lines import Keys

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

PROTECTED = "paylink_"
"""What the keys of Paylink's own metadata begin with."""

MOST_KEYS = 40
"""Stripe takes 50 keys; ten of them are left to Paylink."""


class Metadata(OptionGroup):
    key: ClassVar[str] = "metadata"
    title: ClassVar[str] = "Metadata"
    description: ClassVar[str] = "Keys and values for your own systems."
    cleared: ClassVar[dict[str, Any]] = {"metadata": Update.BY_KEY}

    metadata: Annotated[
        dict[str, str],
        Ask(
            "Keys and values",
            "lines",
            hint="One a line: key = value. Checkouts, payments and subscriptions have them too; customers don't see "
            "them.",
            placeholder="campaign = spring",
            required=True,
            lines=Keys("key", "value", most=MOST_KEYS, left_length=40, right_length=500),
        ),
    ] = Field(default_factory=dict)

    @classmethod
    def from_stripe(cls, link: Mapping[str, Any]) -> Self | None:
        """Paylink's own keys are none of this group."""
        found = {key: value for key, value in (link.get("metadata") or {}).items() if not key.startswith(PROTECTED)}
        return super().from_stripe({"metadata": found})

    def summary(self) -> str:
        return ", ".join(f"{key} = {' '.join(value.split())}" for key, value in self.metadata.items()) or "Nothing yet"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        for key in self.metadata:
            if key.startswith(PROTECTED):
                yield Problem("metadata", f"{key}: keys that begin with {PROTECTED} are Paylink's. Write another name.")
