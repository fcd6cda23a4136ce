"""Whether the customer must give a phone number."""

from typing import Any, ClassVar

from bot.links.options.base import OptionGroup, Part


class PhoneNumberCollection(Part):
    enabled: bool = True


class PhoneNumber(OptionGroup):
    key: ClassVar[str] = "phone_number"
    title: ClassVar[str] = "Phone number"
    description: ClassVar[str] = "Customers must give their phone number."
    cleared: ClassVar[dict[str, Any]] = {"phone_number_collection": {"enabled": False}}

    phone_number_collection: PhoneNumberCollection = PhoneNumberCollection()

    def summary(self) -> str:
        return "Customers must give their phone number"
