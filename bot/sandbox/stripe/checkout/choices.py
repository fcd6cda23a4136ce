"""What a customer may change on the page before paying."""

import re
from dataclasses import replace
from typing import Any

from bot.sandbox.stripe import currencies, pricing
from bot.sandbox.stripe.checkout.cart import Cart
from bot.sandbox.stripe.checkout.discounts import new_discount, usable_code
from bot.sandbox.stripe.checkout.errors import PaymentRefused
from bot.sandbox.stripe.checkout.totals import reprice
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def choose(ctx: Context, session: JSON, link: JSON, choices: JSON) -> None:
    """Change the cart as the customer did and reprice; PaymentRefused, with nothing changed, when they may not.

    `choices` may hold `quantities`, `optional_items` (0 takes one out), `amount`, `promotion_code` ('' removes it),
    `shipping_rate` and `country`.
    """
    old: Cart = ctx.account.carts[session["id"]]
    new = replace(old, quantities=dict(old.quantities), optional=dict(old.optional))
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
        new.promotion_code = new.discount = None
    if "country" in choices:
        new.country = _check_country(choices["country"])
    if not any(new.quantities.values()):
        raise PaymentRefused("Keep at least one item.", "quantities")
    reprice(ctx, session, new, link)
    if code := choices.get("promotion_code"):
        promotion = usable_code(ctx, session, str(code))
        new.promotion_code, new.discount = promotion["id"], new_discount(ctx, session, promotion)
        reprice(ctx, session, new, link)
    ctx.account.carts[session["id"]] = new


def tax_in(ctx: Context, session: JSON, link: JSON, country: str | None) -> None:
    """Tax the session in this country from now on, where it is taxed at all."""
    if session["automatic_tax"]["enabled"]:
        cart: Cart = ctx.account.carts[session["id"]]
        cart.country = country
        reprice(ctx, session, cart, link)


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


def _check_country(country: Any) -> str:
    if not isinstance(country, str) or not re.fullmatch(r"[A-Z]{2}", country):
        raise PaymentRefused("Choose a country.", "address.country")
    return country
