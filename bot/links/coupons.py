"""Coupons and their promotion codes, as data: declared once, as a link's options are (`bot/links/options/base.py`).

Field names are Stripe's parameter names. `kind` is ours: it says which of Stripe's two ways to discount is asked for.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator

from bot.errors import Problem
from bot.links.options.base import Ask, Entries, Part, prune
from bot.money import Money

MAX_CURRENCIES = 5
"""How many further currencies a form asks for; Stripe takes any number."""

_YEARS_5 = 5 * 365 * 86_400
_PERCENT, _AMOUNT = ("kind", "percent_off"), ("kind", "amount_off")
_CODE_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"


class AmountOff(Part):
    """The amount in a further currency."""

    currency: Annotated[str | None, Ask("currency", "currency", shown_when=_AMOUNT)] = None
    amount_off: Annotated[
        int | None,
        Ask(
            "amount off",
            "amount",
            hint="Left empty, the coupon isn't for this currency.",
            currency_at="currency_options.#.currency",
            shown_when=_AMOUNT,
        ),
    ] = None


class AppliesTo(Part):
    products: Annotated[
        tuple[str, ...],
        Ask(
            "Only for these products",
            "objects",
            kind="product",
            hint="Products of your Stripe catalog. Left empty, it is for everything.",
            placeholder="Search products",
        ),
    ] = ()


class Coupon(Part):
    """A coupon. `id`, `valid` and `times_redeemed` are Stripe's; a new one has none."""

    id: str = ""
    valid: bool = True
    times_redeemed: int = 0
    name: Annotated[
        str | None,
        Ask(
            "Name", "text", hint="Customers see it on their receipts and invoices.", max_length=40, placeholder="Spring"
        ),
    ] = None
    kind: Annotated[
        str,
        Ask(
            "Discount",
            "choice",
            choices={"percent_off": "A percentage", "amount_off": "An amount"},
            required=True,
        ),
    ] = "percent_off"
    percent_off: Annotated[
        str | None,
        Ask("Percent off", "decimal", placeholder="20", maximum=100, places=2, required=True, shown_when=_PERCENT),
    ] = None
    currency: Annotated[str | None, Ask("Currency", "currency", required=True, shown_when=_AMOUNT)] = None
    amount_off: Annotated[
        int | None,
        Ask("Amount off", "amount", placeholder="5.00", required=True, currency_at="currency", shown_when=_AMOUNT),
    ] = None
    currency_options: Annotated[
        tuple[AmountOff, ...],
        Entries("Further currency", MAX_CURRENCIES, "currency"),
        AfterValidator(lambda further: tuple(one for one in further if one.amount_off is not None)),
    ] = ()
    duration: Annotated[
        str,
        Ask(
            "How long",
            "choice",
            hint="Matters for subscriptions; a one-time payment has one payment.",
            choices={
                "once": "The first payment only",
                "repeating": "The first months of a subscription",
                "forever": "Every payment of a subscription",
            },
            required=True,
        ),
    ] = "once"
    duration_in_months: Annotated[
        int | None,
        Ask("Months", "number", placeholder="3", minimum=1, required=True, shown_when=("duration", "repeating")),
    ] = None
    applies_to: AppliesTo = AppliesTo()
    max_redemptions: Annotated[
        int | None,
        Ask("Most redemptions", "number", hint="In all, whoever uses it. Left empty, there is no limit.", minimum=1),
    ] = None
    redeem_by: Annotated[
        int | None, Ask("Can be redeemed until", "moment", hint="In your time zone. At most five years from now.")
    ] = None

    @classmethod
    def from_stripe(cls, coupon: Mapping[str, Any]) -> Self:
        """The coupon as Stripe answers it."""
        options, percent = coupon.get("currency_options") or {}, coupon.get("percent_off")
        own = {"percent_off": None if percent is None else _plain(percent)}
        own |= {"kind": "amount_off" if percent is None else "percent_off"}
        further = [
            {"currency": currency, "amount_off": option["amount_off"]}
            for currency, option in sorted(options.items())
            if currency != coupon.get("currency")
        ]
        known = {name: value for name, value in coupon.items() if value is not None}
        return cls.model_validate({**known, **own, "currency_options": further})

    def to_stripe(self) -> dict[str, Any]:
        """The parameters for creating it."""
        params = self.model_dump(exclude={"id", "valid", "times_redeemed", "kind", "currency_options"})
        params["applies_to"] = {"products": list(self.applies_to.products)}
        if self.kind == "amount_off":
            params["currency_options"] = {
                str(one.currency): {"amount_off": one.amount_off} for one in self.currency_options
            }
        pruned: dict[str, Any] = prune(params)
        return pruned

    def takes_off_in(self, currency: str) -> bool:
        """Whether it takes something off a payment in this currency."""
        amounts = (self.currency, *(one.currency for one in self.currency_options))
        return self.kind == "percent_off" or currency in amounts

    def problems(self, now: float) -> Iterator[Problem]:
        """What stands against it beyond its fields' own limits, at the moment `now` (seconds)."""
        if self.percent_off is not None and not self.percent_off.strip("0."):
            yield Problem("percent_off", "Write more than 0.")
        if self.amount_off == 0:
            yield Problem("amount_off", "Write more than 0.")
        for place, one in enumerate(self.currency_options):
            if one.amount_off == 0:
                yield Problem(f"currency_options.{place}.amount_off", "Write more than 0.")
        yield from _currencies_once(self.currency, [one.currency for one in self.currency_options], "currency_options")
        if self.redeem_by is not None and self.redeem_by <= now:
            yield Problem("redeem_by", "Pick a moment that is still to come.")
        if self.redeem_by is not None and self.redeem_by > now + _YEARS_5:
            yield Problem("redeem_by", "Pick a moment within five years.")


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
        if self.code is not None and not set(self.code) <= set(_CODE_LETTERS):
            yield Problem("code", "Use letters from A to Z, digits and dashes only.")
        if self.expires_at is not None and self.expires_at <= now:
            yield Problem("expires_at", "Pick a moment that is still to come.")
        if self.expires_at is not None and coupon.redeem_by is not None and self.expires_at > coupon.redeem_by:
            yield Problem("expires_at", "The coupon can't be redeemed that long. Pick an earlier moment.")
        most = coupon.max_redemptions
        if self.max_redemptions is not None and most is not None and self.max_redemptions > most:
            yield Problem("max_redemptions", f"The coupon allows {most:,} in all. Write {most:,} or less.")
        yield from _restriction_problems(self.restrictions)


