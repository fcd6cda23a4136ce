"""What a customer is about to buy, and what it costs."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.stripe import currencies, pricing
from bot.sandbox.stripe.checkout.discounts import discounted, usable_code
from bot.sandbox.stripe.checkout.errors import PaymentRefused
from bot.sandbox.stripe.links.objects import line_item
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


@dataclass
class Cart:
    """The customer's choices in one session. Quantities are by line item id, optional items by price id."""

    items: list[JSON]
    quantities: dict[str, int]
    optional: dict[str, int] = field(default_factory=dict)
    amount: int | None = None
    promotion_code: str | None = None
    shipping_rate: str | None = None


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


def choose(ctx: Context, session: JSON, link: JSON, choices: JSON) -> None:
    """Change the cart as the customer did and reprice; PaymentRefused, with nothing changed, when they may not.

    `choices` may hold `quantities`, `optional_items` (0 takes one out), `amount`, `promotion_code` ('' removes it)
    and `shipping_rate`.
    """
    old: Cart = ctx.account.carts[session["id"]]
    new = Cart(old.items, dict(old.quantities), dict(old.optional), old.amount, old.promotion_code, old.shipping_rate)
    for item_id, quantity in choices.get("quantities", {}).items():
        _set_quantity(new, item_id, quantity)
    for price_id, quantity in choices.get("optional_items", {}).items():
        _set_optional(new, link, price_id, quantity)
    if "amount" in choices:
        new.amount = _check_amount(ctx, new, session["currency"], choices["amount"])
    if "shipping_rate" in choices:
        if choices["shipping_rate"] not in [option["shipping_rate"] for option in link["shipping_options"]]:
            raise PaymentRefused("Choose one of the shipping options.", "shipping_rate")
        new.shipping_rate = choices["shipping_rate"]
    if "promotion_code" in choices:
        new.promotion_code = None
    if not any(new.quantities.values()):
        raise PaymentRefused("Keep at least one item.", "quantities")
    _reprice(ctx, session, new, link)
    if code := choices.get("promotion_code"):
        promotion = usable_code(ctx, session, str(code))
        new.promotion_code = promotion["id"]
        _reprice(ctx, session, new, link)
    ctx.account.carts[session["id"]] = new


def reprice(ctx: Context, session: JSON, link: JSON) -> None:
    """Bring the session's line items and totals in step with its cart."""
    _reprice(ctx, session, ctx.account.carts[session["id"]], link)


def is_whole(number: Any, low: int, high: int) -> bool:
    """Whether this is a whole number between the two."""
    return isinstance(number, int) and not isinstance(number, bool) and low <= number <= high


def _set_quantity(cart: Cart, item_id: str, quantity: Any) -> None:
    item = next((item for item in cart.items if item["id"] == item_id), None)
    if item is None:
        raise PaymentRefused("This item isn't part of the order.", "quantities")
    adjustable = item["adjustable_quantity"]
    if quantity == item["quantity"]:
        cart.quantities[item_id] = quantity
        return
    if not adjustable or not adjustable["enabled"]:
        raise PaymentRefused("The quantity of this item can't be changed.", "quantities")
    low, high = adjustable["minimum"], adjustable["maximum"]
    if not is_whole(quantity, low, high):
        raise PaymentRefused(f"Choose a quantity between {low} and {high}.", "quantities")
    cart.quantities[item_id] = quantity


def _set_optional(cart: Cart, link: JSON, price_id: str, quantity: Any) -> None:
    item = next((item for item in link["optional_items"] or [] if item["price"] == price_id), None)
    if item is None:
        raise PaymentRefused("This item isn't offered.", "optional_items")
    if quantity == 0:
        cart.optional.pop(price_id, None)
        return
    adjustable = item["adjustable_quantity"]
    free = adjustable and adjustable["enabled"]
    low, high = (max(adjustable["minimum"], 1), adjustable["maximum"]) if free else (item["quantity"],) * 2
    if not is_whole(quantity, low, high):
        raise PaymentRefused(f"Choose a quantity between {low} and {high}.", "optional_items")
    cart.optional[price_id] = quantity


def _check_amount(ctx: Context, cart: Cart, currency: str, amount: Any) -> int:
    option = pricing.in_currency(ctx.account, cart.items[0]["price"], currency) or {}
    custom = option.get("custom_unit_amount")
    if not custom:
        raise PaymentRefused("The amount of this payment is fixed.", "amount")
    least = custom["minimum"] or currencies.MINIMUM_CHARGE.get(currency, 1)
    most = custom["maximum"] or currencies.maximum(currency)
    if not is_whole(amount, least, most):
        limits = f"at least {currencies.words(least, currency)}"
        if custom["maximum"]:
            limits += f" and at most {currencies.words(most, currency)}"
        raise PaymentRefused(f"Choose an amount of {limits}.", "amount")
    return int(amount)


def _reprice(ctx: Context, session: JSON, cart: Cart, link: JSON) -> None:
    lines = _lines(ctx, session, cart, link)
    promotion = ctx.table("promotion_code").get(cart.promotion_code or "")
    if promotion:
        discounted(ctx, lines, promotion, session["currency"])
    shipping = _shipping_cost(ctx, cart)
    subtotal = sum(line["amount_subtotal"] for line in lines)
    discount = sum(line["amount_discount"] for line in lines)
    shipped = shipping["amount_total"] if shipping else 0
    ctx.account.line_items[session["id"]] = lines
    session.update(
        amount_subtotal=subtotal,
        amount_total=subtotal - discount + shipped,
        discounts=[{"coupon": None, "promotion_code": promotion["id"]}] if promotion else [],
        shipping_cost=shipping,
        total_details={"amount_discount": discount, "amount_shipping": shipped, "amount_tax": 0},
    )


def _lines(ctx: Context, session: JSON, cart: Cart, link: JSON) -> list[JSON]:
    """The chosen items; what recurs costs nothing today when there is a trial."""
    currency = session["currency"]
    trial = link["subscription_data"]["trial_period_days"]
    lines = []
    for item in cart.items:
        if quantity := cart.quantities[item["id"]]:
            adjustable = item["adjustable_quantity"]
            line = line_item(ctx, item["price"], currency, quantity, adjustable, item["id"])
            line["metadata"] = {}
            lines.append(line)
    for price_id, quantity in cart.optional.items():
        lines.append(line_item(ctx, ctx.table("price")[price_id], currency, quantity, None))
    for line in lines:
        if trial and line["price"]["recurring"]:
            line.update(amount_subtotal=0, amount_total=0)
        elif line["price"]["custom_unit_amount"]:
            line.update(amount_subtotal=cart.amount or 0, amount_total=cart.amount or 0)
    return lines


def _shipping_cost(ctx: Context, cart: Cart) -> JSON | None:
    if cart.shipping_rate is None:
        return None
    amount = ctx.table("shipping_rate")[cart.shipping_rate]["fixed_amount"]["amount"]
    return {
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "shipping_rate": cart.shipping_rate,
    }
