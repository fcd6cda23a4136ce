"""Coupons, as data: declared once, as a link's options are (`bot/links/options/base.py`).

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
        yield from currencies_once(self.currency, [one.currency for one in self.currency_options], "currency_options")
        if self.redeem_by is not None and self.redeem_by <= now:
            yield Problem("redeem_by", "Pick a moment that is still to come.")
        if self.redeem_by is not None and self.redeem_by > now + _YEARS_5:
            yield Problem("redeem_by", "Pick a moment within five years.")


def discount_in_words(coupon: Coupon, locale: str) -> str:
    """`20% off the first payment`, `€5.00 off ($6.00) for 3 months`."""
    off = f"{coupon.percent_off}% off"
    if coupon.amount_off is not None and coupon.currency:
        further = [money_in_words(one.amount_off, one.currency, locale) for one in coupon.currency_options]
        off = f"{money_in_words(coupon.amount_off, coupon.currency, locale)} off"
        off += f" ({', '.join(filter(None, further))})" if further else ""
    months = coupon.duration_in_months
    for_months = f"for {months} month{'' if months == 1 else 's'}"
    duration = {"once": "the first payment", "forever": "every payment"}.get(coupon.duration, for_months)
    return f"{off} {duration}"


def _plain(percent: float | str) -> str:
    text = f"{Decimal(str(percent)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_in_words(amount: int | None, currency: str | None, locale: str) -> str:
    """An amount in minor units; empty where there is none."""
    return "" if amount is None or currency is None else Money(amount, currency).format(locale)


def currencies_once(own: str | None, further: list[str | None], where: str) -> Iterator[Problem]:
    """Each currency has one amount. `where` is the list of further ones."""
    for place, currency in enumerate(further):
        if currency == own or currency in further[:place]:
            yield Problem(f"{where}.{place}.currency", f"{str(currency).upper()} is there already. Pick another one.")
