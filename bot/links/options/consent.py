"""What customers agree to, and your words on the payment page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup, Part

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

LONGEST_TEXT = 1200
_TERMS = "consent_collection.terms_of_service"
_SHIPPING = "custom_text.shipping_address.message"


class ReuseAgreement(Part):
    position: Annotated[
        str,
        Ask(
            "Words on keeping payment details",
            "choice",
            choices={"auto": "Where Stripe shows them", "hidden": "Hidden: you say it elsewhere"},
            required=True,
        ),
    ] = "auto"


class ConsentCollection(Part):
    terms_of_service: Annotated[
        str,
        Ask(
            "Terms of service",
            "choice",
            hint="Your terms' address must stand in Stripe's settings, under public details.",
            choices={"none": "Not asked for", "required": "Customers must agree before they pay"},
            required=True,
        ),
    ] = "none"
    promotions: Annotated[
        str,
        Ask(
            "News and offers",
            "choice",
            hint="For businesses and customers in the United States.",
            choices={"none": "Not asked for", "auto": "Customers can agree to get them"},
            required=True,
        ),
    ] = "none"
    payment_method_reuse_agreement: ReuseAgreement = ReuseAgreement()


class SubmitText(Part):
    message: Annotated[str | None, Ask("Text above the button", "multiline", max_length=LONGEST_TEXT)] = None


class AfterSubmitText(Part):
    message: Annotated[str | None, Ask("Text below the button", "multiline", max_length=LONGEST_TEXT)] = None


class ShippingText(Part):
    message: Annotated[
        str | None,
        Ask("Text at the shipping address", "multiline", hint="Needs that option.", max_length=LONGEST_TEXT),
    ] = None


class TermsText(Part):
    message: Annotated[
        str | None,
        Ask(
            "Text at the terms of service",
            "multiline",
            hint="In place of Stripe's. Links are written [words](https://example.com/terms).",
            max_length=LONGEST_TEXT,
            shown_when=(_TERMS, "required"),
        ),
    ] = None


class CustomText(Part):
    terms_of_service_acceptance: TermsText = TermsText()
    submit: SubmitText = SubmitText()
    after_submit: AfterSubmitText = AfterSubmitText()
    shipping_address: ShippingText = ShippingText()


class Consent(OptionGroup):
    key: ClassVar[str] = "consent"
    title: ClassVar[str] = "Words and consent"
    description: ClassVar[str] = "Terms of service, news and offers, and texts of your own."
    cleared: ClassVar[dict[str, Any]] = {
        "consent_collection.terms_of_service": "none",
        "consent_collection.promotions": "none",
        "consent_collection.payment_method_reuse_agreement": {"position": "auto"},
        "custom_text.terms_of_service_acceptance": "",
        "custom_text.submit": "",
        "custom_text.after_submit": "",
        "custom_text.shipping_address": "",
    }

    consent_collection: ConsentCollection = ConsentCollection()
    custom_text: CustomText = CustomText()

    def summary(self) -> str:
        consent, text = self.consent_collection, self.custom_text
        messages = (text.terms_of_service_acceptance, text.submit, text.after_submit, text.shipping_address)
        own = next((" ".join(one.message.split()) for one in messages if one.message), None)
        words = [
            "Terms of service" if consent.terms_of_service == "required" else None,
            "News and offers" if consent.promotions == "auto" else None,
            "no words on keeping payment details"
            if consent.payment_method_reuse_agreement.position == "hidden"
            else None,
            f"“{own}”" if own else None,
        ]
        return ", ".join(filter(None, words)) or "Nothing yet"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        if not self.to_stripe():
            yield Problem(_TERMS, "Pick or write something here, or remove this option.")
        text = self.custom_text
        if text.shipping_address.message and "shipping_address" not in draft.options:
            yield Problem(_SHIPPING, "Nobody is asked for a shipping address: add that option, or empty this text.")
        if text.terms_of_service_acceptance.message and self.consent_collection.terms_of_service != "required":
            yield Problem(_TERMS, "There is a text at the terms of service: let customers agree to them.")
