"""Whether the customer may enter a promotion code."""

from typing import Any, ClassVar

from bot.links.options.base import OptionGroup


class PromotionCodes(OptionGroup):
    key: ClassVar[str] = "promotion_codes"
    title: ClassVar[str] = "Promotion codes"
    description: ClassVar[str] = "Customers can enter a promotion code when they pay."
    cleared: ClassVar[dict[str, Any]] = {"allow_promotion_codes": False}

    allow_promotion_codes: bool = True

    def summary(self) -> str:
        return "Customers can enter a promotion code"
