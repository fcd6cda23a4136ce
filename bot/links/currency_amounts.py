"""What a price costs in further currencies (Stripe's `currency_options`), typed one currency a line."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.links.pricing import Tier
from bot.links.text import clean_line
from bot.links.tiers import read_amount, read_tier_amounts, write_amount
from bot.money import is_currency, parse_amount

EXAMPLE = "usd = 11.00\ngbp = 9.50"

_RANGE = re.compile(
    r"(?:any|from (?P<low>[^,]+?)|up to (?P<high>[^,]+?)|(?P<least>[^,]+?) (?:to|[-–]) (?P<most>[^,]+?))"
    r"(?:, ?(?:suggested )?(?P<preset>.+))?",
    re.IGNORECASE,
)


def read_options(text: str, own: str, kind: str, tiers: Sequence[Tier] = ()) -> dict[str, dict[str, Any]]:
    """Stripe's parameters by currency. `own` is the price's currency, `kind` as in `bot.links.new_price`.

    Raises ValueError with a sentence that says what to do.
    """
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(filter(None, map(clean_line, text.split("\n"))), 1):
        try:
            currency, amounts = _halves(line, {own, *found})
            found[currency] = _option(amounts, currency, kind, tiers)
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    return found


def write_options(options: Mapping[str, Any], own: str) -> str:
    """Plain amounts as `read_options` reads them, from Stripe's `currency_options`."""
    lines = []
    for currency, option in sorted(options.items()):
        exact = option.get("unit_amount_decimal")
        amount = option.get("unit_amount") if exact is None else exact
        if currency != own and amount is not None:
            lines.append(f"{currency} = {write_amount(Decimal(str(amount)), currency)}")
    return "\n".join(lines)


def amount_params(name: str, amount: Decimal | None) -> dict[str, Any]:
    """The parameter `name`, or `<name>_decimal` where there is a fraction of a minor unit."""
    if amount is None:
        return {}
    whole = amount == amount.to_integral_value()
    return {name: int(amount)} if whole else {f"{name}_decimal": f"{amount:f}"}


def tier_params(tiers: Sequence[Tier]) -> list[dict[str, Any]]:
    """Stripe's `tiers`."""
    return [
        {
            "up_to": "inf" if tier.up_to is None else tier.up_to,
            **amount_params("unit_amount", tier.unit_amount),
            **amount_params("flat_amount", tier.flat_amount),
        }
        for tier in tiers
    ]


def _halves(line: str, taken: set[str]) -> tuple[str, str]:
    currency, separator, amounts = (part.strip() for part in line.partition("="))
    currency = currency.lower()
    if not separator or not amounts:
        raise ValueError("write it as usd = 11.00.")
    if not is_currency(currency):
        raise ValueError(f"{currency[:20]} isn't a currency that Stripe supports. Write its code, like usd.")
    if currency in taken:
        raise ValueError(f"{currency.upper()} is there already. Write each currency once.")
    return currency, amounts


def _option(text: str, currency: str, kind: str, tiers: Sequence[Tier]) -> dict[str, Any]:
    if kind == "tiered":
        return {"tiers": tier_params(read_tier_amounts(text, tiers, currency))}
    if kind == "custom":
        return {"custom_unit_amount": {"enabled": True, **_chosen(text, currency)}}
    return amount_params("unit_amount", read_amount(text, currency))


def _chosen(text: str, currency: str) -> dict[str, int]:
    found = _RANGE.fullmatch(text)
    if not found:
        raise ValueError("write it as usd = 5.00 to 500.00, suggested 20.00 (or from, up to, any).")
    bounds = {
        "minimum": found["low"] or found["least"],
        "maximum": found["high"] or found["most"],
        "preset": found["preset"],
    }
    return {name: parse_amount(typed, currency).amount for name, typed in bounds.items() if typed}
