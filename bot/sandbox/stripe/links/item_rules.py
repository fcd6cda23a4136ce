"""Rules about what a Payment Link sells."""

from collections.abc import Iterable

from bot.sandbox.stripe import currencies, pricing
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.links.draft import Draft
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def check_items(draft: Draft) -> None:
    """Raise StripeError unless these line items and optional items can be sold together."""
    optional = _optional_prices(draft)
    check_currency(draft.ctx, [price for price, _ in optional], draft.currency, "optional_items")
    _check_intervals(draft, [price for price, _ in optional])
    _check_custom_amount(draft)
    if len(draft.items) + len(optional) > 20:
        message = "You can have at most 20 line items and optional items together."
        raise StripeError(message, param="optional_items")
    for position, (_, item) in enumerate(optional):
        check_adjustable(item.get("adjustable_quantity"), item["quantity"], f"optional_items[{position}]")
    if not any(item["price"]["custom_unit_amount"] for item in draft.items):
        currencies.check_total(due_today(draft), draft.currency)


def check_currency(ctx: Context, prices: Iterable[JSON], currency: str, name: str) -> None:
    """Raise StripeError unless each of the prices has an amount in this currency."""
    for position, price in enumerate(prices):
        if pricing.in_currency(ctx.account, price, currency) is None:
            message = (
                f"The price specified only supports `{price['currency']}`. This doesn't match the expected currency: "
                f"`{currency}`."
            )
            raise StripeError(message, param=f"{name}[{position}][price]")


def check_sellable(ctx: Context, price: JSON, where: str) -> None:
    """Raise StripeError unless a price and its product are active and it is not metered."""
    if not price["active"]:
        message = "The price specified is inactive. This field only accepts active prices."
        raise StripeError(message, code="price_inactive", param=where)
    if not ctx.table("product")[price["product"]]["active"]:
        message = "The price specified belongs to an inactive product. This field only accepts active products."
        raise StripeError(message, code="product_inactive", param=where)
    if (price["recurring"] or {}).get("usage_type") == "metered":
        raise StripeError("Payment Links don't support metered prices with a quantity.", param=where)


def due_today(draft: Draft) -> int:
    """What the customer pays at once, before discounts: nothing for recurring items during a trial."""
    trial = (draft.params.get("subscription_data") or {}).get("trial_period_days")
    account = draft.ctx.account
    return sum(
        pricing.subtotal(account, item["price"], draft.currency, item["quantity"])
        for item in draft.items
        if not (trial and item["price"]["type"] == "recurring")
    )


def check_adjustable(adjustable: JSON | None, quantity: int, where: str) -> None:
    """The bounds must be in order, and the quantity within them."""
    if not adjustable:
        return
    if not adjustable["enabled"]:
        if any(adjustable.get(key) is not None for key in ("minimum", "maximum")):
            message = "You can only set a minimum or maximum when `adjustable_quantity[enabled]` is true."
            raise StripeError(message, param=f"{where}[adjustable_quantity]")
        return
    minimum = adjustable.get("minimum") or 0
    maximum = adjustable["maximum"] if adjustable.get("maximum") is not None else 99
    if minimum > maximum:
        message = "`adjustable_quantity[minimum]` must be less than or equal to `adjustable_quantity[maximum]`."
        raise StripeError(message, param=f"{where}[adjustable_quantity][minimum]")
    if not minimum <= quantity <= maximum:
        message = f"The quantity must be between {minimum} and {maximum}, the bounds of `adjustable_quantity`."
        raise StripeError(message, param=f"{where}[quantity]")


def _optional_prices(draft: Draft) -> list[tuple[JSON, JSON]]:
    pairs = []
    for position, item in enumerate(draft.params.get("optional_items") or []):
        where = f"optional_items[{position}][price]"
        price = draft.ctx.refer("price", item["price"], where)
        check_sellable(draft.ctx, price, where)
        if price["custom_unit_amount"]:
            raise StripeError("Optional items can't have a customer-chosen amount.", param=where)
        pairs.append((price, item))
    return pairs


def _check_intervals(draft: Draft, optional: list[JSON]) -> None:
    prices = [item["price"] for item in draft.items]
    recurring = [price for price in [*prices, *optional] if price["recurring"]]
    intervals = {(price["recurring"]["interval"], price["recurring"]["interval_count"]) for price in recurring}
    if len(intervals) > 1:
        message = "Checkout does not support multiple prices with different billing intervals."
        raise StripeError(message, param="line_items")
    if draft.mode == "payment" and any(price["recurring"] for price in optional):
        message = "A recurring optional item needs at least one line item with a recurring price."
        raise StripeError(message, param="optional_items")


def _check_custom_amount(draft: Draft) -> None:
    chosen = [item for item in draft.items if item["price"]["custom_unit_amount"]]
    if not chosen:
        return
    if len(draft.items) > 1 or draft.params.get("optional_items"):
        message = "A price with `custom_unit_amount` can't be used together with other items."
        raise StripeError(message, param="line_items")
    if chosen[0]["quantity"] != 1:
        message = "A price with `custom_unit_amount` must have a quantity of 1."
        raise StripeError(message, param="line_items[0][quantity]")
    if (chosen[0]["adjustable_quantity"] or {}).get("enabled"):
        message = "A price with `custom_unit_amount` can't have an adjustable quantity."
        raise StripeError(message, param="line_items[0][adjustable_quantity]")
    if draft.params.get("allow_promotion_codes"):
        message = "Promotion codes can't be used with a price with `custom_unit_amount`."
        raise StripeError(message, param="allow_promotion_codes")
