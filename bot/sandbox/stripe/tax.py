"""Automatic tax, plainly: one rate a country, taken from the address, and nothing where the sandbox collects none."""

from decimal import ROUND_HALF_UP, Decimal

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

RATES = {
    "AT": "20", "AU": "10", "BE": "21", "CA": "5", "CH": "8.1", "DE": "19", "DK": "25", "ES": "21", "FI": "25.5",
    "FR": "20", "GB": "20", "IE": "23", "IT": "22", "JP": "10", "NL": "21", "NO": "25", "PL": "23", "PT": "23",
    "SE": "25", "US": "8.25",
}  # fmt: skip
"""Percent by country."""
_KINDS = {
    "AU": ("GST", "gst"),
    "CA": ("GST", "gst"),
    "JP": ("JCT", "jct"),
    "US": ("Sales Tax", "sales_tax"),
}
NONTAXABLE = "txcd_00000000"


def apply_tax(ctx: Context, lines: list[JSON], currency: str, country: str) -> None:
    """Put each line's tax on it, after its discount: on top of the price, or as a part of it."""
    for line in lines:
        product = ctx.table("product")[line["price"]["product"]]
        inclusive = is_inclusive(line["price"]["tax_behavior"], currency)
        taxable = product["tax_code"] != NONTAXABLE
        tax = _tax(ctx, line["amount_subtotal"] - line["amount_discount"], country, inclusive, taxable)
        line["amount_tax"] = tax["amount"]
        if not inclusive:
            line["amount_total"] += tax["amount"]
        ctx.account.extras.setdefault(line["id"], {})["taxes"] = [tax]


def shipping_tax(ctx: Context, rate: JSON, currency: str, country: str) -> JSON:
    """The tax on a shipping rate."""
    inclusive = is_inclusive(rate["tax_behavior"], currency)
    return _tax(ctx, rate["fixed_amount"]["amount"], country, inclusive, rate["tax_code"] != NONTAXABLE)


def is_inclusive(behavior: str, currency: str) -> bool:
    """Whether the price holds its tax. Unspecified, the currency says so: it doesn't in US and Canadian dollars."""
    return behavior == "inclusive" or (behavior == "unspecified" and currency not in ("usd", "cad"))


def taxes_of(ctx: Context, line: JSON) -> list[JSON]:
    """The taxes on a line item; none where it isn't taxed."""
    found: list[JSON] = ctx.account.extras.get(line["id"], {}).get("taxes", [])
    return found


def added(taxes: list[JSON]) -> int:
    """What these taxes add to prices that don't hold them."""
    return sum(tax["amount"] for tax in taxes if not tax["rate"]["inclusive"])


def _tax(ctx: Context, amount: int, country: str, inclusive: bool, taxable: bool) -> JSON:
    rate = tax_rate(ctx, country, inclusive)
    percent = Decimal(str(rate["percentage"])) if taxable else Decimal(0)
    due = Decimal(amount) * percent / (100 + percent if inclusive else 100)
    reason = "standard_rated" if percent else "not_collecting" if taxable else "product_exempt"
    rounded = int(due.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    base = amount - rounded if inclusive else amount
    return {"amount": rounded, "rate": rate, "taxability_reason": reason, "taxable_amount": base if percent else 0}


def tax_rate(ctx: Context, country: str, inclusive: bool) -> JSON:
    """The account's tax rate for a country, made when it is first needed."""
    for rate in ctx.table("tax_rate").values():
        if (rate["country"], rate["inclusive"]) == (country, inclusive):
            return rate
    name, kind = _KINDS.get(country, ("VAT", "vat"))
    percentage = float(RATES.get(country, "0"))
    made: JSON = {
        "id": ctx.new_id("txr"),
        "object": "tax_rate",
        "active": False,
        "country": country,
        "created": ctx.now(),
        "description": None,
        "display_name": name,
        "effective_percentage": percentage,
        "flat_amount": None,
        "inclusive": inclusive,
        "jurisdiction": country,
        "jurisdiction_level": "country",
        "livemode": ctx.account.livemode,
        "metadata": {},
        "percentage": percentage,
        "rate_type": "percentage",
        "state": None,
        "tax_type": kind,
    }
    return ctx.add("tax_rate", made)
