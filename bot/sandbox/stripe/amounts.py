"""The parameters that prices share: unit amounts, tiers, custom amounts, recurring."""

from dataclasses import dataclass
from decimal import Decimal

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.errors import StripeError, exclusive_parameters, missing_parameter
from bot.sandbox.stripe.forms import Raw
from bot.sandbox.stripe.schema import (
    Boolean,
    Choice,
    Hash,
    Integer,
    ListOf,
    Metadata,
    Number,
    Text,
    Url,
    scalar,
)
from bot.sandbox.stripe.tables import JSON

UNIT_AMOUNT = Integer(maximum=999_999_999_999)
DECIMAL_AMOUNT = Number(maximum=Decimal(999_999_999_999))
TAX_BEHAVIOR = Choice(("exclusive", "inclusive", "unspecified"))
TAX_DETAILS = Hash({"performance_location": Text(), "tax_code": Text(unset=True)})
INTERVALS = ("day", "month", "week", "year")
_LONGEST = {"day": 1095, "week": 156, "month": 36, "year": 3}


@dataclass(frozen=True)
class Currency:
    """A currency that Stripe supports."""

    def parse(self, raw: Raw, path: str) -> str:
        """The currency in lower case."""
        return currencies.parse(scalar(raw, path), path)


@dataclass(frozen=True)
class UpTo:
    """The upper bound of a tier: a number, or `inf` for the last one."""

    def parse(self, raw: Raw, path: str) -> int | None:
        """The bound; None for `inf`."""
        return None if raw == "inf" else Integer(minimum=1).parse(raw, path)


CUSTOM_UNIT_AMOUNT = Hash(
    {"enabled": Boolean(), "maximum": UNIT_AMOUNT, "minimum": UNIT_AMOUNT, "preset": UNIT_AMOUNT}, ("enabled",)
)
TIERS = ListOf(
    Hash(
        {
            "flat_amount": UNIT_AMOUNT,
            "flat_amount_decimal": DECIMAL_AMOUNT,
            "unit_amount": UNIT_AMOUNT,
            "unit_amount_decimal": DECIMAL_AMOUNT,
            "up_to": UpTo(),
        },
        ("up_to",),
    ),
    minimum=1,
    maximum=100,
)
CURRENCY_OPTION = Hash(
    {
        "custom_unit_amount": CUSTOM_UNIT_AMOUNT,
        "tax_behavior": TAX_BEHAVIOR,
        "tiers": TIERS,
        "unit_amount": UNIT_AMOUNT,
        "unit_amount_decimal": DECIMAL_AMOUNT,
    }
)
INLINE_RECURRING = Hash({"interval": Choice(INTERVALS), "interval_count": Integer(1, 1095)}, ("interval",))
INLINE_PRODUCT = Hash(
    {
        "description": Text(maximum=40_000),
        "images": ListOf(Url(maximum=2048), maximum=8),
        "metadata": Metadata(),
        "name": Text(maximum=250),
        "tax_code": Text(pattern=r"txcd_[0-9]{8}", what="no such tax code."),
        "tax_details": TAX_DETAILS,
        "unit_label": Text(maximum=12),
    },
    ("name",),
)
INLINE_PRICE = Hash(
    {
        "currency": Currency(),
        "product": Text(),
        "product_data": INLINE_PRODUCT,
        "recurring": INLINE_RECURRING,
        "tax_behavior": TAX_BEHAVIOR,
        "unit_amount": UNIT_AMOUNT,
        "unit_amount_decimal": DECIMAL_AMOUNT,
    },
    ("currency",),
)


def one_of(params: JSON, names: tuple[str, ...], path: str = "") -> str:
    """Which one of these parameters was given; StripeError when none or several were."""
    inside = [f"{path}[{name}]" if path else name for name in names]
    given = [name for name in names if name in params]
    if not given:
        raise missing_parameter(inside[0])
    if len(given) > 1:
        raise exclusive_parameters(inside)
    return given[0]


def check_recurring(recurring: JSON | None, path: str) -> None:
    """At most three years between two payments."""
    if not recurring:
        return
    interval, count = recurring["interval"], recurring.get("interval_count", 1)
    if count > _LONGEST[interval]:
        message = f"Invalid recurring[interval_count]: at most {_LONGEST[interval]} for interval={interval}."
        raise StripeError(message, param=f"{path}[interval_count]" if path else "recurring[interval_count]")


def amounts(params: JSON, currency: str, path: str, name: str = "unit_amount") -> JSON:
    """`unit_amount` and `unit_amount_decimal` (or `flat_…`) as Stripe shows them, checked for the currency."""
    whole, exact = params.get(name), params.get(f"{name}_decimal")
    where = f"{path}[{name}]" if path else name
    if whole is not None and exact is not None:
        raise exclusive_parameters([where, f"{where}_decimal"])
    if exact is not None and exact == exact.to_integral_value():
        whole = int(exact)
    if whole is not None:
        currencies.check_amount(whole, currency, where)
        return {name: whole, f"{name}_decimal": str(whole)}
    text = None if exact is None else f"{exact.normalize():f}"
    return {name: None, f"{name}_decimal": text}


def tiers(params: list[JSON], currency: str, path: str) -> list[JSON]:
    """Tiers as Stripe shows them: rising bounds, the last one open, each with an amount."""
    shown = []
    last = 0
    for position, tier in enumerate(params):
        where = f"{path}[{position}]"
        bound, final = tier["up_to"], position == len(params) - 1
        if (bound is None) is not final:
            raise StripeError("The last tier must have `up_to` set to `inf`, and only the last.", param=where)
        if bound is not None and bound <= last:
            raise StripeError("Tiers must be in ascending order of `up_to`.", param=f"{where}[up_to]")
        last = bound or last
        flat = amounts(tier, currency, where, "flat_amount")
        unit = amounts(tier, currency, where, "unit_amount")
        if flat["flat_amount_decimal"] is None and unit["unit_amount_decimal"] is None:
            raise StripeError("Each tier needs a `flat_amount` or a `unit_amount`.", param=where)
        shown.append({**flat, **unit, "up_to": bound})
    return shown


def custom_unit_amount(params: JSON, currency: str, path: str) -> JSON:
    """A customer-chooses amount as Stripe shows it: at least the minimum charge, preset within the bounds."""
    if not params["enabled"]:
        raise StripeError("`custom_unit_amount[enabled]` must be true.", param=f"{path}[enabled]")
    shown = {key: params.get(key) for key in ("maximum", "minimum", "preset")}
    for key, value in shown.items():
        if value is not None:
            currencies.check_amount(value, currency, f"{path}[{key}]")
    least = currencies.MINIMUM_CHARGE.get(currency, 1)
    minimum, maximum, preset = shown["minimum"], shown["maximum"], shown["preset"]
    if minimum is not None and minimum < least:
        message = f"The minimum amount must be at least {currencies.words(least, currency)}."
        raise StripeError(message, code="amount_too_small", param=f"{path}[minimum]")
    low, high = minimum or least, maximum or currencies.maximum(currency)
    if low > high:
        raise StripeError("The maximum must not be below the minimum.", param=f"{path}[maximum]")
    if preset is not None and not low <= preset <= high:
        message = "The preset must be between the minimum and the maximum."
        raise StripeError(message, param=f"{path}[preset]")
    return shown
