"""An invoice for a one-time payment, and what it says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from bot.errors import Problem
from bot.links.options import invoices
from bot.links.options.accounts import SELF, Issuer
from bot.links.options.base import ONE_TIME, Ask, OptionGroup, Part, Update
from bot.links.options.lines import Keys

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft


class Rendering(Part):
    amount_tax_display: Annotated[
        str | None,
        Ask(
            "Amounts on the invoice",
            "choice",
            choices={"exclude_tax": "Without tax", "include_inclusive_tax": "With the tax that is in the price"},
        ),
    ] = None
    template: Annotated[
        str | None,
        Ask("Invoice template", "text", hint="As Stripe names it.", placeholder="inrtem_1NuMB1", max_length=255),
    ] = None


class InvoiceData(Part):
    description: Annotated[str | None, invoices.DESCRIPTION] = None
    footer: Annotated[str | None, invoices.FOOTER] = None
    custom_fields: Annotated[tuple[invoices.InvoiceField, ...], invoices.FIELDS] = ()
    account_tax_ids: Annotated[tuple[str, ...], invoices.TAX_IDS] = ()
    rendering_options: Rendering = Rendering()
    issuer: Issuer = Issuer()
    metadata: Annotated[
        dict[str, str],
        Ask(
            "Metadata of the invoice",
            "lines",
            hint="For your own systems, one a line: key = value.",
            lines=Keys("key", "value", most=50, left_length=40, right_length=500),
        ),
    ] = Field(default_factory=dict)


class InvoiceCreation(Part):
    enabled: bool = True
    invoice_data: InvoiceData = InvoiceData()


class Invoice(OptionGroup):
    key: ClassVar[str] = "invoice"
    title: ClassVar[str] = "Invoice"
    description: ClassVar[str] = "Send an invoice after the payment, with words of your own."
    cleared: ClassVar[dict[str, Any]] = {
        "invoice_creation.enabled": False,
        "invoice_creation.invoice_data.description": Update.KEPT,
        "invoice_creation.invoice_data.footer": Update.KEPT,
        "invoice_creation.invoice_data.custom_fields": "",
        "invoice_creation.invoice_data.account_tax_ids": "",
        "invoice_creation.invoice_data.rendering_options.amount_tax_display": "",
        "invoice_creation.invoice_data.rendering_options.template": Update.KEPT,
        "invoice_creation.invoice_data.issuer": SELF,
        "invoice_creation.invoice_data.metadata": "",
    }
    switch: ClassVar[str | None] = "invoice_creation.enabled"

    invoice_creation: InvoiceCreation = InvoiceCreation()

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        return ONE_TIME if draft.is_recurring else None

    def summary(self) -> str:
        data = self.invoice_creation.invoice_data
        return f"Sends an invoice: {' '.join(data.description.split())}" if data.description else "Sends an invoice"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        yield from self.invoice_creation.invoice_data.issuer.problems("invoice_creation.invoice_data.issuer")
