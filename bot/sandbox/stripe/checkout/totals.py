"""What a session costs."""

from bot.sandbox.stripe import tax
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.checkout.discounts import discounted
from bot.sandbox.stripe.links.objects import line_item
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def reprice(ctx: Context, session: JSON, cart: Cart, link: JSON) -> None:
    """Bring the session's line items and totals in step with this cart."""
    currency, lines = session["currency"], _lines(ctx, session, cart, link)
    if cart.discount:
        discounted(ctx, lines, cart.discount, currency)
    taxed = session["automatic_tax"]["enabled"]
    country = cart.country if taxed else None
    if country:
        tax.apply_tax(ctx, lines, currency, country)
    shipping, shipping_taxes = _shipping_cost(ctx, cart, currency, country)
    if shipping_taxes:
        ctx.account.extras[session["id"]] = {"shipping_cost.taxes": shipping_taxes}
    taxes = [*shipping_taxes, *(one for line in lines for one in tax.taxes_of(ctx, line))]
    subtotal = sum(line["amount_subtotal"] for line in lines)
    discount = sum(line["amount_discount"] for line in lines)
    shipped = shipping["amount_subtotal"] if shipping else 0
    ctx.account.line_items[session["id"]] = lines
    status = ("complete" if country else "requires_location_inputs") if taxed else None
    session.update(
        amount_subtotal=subtotal,
        amount_total=subtotal - discount + shipped + tax.added(taxes),
        automatic_tax={**session["automatic_tax"], "status": status},
        discounts=[{"coupon": None, "promotion_code": cart.promotion_code}] if cart.discount else [],
        shipping_cost=shipping,
        total_details={
            "amount_discount": discount,
            "amount_shipping": shipped,
            "amount_tax": sum(one["amount"] for one in taxes),
        },
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
        ctx.account.extras.pop(line["id"], None)
        if trial and line["price"]["recurring"]:
            line.update(amount_subtotal=0, amount_total=0)
        elif line["price"]["custom_unit_amount"]:
            line.update(amount_subtotal=cart.amount or 0, amount_total=cart.amount or 0)
    return lines


def _shipping_cost(ctx: Context, cart: Cart, currency: str, country: str | None) -> tuple[JSON | None, list[JSON]]:
    """The session's `shipping_cost`, and the taxes on it."""
    if cart.shipping_rate is None:
        return None, []
    rate = ctx.table("shipping_rate")[cart.shipping_rate]
    amount = rate["fixed_amount"]["amount"]
    taxes = [tax.shipping_tax(ctx, rate, currency, country)] if country else []
    cost = {
        "amount_subtotal": amount,
        "amount_tax": sum(one["amount"] for one in taxes),
        "amount_total": amount + tax.added(taxes),
        "shipping_rate": cart.shipping_rate,
    }
    return cost, taxes
