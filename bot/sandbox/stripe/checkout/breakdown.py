"""A session's discounts and taxes, added up: `total_details.breakdown`."""

from collections.abc import Iterable

from bot.sandbox.stripe import tax
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def breakdown(ctx: Context, session: JSON) -> JSON:
    """Amounts by discount and by tax rate."""
    lines = ctx.account.line_items[session["id"]]
    discounts = [one for line in lines for one in ctx.account.extras.get(line["id"], {}).get("discounts", [])]
    return {
        "discounts": _added_up(discounts, "discount"),
        "taxes": _added_up(session_taxes(ctx, session), "rate"),
    }


def session_taxes(ctx: Context, session: JSON) -> list[JSON]:
    """The taxes on each of the session's lines and on its shipping."""
    lines = ctx.account.line_items[session["id"]]
    on_shipping: list[JSON] = ctx.account.extras.get(session["id"], {}).get("shipping_cost.taxes", [])
    return [one for line in lines for one in tax.taxes_of(ctx, line)] + on_shipping


def _added_up(parts: Iterable[JSON], by: str) -> list[JSON]:
    totals: dict[str, JSON] = {}
    for part in parts:
        total = totals.setdefault(part[by]["id"], {**part, "amount": 0, **_none_taxable(part)})
        total["amount"] += part["amount"]
        if "taxable_amount" in part:
            total["taxable_amount"] += part["taxable_amount"]
    return list(totals.values())


def _none_taxable(part: JSON) -> JSON:
    return {"taxable_amount": 0} if "taxable_amount" in part else {}
