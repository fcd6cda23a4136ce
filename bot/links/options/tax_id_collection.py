"""Whether business customers can give a tax ID."""

from typing import Annotated, Any, ClassVar

from bot.links.options.base import Ask, OptionGroup, Part


class TaxIds(Part):
    enabled: bool = True
    required: Annotated[
        str,
        Ask(
            "Who must give one",
            "choice",
            hint="Stripe knows the tax IDs of some countries only; elsewhere nobody is asked.",
            choices={"never": "Nobody: it may be left empty", "if_supported": "Businesses, where Stripe knows tax IDs"},
            required=True,
        ),
    ] = "never"


class TaxIdCollection(OptionGroup):
    key: ClassVar[str] = "tax_id_collection"
    title: ClassVar[str] = "Tax ID"
    description: ClassVar[str] = "Business customers can give their tax ID, such as a VAT number."
    cleared: ClassVar[dict[str, Any]] = {"tax_id_collection.enabled": False, "tax_id_collection.required": "never"}
    switch: ClassVar[str | None] = "tax_id_collection.enabled"

    tax_id_collection: TaxIds = TaxIds()

    def summary(self) -> str:
        must = self.tax_id_collection.required == "if_supported"
        return "Businesses must give their tax ID" if must else "Businesses can give their tax ID"
