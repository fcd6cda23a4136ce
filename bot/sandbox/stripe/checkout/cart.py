"""What a customer is about to buy."""

from dataclasses import dataclass, field

from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


@dataclass
class Cart:
    """The customer's choices in one session. Quantities are by line item id, optional items by price id.

    `country` is where tax is due, once it is known.
    """

    items: list[JSON]
    quantities: dict[str, int]
    optional: dict[str, int] = field(default_factory=dict)
    amount: int | None = None
    promotion_code: str | None = None
    discount: JSON | None = None
    shipping_rate: str | None = None
    country: str | None = None


def new_cart(ctx: Context, link: JSON) -> Cart:
    """The link's items as they come, under ids of their own, with the first shipping rate."""
    items = [{**item, "id": ctx.new_id("li")} for item in ctx.account.line_items[link["id"]]]
    rates = link["shipping_options"]
    custom = items[0]["price"]["custom_unit_amount"]
    return Cart(
        items=items,
        quantities={item["id"]: item["quantity"] for item in items},
        amount=custom["preset"] if custom else None,
        shipping_rate=rates[0]["shipping_rate"] if rates else None,
    )
