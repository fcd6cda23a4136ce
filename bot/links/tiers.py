"""Tiers and unit amounts as people type them: one tier a line, amounts in major units."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.links.pricing import Tier
from bot.links.text import clean_line
from bot.money import AmountError, Money, exponent, parse_amount

MOST_TIERS = 20
EXAMPLE = "10 = 9.00\n50 = 8.00 + 20.00 flat\nrest = 5.00"

_REST = frozenset(("rest", "more", "above", "inf", "∞"))
_BOUND = re.compile(r"(?:up to |(\d+) ?[-–] ?)?(\d{1,3}(?:[ ,.'’]\d{3})+|\d{1,12})", re.ASCII | re.IGNORECASE)
_FEE = re.compile(r"(?: flat| once)$|^(?:flat|once) ", re.IGNORECASE)
_EACH = re.compile(r"(?: each| per unit)$", re.IGNORECASE)
_BELOW_ONE = re.compile(r"0\.\d{1,14}", re.ASCII)


def read_amount(text: str, currency: str) -> Decimal:
    """Minor units. An amount below one may have fractions of a minor unit: `0.0025`. Raises AmountError."""
    try:
        return Decimal(parse_amount(text, currency).amount)
    except AmountError:
        fine = Decimal(text.strip()).scaleb(exponent(currency)) if _BELOW_ONE.fullmatch(text.strip()) else None
        if fine is None or fine == fine.to_integral_value():
            raise
    return fine.normalize()


def write_amount(amount: Decimal, currency: str) -> str:
    """The inverse of `read_amount`."""
    if amount == amount.to_integral_value():
        return Money(int(amount), currency).plain()
    return f"{amount.scaleb(-exponent(currency)).normalize():f}"


def read_tiers(text: str, currency: str) -> tuple[Tier, ...]:
    """Raises ValueError with a sentence that says what to do."""
    lines = [cleaned for line in text.split("\n") if (cleaned := clean_line(line))]
    if len(lines) > MOST_TIERS:
        raise ValueError(f"Write at most {MOST_TIERS} tiers; these are {len(lines)}.")
    tiers: list[Tier] = []
    for number, line in enumerate(lines, 1):
        below = tiers[-1].up_to or 0 if tiers else 0
        try:
            tiers.append(_read_tier(line, below, currency, last=number == len(lines)))
        except ValueError as error:
            raise ValueError(f"Line {number}: {error}") from None
    return tuple(tiers)


def read_tier_amounts(text: str, bounds: Sequence[Tier], currency: str) -> tuple[Tier, ...]:
    """The same tiers in another currency, their amounts in a row: `9.00; 8.00 + 20.00 flat; 5.00`."""
    amounts = text.split(";")
    if len(amounts) != len(bounds):
        raise ValueError(f"write an amount for each of the {len(bounds)} tiers, with a ; between them.")
    return tuple(_with_amounts(bound.up_to, one, currency) for bound, one in zip(bounds, amounts, strict=True))


def write_tiers(tiers: Iterable[Tier], currency: str) -> str:
    """The inverse of `read_tiers`."""
    return "\n".join(f"{'rest' if tier.up_to is None else tier.up_to} = {_written(tier, currency)}" for tier in tiers)


def _read_tier(line: str, below: int, currency: str, *, last: bool) -> Tier:
    bound, separator, amounts = (part.strip() for part in line.partition("="))
    if not separator:
        raise ValueError("write it as 10 = 9.00, the last one as rest = 5.00.")
    rest = bound.lower() in _REST
    if rest != last:
        raise ValueError("the last line, and only that, is for all above: begin it with rest =.")
    return _with_amounts(None if rest else _read_bound(bound, below), amounts, currency)


def _read_bound(text: str, below: int) -> int:
    found = _BOUND.fullmatch(text)
    if not found:
        raise ValueError("before the =, write the most units of the tier, like 10.")
    bound = int(re.sub(r"\D", "", found[2]))
    if found[1] and int(found[1]) != below + 1:
        raise ValueError(f"begin at {below + 1:,}, right after the tier before.")
    if bound <= below:
        raise ValueError(f"write more than {below:,}: tiers go up." if below else "write 1 or more before the =.")
    return bound


def _with_amounts(up_to: int | None, text: str, currency: str) -> Tier:
    unit: Decimal | None = None
    flat: Decimal | None = None
    for place, part in enumerate(piece.strip() for piece in text.split("+")):
        if place or _FEE.search(part):
            if flat is not None:
                raise ValueError("write one amount for each unit, and after a + one flat fee.")
            flat = read_amount(_FEE.sub("", part), currency)
        else:
            unit = read_amount(_EACH.sub("", part), currency)
    return Tier(up_to=up_to, unit_amount=unit, flat_amount=flat)


def _written(tier: Tier, currency: str) -> str:
    unit = [] if tier.unit_amount is None else [write_amount(tier.unit_amount, currency)]
    flat = [] if tier.flat_amount is None else [f"{write_amount(tier.flat_amount, currency)} flat"]
    return " + ".join((*unit, *flat))