def discount_in_words(coupon: Coupon, locale: str) -> str:
    """`20% off the first payment`, `€5.00 off ($6.00) for 3 months`."""
    off = f"{coupon.percent_off}% off"
    if coupon.amount_off is not None and coupon.currency:
        further = [_money(one.amount_off, one.currency, locale) for one in coupon.currency_options]
        off = f"{_money(coupon.amount_off, coupon.currency, locale)} off"
        off += f" ({', '.join(filter(None, further))})" if further else ""
    months = coupon.duration_in_months
    for_months = f"for {months} month{'' if months == 1 else 's'}"
    duration = {"once": "the first payment", "forever": "every payment"}.get(coupon.duration, for_months)
    return f"{off} {duration}"


def conditions_in_words(code: PromotionCode, locale: str) -> list[str]:
    """What must be so for the code to be taken, each as a few words."""
    restrictions = code.restrictions
    found = ["first-time customers only"] if restrictions.first_time_transaction else []
    least = [(restrictions.minimum_amount, restrictions.minimum_amount_currency)]
    least += [(one.minimum_amount, one.currency) for one in restrictions.currency_options]
    amounts = [words for amount, currency in least if (words := _money(amount, currency, locale))]
    return [*found, *([f"orders of {' or '.join(amounts)} and more"] if amounts else [])]


def _plain(percent: float | str) -> str:
    text = f"{Decimal(str(percent)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(amount: int | None, currency: str | None, locale: str) -> str:
    return "" if amount is None or currency is None else Money(amount, currency).format(locale)


def _restriction_problems(restrictions: Restrictions) -> Iterator[Problem]:
    own = restrictions.minimum_amount_currency
    if restrictions.minimum_amount == 0:
        yield Problem("restrictions.minimum_amount", "Write more than 0, or leave it empty.")
    further = [one.currency for one in restrictions.currency_options]
    if further and restrictions.minimum_amount is None:
        yield Problem("restrictions.minimum_amount", "Write the first minimum before further ones.")
    yield from _currencies_once(own, further, "restrictions.currency_options")


def _currencies_once(own: str | None, further: list[str | None], where: str) -> Iterator[Problem]:
    for place, currency in enumerate(further):
        if currency == own or currency in further[:place]:
            yield Problem(f"{where}.{place}.currency", f"{str(currency).upper()} is there already. Pick another one.")
