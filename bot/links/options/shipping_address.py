"""Where the customer can have it shipped to."""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator

from bot.links.options.base import Ask, OptionGroup, Part
from bot.links.options.countries import COUNTRIES, in_words


def _sorted(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


class ShippingCountries(Part):
    allowed_countries: Annotated[
        tuple[str, ...],
        AfterValidator(_sorted),
        Ask(
            "Countries you ship to",
            "countries",
            hint="Customers can give an address in these countries only.",
            choices=dict.fromkeys(COUNTRIES, ""),
            required=True,
        ),
    ] = ()


class ShippingAddress(OptionGroup):
    key: ClassVar[str] = "shipping_address"
    title: ClassVar[str] = "Shipping address"
    description: ClassVar[str] = "Customers must give an address in the countries you ship to."
    cleared: ClassVar[dict[str, Any]] = {"shipping_address_collection": ""}

    shipping_address_collection: ShippingCountries = ShippingCountries()

    def summary(self) -> str:
        countries = self.shipping_address_collection.allowed_countries
        return f"Ships to {in_words(countries)}" if countries else "Ships nowhere yet"
