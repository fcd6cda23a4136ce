"""Promotion codes, as data: what customers type to get a coupon. Declared as a link's options are."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator

from bot.errors import Problem
from bot.links.coupons import MAX_CURRENCIES, Coupon, currencies_once, money_in_words
from bot.links.options.base import Ask, Entries, Part, prune

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"


class Minimum(Part):
    """The minimum in a further currency."""

    currency: Annotated[str | None, Ask("currency", "currency")] = None
    minimum_amount: Annotated[
        int | None, Ask("minimum", "amount", currency_at="restrictions.currency_options.#.currency")
    ] = None


class Restrictions(Part):
    first_time_transaction: Annotated[bool, Ask("First-time customers only", "switch")] = False
    minimum_amount_currency: Annotated[
        str | None, Ask("Minimum order: currency", "currency", hint="Of the least a customer must buy for.")
    ] = None
    minimum_amount: Annotated[
        int | None,
        Ask(
            "Minimum order: amount",
            "amount",
            placeholder="50.00",
            hint="Left empty, any order will do.",
            currency_at="restrictions.minimum_amount_currency",
        ),
    ] = None
    currency_options: Annotated[
        tuple[Minimum, ...],
        Entries("Further minimum", MAX_CURRENCIES, "currency"),
        AfterValidator(lambda further: tuple(one for one in further if one.minimum_amount is not None)),
    ] = ()


class PromotionCode(Part):
    """What customers type to get the coupon. `id`, `active` and `times_redeemed` are Stripe's."""

    id: str = ""
    active: bool = True
    times_redeemed: int = 0
    code: Annotated[
        str | None,
        Ask(
            "Code",
            "text",
            hint="What customers type: letters, digits and dashes, in any case. Left empty, Stripe makes one.",
            placeholder="SPRING20",
            max_length=100,
        ),
    ] = None
    expires_at: Annotated[int | None, Ask("Code expires", "moment", hint="In your time zone.")] = None
    max_redemptions: Annotated[
        int | None, Ask("Most uses of the code", "number", hint="Left empty, there is no limit.", minimum=1)
    ] = None
    restrictions: Restrictions = Restrictions()

    @classmethod
    def from_stripe(cls, code: Mapping[str, Any]) -> Self:
        """The code as Stripe answers it."""
        restrictions = {name: value for name, value in (code.get("restrictions") or {}).items() if value is not None}
        own = restrictions.get("minimum_amount_currency")
        further = [
            {"currency": currency, **option}
            for currency, option in sorted((restrictions.get("currency_options") or {}).items())
            if currency != own
        ]
        known = {name: value for name, value in code.items() if value is not None}
        return cls.model_validate({**known, "restrictions": {**restrictions, "currency_options": further}})

    def to_stripe(self, coupon_id: str) -> dict[str, Any]:
        """The parameters for creating it for a coupon."""
        params = self.model_dump(exclude={"id", "active", "times_redeemed"})
        restrictions = params["restrictions"]
        restrictions["currency_options"] = {
            str(one.currency): {"minimum_amount": one.minimum_amount} for one in self.restrictions.currency_options
        }
        if not self.restrictions.first_time_transaction:
            del restrictions["first_time_transaction"]
        if self.restrictions.minimum_amount is None:
            restrictions["minimum_amount_currency"] = None
        return {**prune(params), "promotion": {"type": "coupon", "coupon": coupon_id}}

    def problems(self, coupon: Coupon, now: float) -> Iterator[Problem]:
        """What stands against it as a code of this coupon, at the moment `now` (seconds)."""
        if self.code is not None and not set(self.code) <= set(_LETTERS):
            yield Problem("code", "Use letters from A to Z, digits and dashes only.")
        if self.expires_at is not None and self.expires_at <= now:
            yield Problem("expires_at", "Pick a moment that is still to come.")
        if self.expires_at is not None and coupon.redeem_by is not None and self.expires_at > coupon.redeem_by:
            yield Problem("expires_at", "The coupon can't be redeemed that long. Pick an earlier moment.")
        most = coupon.max_redemptions
        if self.max_redemptions is not None and most is not None and self.max_redemptions > most:
            yield Problem("max_redemptions", f"The coupon allows {most:,} in all. Write {most:,} or less.")
        yield from _restriction_problems(self.restrictions)


def conditions_in_words(code: PromotionCode, locale: str) -> list[str]:
    """What must be so for the code to be taken, each as a few words."""
    restrictions = code.restrictions
    found = ["first-time customers only"] if restrictions.first_time_transaction else []
    least = [(restrictions.minimum_amount, restrictions.minimum_amount_currency)]
    least += [(one.minimum_amount, one.currency) for one in restrictions.currency_options]
    amounts = [words for amount, currency in least if (words := money_in_words(amount, currency, locale))]
    return [*found, *([f"orders of {' or '.join(amounts)} and more"] if amounts else [])]


def _restriction_problems(restrictions: Restrictions) -> Iterator[Problem]:
    own = restrictions.minimum_amount_currency
    if restrictions.minimum_amount == 0:
        yield Problem("restrictions.minimum_amount", "Write more than 0, or leave it empty.")
    further = [one.currency for one in restrictions.currency_options]
    if further and restrictions.minimum_amount is None:
        yield Problem("restrictions.minimum_amount", "Write the first minimum before further ones.")
    yield from currencies_once(own, further, "restrictions.currency_options")
