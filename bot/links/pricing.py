"""What so many of something cost, for the prices that aren't a plain amount for each: tiers, packages, the customer's
choice ("Recurring pricing models", docs.stripe.com). Amounts are in minor units and may have a fraction."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Tier(BaseModel):
    """Up to `up_to` units (None: any number more) cost `unit_amount` each, and `flat_amount` once."""

    model_config = ConfigDict(frozen=True)

    up_to: int | None = None
    unit_amount: Decimal | None = None
    flat_amount: Decimal | None = None

    def cost(self, units: int) -> Decimal:
        """What so many units in this tier cost."""
        return (self.unit_amount or Decimal(0)) * units + (self.flat_amount or Decimal(0))

    @property
    def from_unit(self) -> Decimal | None:
        """What one unit costs here; None where there is only a fee for them all."""
        return None if self.flat_amount and not self.unit_amount else self.unit_amount


class Tiered(BaseModel):
    """`graduated`: each unit costs what its tier says. `volume`: all cost what the tier of the quantity says.

    `tiers` rise, the last one open; there are none where Stripe wasn't asked for them.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["tiered"] = "tiered"
    mode: Literal["graduated", "volume"]
    tiers: tuple[Tier, ...] = ()

    def cost(self, quantity: int) -> Decimal | None:
        """None while the tiers aren't known."""
        if not self.tiers:
            return None
        total, below = Decimal(0), 0
        for tier in self.tiers:
            last = tier.up_to is None or quantity <= tier.up_to
            if self.mode == "volume":
                if last:
                    return tier.cost(quantity)
                continue
            total += tier.cost(quantity - below if last else (tier.up_to or 0) - below)
            if last:
                break
            below = tier.up_to or 0
        return total


class Package(BaseModel):
    """Sold `divide_by` at a time; a part of a package counts as a whole one (`up`) or not at all (`down`).

    `unit_label` is what the product calls one of them, empty when it has no name for it.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["package"] = "package"
    divide_by: int
    round: Literal["up", "down"]
    unit_label: str = ""

    def packages(self, quantity: int) -> int:
        """How many are paid for."""
        whole, rest = divmod(quantity, self.divide_by)
        return whole + 1 if rest and self.round == "up" else whole


class Chosen(BaseModel):
    """The customer chooses what to pay, within these bounds where there are any."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["chosen"] = "chosen"
    minimum: int | None = None
    maximum: int | None = None
    preset: int | None = None


Pricing = Annotated[Tiered | Package | Chosen, Field(discriminator="kind")]


def cost(pricing: Pricing | None, unit_amount: Decimal | None, quantity: int) -> Decimal | None:
    """What `quantity` cost; `unit_amount` is for one, or for one package. None when only paying will tell."""
    if isinstance(pricing, Tiered):
        return pricing.cost(quantity)
    if unit_amount is None or isinstance(pricing, Chosen):
        return None
    return unit_amount * (pricing.packages(quantity) if pricing else quantity)
