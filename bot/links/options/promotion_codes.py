"""Whether the customer may enter a promotion code."""

from typing import TYPE_CHECKING, Any, ClassVar

from bot.links.line_item import CatalogPrice
from bot.links.options.base import OptionGroup

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

_REASON = "Not where the customer chooses what to pay: remove that item to use it."


class PromotionCodes(OptionGroup):
    key: ClassVar[str] = "promotion_codes"
    title: ClassVar[str] = "Promotion codes"
    description: ClassVar[str] = "Customers can enter a promotion code when they pay."
    cleared: ClassVar[dict[str, Any]] = {"allow_promotion_codes": False}

    allow_promotion_codes: bool = True

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        prices = [item.price for item in draft.line_items]
        chosen = any(isinstance(price, CatalogPrice) and price.customer_chooses for price in prices)
        return _REASON if chosen else None

    def summary(self) -> str:
        return "Customers can enter a promotion code"
