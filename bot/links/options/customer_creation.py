"""Whether every customer is saved in Stripe."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from bot.links.options.base import OptionGroup

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_REASON = "Subscriptions always save customers: remove the recurring items to use it."


class CustomerCreation(OptionGroup):
    key: ClassVar[str] = "customer_creation"
    title: ClassVar[str] = "Save customers"
    description: ClassVar[str] = "Stripe keeps every customer, not only where it has to."
    cleared: ClassVar[dict[str, Any]] = {"customer_creation": "if_required"}

    customer_creation: str = "always"

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        return _REASON if draft.is_recurring else None

    @classmethod
    def from_stripe(cls, link: Mapping[str, Any]) -> Self | None:
        """Subscriptions always save the customer, so there it is no choice."""
        items = (link.get("line_items") or {}).get("data", ())
        return None if any(item["price"].get("recurring") for item in items) else super().from_stripe(link)

    def summary(self) -> str:
        return "Stripe keeps every customer"
