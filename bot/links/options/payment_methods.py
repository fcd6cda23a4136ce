"""What customers can pay with."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator

from bot.errors import Problem
from bot.links.options.base import Ask, OptionGroup, Part

if TYPE_CHECKING:
    from bot.links.draft import LinkDraft

METHODS: dict[str, str] = {
    "card": "Card",
    "affirm": "Affirm",
    "afterpay_clearpay": "Afterpay or Clearpay",
    "alipay": "Alipay",
    "alma": "Alma",
    "au_becs_debit": "BECS Direct Debit (Australia)",
    "bacs_debit": "Bacs Direct Debit (UK)",
    "bancontact": "Bancontact",
    "billie": "Billie",
    "bizum": "Bizum",
    "blik": "BLIK",
    "boleto": "Boleto",
    "cashapp": "Cash App Pay",
    "eps": "EPS",
    "fpx": "FPX",
    "giropay": "giropay",
    "grabpay": "GrabPay",
    "ideal": "iDEAL",
    "klarna": "Klarna",
    "konbini": "Konbini",
    "link": "Link",
    "mb_way": "MB WAY",
    "mobilepay": "MobilePay",
    "multibanco": "Multibanco",
    "oxxo": "OXXO",
    "p24": "Przelewy24",
    "pay_by_bank": "Pay by Bank",
    "paynow": "PayNow",
    "paypal": "PayPal",
    "paypay": "PayPay",
    "payto": "PayTo",
    "pix": "Pix",
    "promptpay": "PromptPay",
    "satispay": "Satispay",
    "scalapay": "Scalapay",
    "sepa_debit": "SEPA Direct Debit",
    "sequra": "seQura",
    "sofort": "Sofort",
    "sunbit": "Sunbit",
    "swish": "Swish",
    "twint": "TWINT",
    "upi": "UPI",
    "us_bank_account": "ACH Direct Debit (US)",
    "wechat_pay": "WeChat Pay",
    "zip": "Zip",
}
"""Stripe's `payment_method_types`, by their brand names."""

BRANDS: dict[str, str] = {
    "american_express": "American Express",
    "discover_global_network": "Discover, Diners, JCB, UnionPay",
    "mastercard": "Mastercard",
    "visa": "Visa",
}


def _sorted(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))


class CardRestrictions(Part):
    brands_blocked: Annotated[
        tuple[str, ...],
        AfterValidator(_sorted),
        Ask("Cards you don't take", "choices", hint="Customers can't pay with these.", choices=BRANDS),
    ] = ()


class Card(Part):
    restrictions: CardRestrictions = CardRestrictions()


class MethodOptions(Part):
    card: Card = Card()


class PaymentMethods(OptionGroup):
    key: ClassVar[str] = "payment_methods"
    title: ClassVar[str] = "Payment methods"
    description: ClassVar[str] = "Choose what customers can pay with; otherwise Stripe does."
    cleared: ClassVar[dict[str, Any]] = {"payment_method_types": "", "payment_method_options": ""}

    payment_method_types: Annotated[
        tuple[str, ...],
        AfterValidator(_sorted),
        Ask(
            "Payment methods",
            "choices",
            hint="Left empty, Stripe shows each customer what fits best. Some need a certain currency.",
            choices=METHODS,
        ),
    ] = ()
    payment_method_options: MethodOptions = MethodOptions()

    def summary(self) -> str:
        methods = [METHODS.get(method, method) for method in self.payment_method_types]
        words = [", ".join(methods)] if methods else []
        if self._blocked:
            words.append(f"no {', '.join(BRANDS.get(brand, brand) for brand in self._blocked)}")
        return "; ".join(words) or "Stripe chooses"

    def problems(self, draft: "LinkDraft") -> Iterator[Problem]:
        where = "payment_method_options.card.restrictions.brands_blocked"
        if not self.payment_method_types and not self._blocked:
            yield Problem("payment_method_types", "Pick payment methods or cards to refuse, or remove this option.")
        elif self._blocked and self.payment_method_types and "card" not in self.payment_method_types:
            yield Problem(where, "Cards aren't among the payment methods: add Card, or empty this.")
        elif set(self._blocked) >= set(BRANDS):
            yield Problem(where, "These are all cards there are. Leave at least one, or pick other payment methods.")

    @property
    def _blocked(self) -> tuple[str, ...]:
        return self.payment_method_options.card.restrictions.brands_blocked
