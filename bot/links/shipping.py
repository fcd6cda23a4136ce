"""Shipping rates: one read from Stripe, and one being made.

Field names are Stripe's parameter names; a rate is declared as a link's options are (`bot/links/options/base.py`).
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from bot.errors import Problem
from bot.links.options.base import Ask, Part, prune
from bot.links.options.facts import RateFact
from bot.money import Money

_UNITS = {
    "business_day": "Working days",
    "day": "Days",
    "hour": "Hours",
    "week": "Weeks",
    "month": "Months",
}
_HOURS = {"hour": 1, "day": 24, "business_day": 24, "week": 7 * 24, "month": 30 * 24}
_TAX_CODE = "txcd_92010001"


def _number(label: str) -> Ask:
    return Ask(label, "number", minimum=1, maximum=1000)


class Soonest(Part):
    value: Annotated[int | None, _number("Arrives after, at the soonest")] = None
    unit: Annotated[str, Ask("Unit", "choice", choices=_UNITS, required=True)] = "business_day"


class Latest(Part):
    value: Annotated[int | None, _number("Arrives after, at the latest")] = None
    unit: Annotated[str, Ask("Unit", "choice", choices=_UNITS, required=True)] = "business_day"


class Estimate(Part):
    minimum: Soonest = Soonest()
    maximum: Latest = Latest()


class FixedAmount(Part):
    currency: Annotated[str | None, Ask("Currency", "currency", required=True)] = None
    amount: Annotated[
        int | None,
        Ask(
            "Price of shipping",
            "amount",
            hint="0 for free shipping.",
            placeholder="5.00",
            required=True,
            currency_at="fixed_amount.currency",
        ),
    ] = None


class ShippingRate(Part):
    """A shipping rate being made."""

    display_name: Annotated[
        str | None,
        Ask(
            "Name",
            "text",
            hint="Customers choose by it.",
            placeholder="Standard shipping",
            max_length=100,
            required=True,
        ),
    ] = None
    fixed_amount: FixedAmount = FixedAmount()
    delivery_estimate: Estimate = Estimate()
    tax_behavior: Annotated[
        str | None,
        Ask(
            "Tax",
            "choice",
            hint="Matters where Stripe works out the tax.",
            placeholder="As your Stripe account has it",
            choices={"exclusive": "Comes on top of the price", "inclusive": "Is in the price"},
        ),
    ] = None
    tax_code: Annotated[
        str | None,
        Ask("Tax code", "text", hint=f"{_TAX_CODE} is Stripe's for shipping.", placeholder=_TAX_CODE, max_length=100),
    ] = None

    def to_stripe(self) -> dict[str, Any]:
        """The parameters for creating it."""
        params: dict[str, Any] = prune(self.model_dump(mode="json"))
        estimate = params.pop("delivery_estimate", {})
        if given := {side: limit for side, limit in estimate.items() if "value" in limit}:
            params["delivery_estimate"] = given
        return {**params, "type": "fixed_amount"}

    def problems(self) -> Iterator[Problem]:
        """What stands against it beyond its fields' own limits."""
        soonest, latest = self.delivery_estimate.minimum, self.delivery_estimate.maximum
        if soonest.value and latest.value and soonest.value * _HOURS[soonest.unit] > latest.value * _HOURS[latest.unit]:
            yield Problem("delivery_estimate.maximum.value", "It can't be there at the latest before the soonest.")
        if self.tax_code and not self.tax_code.startswith("txcd_"):
            yield Problem("tax_code", f"Write a tax code of Stripe's, like {_TAX_CODE}.")


EXCLUDED: Mapping[str, str] = {
    "fixed_amount.currency_options": "A rate is made for a link, which has one currency; Stripe's Dashboard adds more.",
    "metadata": "For other systems, which make their own rates.",
}
"""Stripe's parameters that Paylink doesn't offer, and why. A path stands for all that is below it."""


def rate_fact(rate: Mapping[str, Any], locale: str = "en_US") -> RateFact:
    """A shipping rate as Stripe answers it, in what links need: `Standard · €5.00 · 3 to 5 working days`."""
    fixed = rate.get("fixed_amount") or {}
    price = _price(fixed, locale)
    words = (rate.get("display_name") or rate["id"], price, _arrival(rate.get("delivery_estimate") or {}))
    currencies = {fixed.get("currency"), *(fixed.get("currency_options") or {})} - {None}
    return RateFact(
        words=" · ".join(filter(None, words)),
        currencies=tuple(sorted(str(one) for one in currencies)),
        active=bool(rate.get("active")),
    )


def _price(fixed: Mapping[str, Any], locale: str) -> str:
    if "amount" not in fixed:
        return ""
    return Money(fixed["amount"], fixed["currency"]).format(locale) if fixed["amount"] else "free"


def _arrival(estimate: Mapping[str, Any]) -> str:
    """`3 to 5 working days`, `at least 3 working days`."""
    low, high = (_time(estimate.get(side)) for side in ("minimum", "maximum"))
    if not low or not high:
        return f"at least {low}" if low else f"up to {high}" if high else ""
    if estimate["minimum"] == estimate["maximum"]:
        return low
    same = estimate["minimum"]["unit"] == estimate["maximum"]["unit"]
    return f"{estimate['minimum']['value'] if same else low} to {high}"


def _time(limit: Mapping[str, Any] | None) -> str:
    if not limit:
        return ""
    unit = _UNITS.get(limit["unit"], limit["unit"]).lower()
    return f"{limit['value']:,} {unit.removesuffix('s') if limit['value'] == 1 else unit}"
