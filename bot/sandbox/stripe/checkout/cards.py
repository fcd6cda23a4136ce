"""Stripe's test cards (docs.stripe.com/testing) and the checks every card goes through."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox.stripe.checkout.errors import Declined
from bot.sandbox.stripe.tables import JSON

DISPUTED = {"4000000000000259": "fraudulent", "4000000000002685": "product_not_received"}
"""Cards whose payments succeed and are disputed at once, with the reason."""
INQUIRY = "4000000000001976"
"""A card whose payments succeed and are inquired about at once."""
FAILS_LATER = "4000000000000341"
"""A card that can be saved, but not charged."""
REFUND_SETTLES_LATER = "4000000000007726"
REFUND_FAILS_LATER = "4000000000005126"
_SUCCEEDS = (
    "4242424242424242 4000056655665556 5555555555554444 2223003122003222 5200828282828210 5105105105105100 "
    "378282246310005 371449635398431 6011111111111117 6011000990139424 3056930009020004 36227206271667 "
    "3566002020360505 6200000000000005 4000002760003184 4000003560000008 4000008260000000 4000002500000003 "
    f"{' '.join(DISPUTED)} {INQUIRY} {REFUND_SETTLES_LATER} {REFUND_FAILS_LATER}"
)
ACCEPTED = frozenset(_SUCCEEDS.split())
DECLINES = {
    "4000000000000002": ("card_declined", "generic_decline", "Your card was declined."),
    "4000000000009995": ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
    "4000000000009987": ("card_declined", "lost_card", "Your card was declined."),
    "4000000000009979": ("card_declined", "stolen_card", "Your card was declined."),
    "4000000000000069": ("expired_card", None, "Your card has expired."),
    "4000000000000127": ("incorrect_cvc", None, "Your card's security code is incorrect."),
    "4000000000000119": (
        "processing_error",
        None,
        "An error occurred while processing your card. Try again in a little bit.",
    ),
}
_BRANDS = (
    ("visa", "visa", r"4"),
    ("mastercard", "mastercard", r"5[1-5]|2[2-7]"),
    ("amex", "american_express", r"3[47]"),
    ("discover", "discover_global_network", r"6011|65"),
    ("diners", "discover_global_network", r"3[068]"),
    ("jcb", "discover_global_network", r"35"),
    ("unionpay", "discover_global_network", r"62"),
)


@dataclass(frozen=True)
class Card:
    """A card as the customer typed it, checked."""

    number: str
    exp_month: int
    exp_year: int
    brand: str
    restriction_brand: str

    def details(self) -> JSON:
        """`payment_method_details` of a charge."""
        return {
            "card": {
                "brand": self.brand,
                "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
                "country": "US",
                "exp_month": self.exp_month,
                "exp_year": self.exp_year,
                "funding": "credit",
                "last4": self.number[-4:],
                "network": self.brand,
            },
            "type": "card",
        }


def read_card(given: JSON, now: float, blocked: list[str]) -> Card:
    """The card, if its number, expiry and CVC can be right; Declined otherwise. `blocked` are Stripe's brands."""
    number = re.sub(r"[\s-]", "", str(given.get("number", "")))
    brand, restriction = _brand(number)
    if not re.fullmatch(r"[0-9]{12,19}", number) or not _luhn(number):
        raise Declined("Your card number is invalid.", "incorrect_number")
    month, year = _expiry(given)
    today = datetime.fromtimestamp(now, UTC)
    if not today.year <= year <= today.year + 50:
        raise Declined("Your card's expiration year is invalid.", "invalid_expiry_year")
    if not 1 <= month <= 12 or (year, month) < (today.year, today.month):
        raise Declined("Your card's expiration date is invalid.", "invalid_expiry_month")
    if not re.fullmatch(r"[0-9]{4}" if brand == "amex" else r"[0-9]{3}", str(given.get("cvc", ""))):
        raise Declined("Your card's security code is invalid.", "invalid_cvc")
    if restriction in blocked:
        raise Declined("Cards of this brand are not accepted here.", "card_declined", "card_not_supported")
    return Card(number, month, year, brand, restriction)


def authorize(number: str, *, saving: bool = False) -> None:
    """What the test card's bank says to charging it, or to `saving` it for later; Declined when it says no."""
    if number == FAILS_LATER:
        if saving:
            return
        raise Declined("Your card was declined.", "card_declined", "generic_decline")
    if number in DECLINES:
        code, decline_code, message = DECLINES[number]
        raise Declined(message, code, decline_code)
    if number not in ACCEPTED:
        message = "Your card was declined. Your request was in test mode, but used a non test (live) card."
        raise Declined(message, "card_declined", "live_mode_test_card")


def _expiry(given: JSON) -> tuple[int, int]:
    match = re.fullmatch(r"\s*([0-9]{1,2})\s*/\s*([0-9]{2}|[0-9]{4})\s*", str(given.get("expiry", "")))
    if match is None:
        raise Declined("Your card's expiration date is incomplete.", "invalid_expiry_month")
    year = int(match[2])
    return int(match[1]), year + 2000 if year < 100 else year


def _brand(number: str) -> tuple[str, str]:
    for brand, restriction, prefix in _BRANDS:
        if re.match(prefix, number):
            return brand, restriction
    return "unknown", "unknown"


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
