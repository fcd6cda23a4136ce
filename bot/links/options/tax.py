"""Whether Stripe Tax works out the tax, and who is liable for it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from bot.errors import Problem
from bot.links.options.accounts import SELF, TaxLiability
from bot.links.options.base import OptionGroup, Part

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft


class AutomaticTax(Part):
    enabled: bool = True
    liability: TaxLiability = TaxLiability()


class Tax(OptionGroup):
    key: ClassVar[str] = "tax"
    title: ClassVar[str] = "Tax"
    description: ClassVar[str] = "Stripe Tax works out the tax from where the customer is."
    cleared: ClassVar[dict[str, Any]] = {"automatic_tax.enabled": False, "automatic_tax.liability": SELF}
    switch: ClassVar[str | None] = "automatic_tax.enabled"

    automatic_tax: AutomaticTax = AutomaticTax()

    def summary(self) -> str:
        account = self.automatic_tax.liability.account
        return f"Stripe works out the tax; {account} is liable" if account else "Stripe works out the tax"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        yield from self.automatic_tax.liability.problems("automatic_tax.liability")
