"""How the subscription begins, and what its invoices say."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from bot.errors import Problem
from bot.links.options import invoices
from bot.links.options.accounts import SELF, Issuer
from bot.links.options.base import RECURRING, Ask, OptionGroup, Part, Update

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

LONGEST_TRIAL = 730
_AT_THE_END = {
    "cancel": "The subscription ends",
    "pause": "The subscription pauses",
    "create_invoice": "An invoice is sent",
}


class EndBehavior(Part):
    missing_payment_method: Annotated[
        str | None,
        Ask(
            "If there is no payment method when the trial ends",
            "choice",
            choices=_AT_THE_END,
            hint="For trials that begin without one.",
        ),
    ] = None


class TrialSettings(Part):
    end_behavior: EndBehavior = EndBehavior()


class InvoiceSettings(Part):
    description: Annotated[str | None, invoices.DESCRIPTION] = None
    footer: Annotated[str | None, invoices.FOOTER] = None
    custom_fields: Annotated[tuple[invoices.InvoiceField, ...], invoices.FIELDS] = ()
    account_tax_ids: Annotated[tuple[str, ...], invoices.TAX_IDS] = ()
    issuer: Issuer = Issuer()


class SubscriptionData(Part):
    trial_period_days: Annotated[
        int | None,
        Ask("Free trial, in days", "number", placeholder="14", minimum=1, maximum=LONGEST_TRIAL),
    ] = None
    trial_settings: TrialSettings = TrialSettings()
    description: Annotated[
        str | None,
        Ask("Description", "multiline", hint="Customers see it where they manage the subscription.", max_length=500),
    ] = None
    invoice_settings: InvoiceSettings = InvoiceSettings()


class Subscription(OptionGroup):
    key: ClassVar[str] = "subscription"
    title: ClassVar[str] = "Subscription"
    description: ClassVar[str] = "Free trial, description, and what its invoices say."
    cleared: ClassVar[dict[str, Any]] = {
        "subscription_data.trial_period_days": "",
        "subscription_data.trial_settings": "",
        "payment_method_collection": "always",
        "subscription_data.description": Update.FIXED,
        "subscription_data.invoice_settings.description": Update.KEPT,
        "subscription_data.invoice_settings.footer": Update.KEPT,
        "subscription_data.invoice_settings.custom_fields": "",
        "subscription_data.invoice_settings.account_tax_ids": "",
        "subscription_data.invoice_settings.issuer": SELF,
    }

    payment_method_collection: Annotated[
        str | None,
        Ask(
            "Ask for a payment method",
            "choice",
            choices={"always": "Always", "if_required": "Only when there is something to pay today"},
            required=True,
        ),
    ] = "always"
    subscription_data: SubscriptionData = SubscriptionData()

    @classmethod
    def why_not(cls, draft: "LinkDraft") -> str | None:
        return RECURRING if draft.line_items and not draft.is_recurring else None

    @property
    def trial_days(self) -> int:
        """The length of the free trial, 0 without one."""
        return self.subscription_data.trial_period_days or 0

    def summary(self) -> str:
        data, invoice = self.subscription_data, self.subscription_data.invoice_settings
        end = _AT_THE_END.get(data.trial_settings.end_behavior.missing_payment_method or "")
        days = f"{self.trial_days} day{'' if self.trial_days == 1 else 's'} free" if self.trial_days else None
        words = [
            days,
            "payment method only when needed" if self.payment_method_collection == "if_required" else None,
            f"without one: {end[0].lower()}{end[1:]}" if end else None,
            f"“{' '.join(data.description.split())}”" if data.description else None,
            "own words on the invoices" if invoice != InvoiceSettings() else None,
        ]
        return ", ".join(filter(None, words)) or "As Stripe does it"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        end = self.subscription_data.trial_settings.end_behavior.missing_payment_method
        if not self.to_stripe():
            where = "subscription_data.trial_period_days"
            yield Problem(where, "Write a number of days, fill in another field, or remove this option.")
        elif end and not self.trial_days:
            where = "subscription_data.trial_settings.end_behavior.missing_payment_method"
            yield Problem(where, "This is about the end of a trial: write its days, or pick Not set.")
        yield from self.subscription_data.invoice_settings.issuer.problems("subscription_data.invoice_settings.issuer")
