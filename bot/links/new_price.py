"""A new price of the catalog, as it is asked for.

Declared once, as a link's options are (`bot/links/options/base.py`). Field names are Stripe's parameter names; `kind`,
`package_amount` and `billing` are ours, and amounts that depend on one another are texts (`bot/links/tiers.py`).
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field

from bot.errors import Problem
from bot.links.currency_amounts import EXAMPLE as CURRENCIES_EXAMPLE
from bot.links.currency_amounts import amount_params, read_options, tier_params
from bot.links.line_item import Recurring
from bot.links.options.base import Ask, Part, prune
from bot.links.periods import BILLING, CUSTOM, ONCE
from bot.links.pricing import Tier
from bot.links.products import KEYS
from bot.links.rules import period_problem
from bot.links.tiers import EXAMPLE as TIERS_EXAMPLE
from bot.links.tiers import read_amount, read_tiers

EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "billing_scheme": "Follows from the kind of price.",
        "product_data": "The product is made, or picked, first.",
        "custom_unit_amount.enabled": "Follows from the kind of price.",
        "currency_options.custom_unit_amount.enabled": "Follows from the kind of price.",
        "recurring.meter": "Billing by usage: Payment Links don't sell it.",
        "recurring.usage_type": "Billing by usage: Payment Links don't sell it.",
        "recurring.trial_period_days": "Left over from plans: a link has a trial of its own, and ignores this one.",
    }
)
"""Stripe's parameters that aren't asked for, and why. A path stands for all that is below it."""

_FLAT, _PACKAGE, _TIERED, _CUSTOM = (("kind", kind) for kind in ("flat", "package", "tiered", "custom"))

NICKNAME = Ask("Note for your team", "text", hint="Customers don't see it.", placeholder="Early bird", max_length=200)
LOOKUP_KEY = Ask(
    "Lookup key",
    "text",
    hint="What your own systems find the price by. No two prices have the same.",
    placeholder="seat_monthly",
    max_length=200,
)
TRANSFER = Ask("Take the lookup key from the price that has it now", "switch")
TAX = Ask(
    "Tax",
    "choice",
    choices={"exclusive": "Comes on top of the amount", "inclusive": "Is in the amount"},
    placeholder="As in your tax settings",
    hint="Matters with Stripe Tax. Once it is set it can't be changed.",
)
CURRENCIES = Ask(
    "Further currencies",
    "multiline",
    hint="One a line: usd = 11.00. For tiers, an amount for each with a ; between; where the customer chooses, "
    "usd = 5.00 to 500.00. Customers elsewhere are shown theirs.",
    placeholder=CURRENCIES_EXAMPLE,
)


class TransformQuantity(Part):
    divide_by: Annotated[
        int | None,
        Ask("How many in a package", "number", placeholder="5", minimum=2, required=True, shown_when=_PACKAGE),
    ] = None
    round: Annotated[
        str,
        Ask(
            "A part of a package",
            "choice",
            choices={"up": "Is paid as a whole one", "down": "Is free"},
            required=True,
            shown_when=_PACKAGE,
        ),
    ] = "up"


def _bound(label: str, placeholder: str, hint: str = "") -> Ask:
    return Ask(label, "amount", placeholder=placeholder, hint=hint, currency_at="currency", shown_when=_CUSTOM)


class CustomUnitAmount(Part):
    minimum: Annotated[int | None, _bound("At least", "5.00", "Left empty, Stripe's smallest charge.")] = None
    maximum: Annotated[int | None, _bound("At most", "500.00", "Left empty, Stripe's largest charge.")] = None
    preset: Annotated[int | None, _bound("Suggested", "20.00", "Stands in the form; the customer can change it.")] = (
        None
    )


class Period(Part):
    interval_count: Annotated[
        int | None,
        Ask("Every", "number", placeholder="2", minimum=1, required=True, shown_when=("billing", CUSTOM)),
    ] = None
    interval: Annotated[
        str,
        Ask(
            "Unit",
            "choice",
            choices={"day": "Days", "week": "Weeks", "month": "Months", "year": "Years"},
            required=True,
            shown_when=("billing", CUSTOM),
        ),
    ] = "month"


class NewPrice(Part):
    """A price to be made for a product."""

    kind: Annotated[
        str,
        Ask(
            "Kind of price",
            "choice",
            choices={
                "flat": "The same amount for each",
                "package": "An amount for a package of several",
                "tiered": "Tiers: the amount depends on the quantity",
                "custom": "The customer chooses what to pay",
            },
            required=True,
        ),
    ] = "flat"
    currency: Annotated[str | None, Ask("Currency", "currency", required=True)] = None
    unit_amount: Annotated[
        str | None,
        Ask("Amount for one", "text", placeholder="1,250.00", max_length=40, required=True, shown_when=_FLAT),
    ] = None
    package_amount: Annotated[
        str | None,
        Ask("Amount for a package", "text", placeholder="10.00", max_length=40, required=True, shown_when=_PACKAGE),
    ] = None
    transform_quantity: TransformQuantity = TransformQuantity()
    tiers_mode: Annotated[
        str,
        Ask(
            "How tiers count",
            "choice",
            choices={
                "graduated": "Graduated: each unit costs what its own tier says",
                "volume": "Volume: all units cost what the tier reached says",
            },
            required=True,
            shown_when=_TIERED,
        ),
    ] = "graduated"
    tiers: Annotated[
        str | None,
        Ask(
            "Tiers",
            "multiline",
            hint="One a line, at most 20: the most units = the amount for each, + a flat fee if there is one. The last "
            "line begins with rest.",
            placeholder=TIERS_EXAMPLE,
            required=True,
            shown_when=_TIERED,
        ),
    ] = None
    custom_unit_amount: CustomUnitAmount = CustomUnitAmount()
    billing: Annotated[str, Ask("Billing", "choice", choices=BILLING, required=True)] = ONCE
    recurring: Period = Period()
    currency_options: Annotated[str | None, CURRENCIES] = None
    tax_behavior: Annotated[str | None, TAX] = None
    nickname: Annotated[str | None, NICKNAME] = None
    lookup_key: Annotated[str | None, LOOKUP_KEY] = None
    transfer_lookup_key: Annotated[bool, TRANSFER] = False
    metadata: Annotated[dict[str, str], KEYS] = Field(default_factory=dict)

    @property
    def period(self) -> Recurring | None:
        """How often it is billed; None for a price that is paid once."""
        if self.billing == ONCE:
            return None
        interval, _, count = self.billing.partition(":")
        if self.billing == CUSTOM:
            return Recurring.model_validate(
                {"interval": self.recurring.interval, "interval_count": self.recurring.interval_count or 1}
            )
        return Recurring.model_validate({"interval": interval, "interval_count": int(count)})

    def problems(self) -> Iterator[Problem]:
        """What stands against it beyond its fields' own limits."""
        yield from self._amount_problems()
        if self.kind == "custom" and self.period:
            yield Problem("billing", "What the customer chooses is paid once: set Billing to Once.")
        if self.kind == "tiered" and not self.period:
            yield Problem("billing", "Tiers are for recurring prices: pick how often it is billed.")
        if self.period and (wrong := period_problem(self.period)):
            yield Problem("recurring.interval_count", wrong)

    def to_stripe(self, product_id: str) -> dict[str, Any]:
        """The parameters for creating it; only for a price without problems."""
        params = self.model_dump(include={"currency", "nickname", "lookup_key", "tax_behavior", "metadata"})
        params |= {"product": product_id, **self._amounts()}
        if self.currency_options:
            params["currency_options"] = with_tax(self._options(), self.tax_behavior)
        if self.period:
            params["recurring"] = self.period.model_dump()
        pruned: dict[str, Any] = prune(params)
        return pruned | ({"transfer_lookup_key": True} if self.lookup_key and self.transfer_lookup_key else {})

    @property
    def steps(self) -> tuple[Tier, ...]:
        """The tiers that are typed. Raises ValueError."""
        return read_tiers(self.tiers or "", str(self.currency)) if self.kind == "tiered" else ()

    def _amount_problems(self) -> Iterator[Problem]:
        amounts = {"flat": "unit_amount", "package": "package_amount", "tiered": "tiers"}
        found = list(reading_problems(amounts.get(self.kind, "custom_unit_amount"), self._amounts))
        yield from found or reading_problems("currency_options", self._options)
        chosen = self.custom_unit_amount
        low, high = chosen.minimum or 0, chosen.maximum
        if high is not None and high < low:
            yield Problem("custom_unit_amount.maximum", "Write at least as much as the smallest amount.")
        elif chosen.preset is not None and not low <= chosen.preset <= (chosen.preset if high is None else high):
            yield Problem("custom_unit_amount.preset", "Write an amount between the smallest and the largest.")

    def _amounts(self) -> dict[str, Any]:
        currency = str(self.currency)
        if self.kind == "tiered":
            scheme = {"billing_scheme": "tiered", "tiers_mode": self.tiers_mode}
            return {**scheme, "tiers": tier_params(self.steps)}
        if self.kind == "custom":
            return {"custom_unit_amount": {"enabled": True, **self.custom_unit_amount.model_dump()}}
        if self.kind == "package":
            amount = amount_params("unit_amount", read_amount(self.package_amount or "", currency))
            return {**amount, "transform_quantity": self.transform_quantity.model_dump()}
        return amount_params("unit_amount", read_amount(self.unit_amount or "", currency))

    def _options(self) -> dict[str, dict[str, Any]]:
        return read_options(self.currency_options or "", str(self.currency), self.kind, self.steps)


def with_tax(options: dict[str, dict[str, Any]], tax_behavior: str | None) -> dict[str, dict[str, Any]]:
    """Whether tax is in the amount is the same in every currency."""
    if tax_behavior is None:
        return options
    return {currency: {**option, "tax_behavior": tax_behavior} for currency, option in options.items()}


def reading_problems(where: str, read: Callable[[], Any]) -> Iterator[Problem]:
    """What is wrong with what is typed there, if it can't be read."""
    try:
        read()
    except ValueError as error:
        yield Problem(where, str(error))
