"""What a price costs, in whole minor units."""

from decimal import ROUND_HALF_UP, Decimal

from bot.sandbox.stripe.state import Account
from bot.sandbox.stripe.tables import JSON


def in_currency(account: Account, price: JSON, currency: str) -> JSON | None:
    """The price's amounts in one of its currencies; None when it has none in that currency."""
    options: JSON = account.price_extras[price["id"]]["currency_options"]
    return options.get(currency)


def subtotal(account: Account, price: JSON, currency: str, quantity: int, chosen: int | None = None) -> int:
    """What `quantity` of a price cost before discount and tax; `chosen` is the amount a customer chose."""
    option = in_currency(account, price, currency) or {}
    if option.get("custom_unit_amount"):
        return chosen if chosen is not None else option["custom_unit_amount"]["preset"] or 0
    if tiers := option.get("tiers"):
        return _tiered(tiers, price["tiers_mode"], quantity)
    units = _packages(price.get("transform_quantity"), quantity)
    return _round(Decimal(option["unit_amount_decimal"]) * units)


def _packages(transform: JSON | None, quantity: int) -> int:
    if not transform:
        return quantity
    whole, rest = divmod(quantity, int(transform["divide_by"]))
    return whole + 1 if rest and transform["round"] == "up" else whole


def _tiered(tiers: list[JSON], mode: str, quantity: int) -> int:
    total = Decimal(0)
    below = 0
    for tier in tiers:
        bound = tier["up_to"]
        last = bound is None or quantity <= bound
        units = quantity if mode == "volume" else min(quantity, bound or quantity) - below
        if last or mode == "graduated":
            total += _amount(tier, "unit_amount") * units + _amount(tier, "flat_amount")
        if last:
            break
        below = bound
    return _round(total)


def _amount(tier: JSON, name: str) -> Decimal:
    return Decimal(tier[f"{name}_decimal"] or 0)


def _round(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
