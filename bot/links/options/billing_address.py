"""Whether the customer must give a billing address."""

from typing import Any, ClassVar, Literal

from bot.links.options.base import OptionGroup


class BillingAddress(OptionGroup):
    key: ClassVar[str] = "billing_address"
    title: ClassVar[str] = "Billing address"
    description: ClassVar[str] = "Customers must give their billing address."
    cleared: ClassVar[dict[str, Any]] = {"billing_address_collection": "auto"}

    billing_address_collection: Literal["auto", "required"] = "required"

    def summary(self) -> str:
        return "Customers must give their billing address"
