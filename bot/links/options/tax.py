"""Whether Stripe Tax works out the tax."""

from typing import Any, ClassVar

from bot.links.options.base import OptionGroup, Part


class AutomaticTax(Part):
    enabled: bool = True


class Tax(OptionGroup):
    key: ClassVar[str] = "tax"
    title: ClassVar[str] = "Tax"
    description: ClassVar[str] = "Stripe Tax works out the tax from where the customer is."
    cleared: ClassVar[dict[str, Any]] = {"automatic_tax": {"enabled": False}}

    automatic_tax: AutomaticTax = AutomaticTax()

    def summary(self) -> str:
        return "Stripe works out the tax"
