"""A row of a payment link: a price, how many, and whether the customer may change that."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from secrets import token_hex
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.errors import Problem
from bot.links import pricing
from bot.links.pricing import Chosen, Pricing
from bot.links.text import clean_line
from bot.money import Money

Interval = Literal["day", "week", "month", "year"]
TaxBehavior = Literal["exclusive", "inclusive"]
Line = Annotated[str, AfterValidator(clean_line)]

MAX_QUANTITY = 999_999
MAX_LINE_ITEMS = 20
DEFAULT_MINIMUM = 0
"""Stripe's `adjustable_quantity[minimum]` when none is given."""
DEFAULT_MAXIMUM = 99
"""Stripe's `adjustable_quantity[maximum]` when none is given."""


class Recurring(BaseModel):
    """A billing period: every `interval_count` `interval`s."""

    model_config = ConfigDict(frozen=True)

    interval: Interval
    interval_count: int = 1

    @property
    def words(self) -> str:
        """`every month`, `every 2 weeks`."""
        count = self.interval_count
        return f"every {self.interval}" if count == 1 else f"every {count} {self.interval}s"


class CatalogPrice(BaseModel):
    """A price from Stripe's catalog, with what we need to show it.

    `unit_amount_decimal` is in minor units and may have a fraction: for one, or for one package; None where there is no
    such amount (tiers, customer chooses). `pricing` says how a price that isn't plain is reckoned; `metered` that it is
    by what was used, which is known afterwards. `is_further`: `currency` isn't the price's own but another one that it
    has an amount in, which Stripe has to be told.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["catalog"] = "catalog"
    price: str
    product_name: str
    currency: str
    unit_amount_decimal: Decimal | None = None
    recurring: Recurring | None = None
    pricing: Pricing | None = None
    metered: bool = False
    is_further: bool = False

    @property
    def name(self) -> str:
        return self.product_name

    @property
    def customer_chooses(self) -> bool:
        """Stripe's `custom_unit_amount`."""
        return isinstance(self.pricing, Chosen)

    @property
    def is_plain(self) -> bool:
        """Whether it is one amount for each, known before paying."""
        return self.pricing is None and not self.metered


class OneOffPrice(BaseModel):
    """An amount typed for this link alone (`price_data`). `unit_amount` is in minor units.

    `tax_behavior` and `tax_code` are for Stripe Tax; None leaves them to the account's tax settings.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["one_off"] = "one_off"
    name: Line
    unit_amount: int
    currency: str
    recurring: Recurring | None = None
    description: str | None = None
    tax_behavior: TaxBehavior | None = None
    tax_code: str | None = None


class AdjustableQuantity(BaseModel):
    """The customer may change the quantity between `minimum` and `maximum` (Stripe's defaults when None)."""

    model_config = ConfigDict(frozen=True)

    minimum: int | None = None
    maximum: int | None = None


def new_row() -> str:
    """A name for a row: short, random, safe in Slack's ids."""
    return token_hex(4)


class LineItem(BaseModel):
    """A row of the draft. `row` is ours and stable across edits; `stripe_id` (`li_…`) is set on a live link's rows."""

    model_config = ConfigDict(frozen=True)

    row: str = Field(default_factory=new_row)
    price: Annotated[CatalogPrice | OneOffPrice, Field(discriminator="kind")]
    quantity: int = 1
    adjustable_quantity: AdjustableQuantity | None = None
    stripe_id: str | None = None

    @property
    def name(self) -> str:
        """The product's name, as the customer sees it."""
        return self.price.name

    @property
    def amount(self) -> Money | None:
        """What the row comes to, rounded to whole minor units; None when it isn't known before paying."""
        if isinstance(self.price, OneOffPrice):
            return Money(self.price.unit_amount * self.quantity, self.price.currency)
        price = self.price
        total = None if price.metered else pricing.cost(price.pricing, price.unit_amount_decimal, self.quantity)
        return None if total is None else Money(int(total.to_integral_value(ROUND_HALF_UP)), price.currency)


def adjustable_problems(adjustable: AdjustableQuantity, quantity: int, where: str) -> Iterator[Problem]:
    """What stands against these limits, which are at the path `where`: the quantity must be within them."""
    minimum = DEFAULT_MINIMUM if adjustable.minimum is None else adjustable.minimum
    maximum = DEFAULT_MAXIMUM if adjustable.maximum is None else adjustable.maximum
    if not 0 <= minimum <= MAX_QUANTITY:
        yield Problem(f"{where}.minimum", f"Write a minimum from 0 to {MAX_QUANTITY:,}.")
    elif minimum > quantity:
        yield Problem(f"{where}.minimum", f"The quantity is {quantity:,}: write a minimum of {quantity:,} or less.")
    if not 1 <= maximum <= MAX_QUANTITY:
        yield Problem(f"{where}.maximum", f"Write a maximum from 1 to {MAX_QUANTITY:,}.")
    elif maximum < quantity:
        yield Problem(f"{where}.maximum", f"The quantity is {quantity:,}: write a maximum of {quantity:,} or more.")
