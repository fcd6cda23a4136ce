"""What shipping costs: rates that the customer chooses from."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from bot.errors import Problem
from bot.links.options.base import ONE_TIME, Ask, OptionGroup, Part
from bot.links.options.facts import Facts, RateFact

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

MAX_RATES = 5

_NO_COUNTRIES = "Needs the countries you ship to: add Shipping address first."


class ShippingOption(Part):
    """`known` is what Stripe says of the rate, once somebody has looked."""

    shipping_rate: str = ""
    known: RateFact | None = None


class ShippingRates(OptionGroup):
    key: ClassVar[str] = "shipping_rates"
    title: ClassVar[str] = "Shipping rates"
    description: ClassVar[str] = "Customers choose how it is shipped, and pay for it."
    cleared: ClassVar[dict[str, Any]] = {"shipping_options": ""}
    ours: ClassVar[dict[str, Any]] = {"shipping_options": {"__all__": {"known"}}}

    shipping_options: Annotated[
        tuple[ShippingOption, ...],
        Ask(
            "Rates",
            "objects",
            hint=f"Up to {MAX_RATES}, in the link's currency. The first one is picked at first.",
            placeholder="Search shipping rates",
            required=True,
            maximum=MAX_RATES,
            kind="shipping_rate",
            within="shipping_rate",
        ),
    ] = ()

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        if draft.is_recurring:
            return ONE_TIME
        return _NO_COUNTRIES if draft.line_items and "shipping_address" not in draft.options else None

    def picked(self) -> tuple[str, ...]:
        return tuple(option.shipping_rate for option in self.shipping_options)

    def informed(self, facts: Facts) -> Self:
        options = [
            option.model_copy(update={"known": facts.rates.get(option.shipping_rate, option.known)})
            for option in self.shipping_options
        ]
        return self.model_copy(update={"shipping_options": tuple(options)})

    def summary(self) -> str:
        known = [option.known.words for option in self.shipping_options if option.known]
        if known and len(known) == len(self.shipping_options):
            return "; ".join(known)
        number = len(self.shipping_options)
        return f"{number} shipping rate{'' if number == 1 else 's'} to choose from"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        for rate in filter(None, (option.known for option in self.shipping_options)):
            if not rate.active:
                yield Problem("shipping_options", f"{rate.words} is archived in Stripe: pick another rate.")
            elif draft.currency and draft.currency not in rate.currencies:
                yield Problem("shipping_options", f"{rate.words}: pick a rate in {draft.currency.upper()}.")
