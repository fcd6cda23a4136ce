"""A payment link as a rep writes it. Pure data: no Slack, no Stripe client, no database."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, SerializeAsAny, field_validator

from bot.errors import NotFound, Problem
from bot.links import rules, totals
from bot.links.line_item import (
    AdjustableQuantity,
    CatalogPrice,
    Interval,
    Line,
    LineItem,
    OneOffPrice,
    Recurring,
    new_row,
)
from bot.links.options import GROUPS
from bot.links.options.base import OptionGroup

__all__ = [
    "AdjustableQuantity",
    "CatalogPrice",
    "Interval",
    "LineItem",
    "LinkDraft",
    "OneOffPrice",
    "Recurring",
    "new_row",
]


class LinkDraft(BaseModel):
    """A link being written, or a live one as it stands. Every change gives a new draft.

    `model_dump(mode="json")` and `model_validate` are each other's exact inverse. A draft may be wrong in any way;
    `problems()` tells what stands against it. `notify_channel` is the Slack channel (or user) to tell of payments.
    `payment_metadata` is what a live link puts on its payments or subscriptions beside its own keys and values:
    Paylink's marks, and what other systems wrote.
    """

    model_config = ConfigDict(frozen=True)

    name: Line = ""
    line_items: tuple[LineItem, ...] = ()
    options: dict[str, SerializeAsAny[OptionGroup]] = {}
    notify_channel: str | None = None
    payment_metadata: dict[str, str] = {}

    @field_validator("options", mode="before")
    @classmethod
    def _options(cls, value: Any) -> Any:
        """Each group read by its own model, in the menu's order."""
        if not isinstance(value, dict):
            raise ValueError("options are groups by their keys")
        if unknown := value.keys() - GROUPS.keys():
            raise ValueError(f"unknown options: {', '.join(sorted(unknown))}")
        return {key: GROUPS[key].model_validate(value[key]) for key in GROUPS if key in value}

    @property
    def title(self) -> str:
        """The name, or the items' names when none was given; at most 100 characters."""
        title = self.name or ", ".join(item.name for item in self.line_items)
        return title if len(title) <= rules.MAX_NAME else title[: rules.MAX_NAME - 1] + "…"

    @property
    def currencies(self) -> tuple[str, ...]:
        """The items' currencies, each once; a link that can be created has one."""
        return tuple(dict.fromkeys(item.price.currency for item in self.line_items))

    @property
    def currency(self) -> str | None:
        """The currency of the first item."""
        return self.currencies[0] if self.line_items else None

    @property
    def is_recurring(self) -> bool:
        """Whether the link starts a subscription."""
        return any(item.price.recurring for item in self.line_items)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet; where to notify doesn't count."""
        return not (self.name or self.line_items or self.options)

    def with_name(self, name: str) -> Self:
        return self._with(name=name)

    def with_notify_channel(self, channel: str | None) -> Self:
        return self._with(notify_channel=channel)

    def with_payment_metadata(self, metadata: dict[str, str]) -> Self:
        return self._with(payment_metadata=metadata)

    def item(self, row: str) -> LineItem:
        """The item of this row; raises `NotFound`."""
        for item in self.line_items:
            if item.row == row:
                return item
        raise NotFound("That item isn't on the link any more.")

    def with_item(self, item: LineItem) -> Self:
        """Replaces the item of the same row, or adds it at the end."""
        if any(known.row == item.row for known in self.line_items):
            return self._with(line_items=tuple(item if i.row == item.row else i for i in self.line_items))
        return self._with(line_items=(*self.line_items, item))

    def without_item(self, row: str) -> Self:
        return self._with(line_items=tuple(item for item in self.line_items if item.row != row))

    def duplicated(self, row: str) -> Self:
        """A copy of the row stands right after it, as a new item. Raises `NotFound`."""
        at = self.line_items.index(self.item(row)) + 1
        copy = self.line_items[at - 1].model_copy(update={"row": new_row(), "stripe_id": None})
        return self._with(line_items=(*self.line_items[:at], copy, *self.line_items[at:]))

    def anew(self, name: str) -> Self:
        """The same for a link that is still to be made: with rows of its own and nothing of Stripe's ids."""
        items = tuple(item.model_copy(update={"row": new_row(), "stripe_id": None}) for item in self.line_items)
        return self._with(name=name, line_items=items)

    def with_option(self, group: OptionGroup) -> Self:
        """Replaces the group of the same key, or adds it."""
        return self._with(options={**self.options, group.key: group})

    def without_option(self, key: str) -> Self:
        return self._with(options={known: group for known, group in self.options.items() if known != key})

    def totals(self) -> totals.Totals:
        return totals.totals(self)

    def problems(self) -> list[Problem]:
        """Everything that stands against creating this link, each at its place."""
        return list(rules.problems(self))

    def _with(self, **changes: Any) -> Self:
        return type(self).model_validate({**dict(self), **changes})
