"""A large catalog in no time, for searching and paging."""

from bot.sandbox.stripe.resources.catalog import price_object, product_object
from bot.sandbox.stripe.state import Context

_FIRST = ("Annual", "Basic", "Classic", "Deluxe", "Essential", "Global", "Growth", "Launch", "Premium", "Team")
_SECOND = ("Audit", "Consulting", "Dashboard", "Hosting", "License", "Onboarding", "Report", "Support", "Training")
_AMOUNTS = (900, 1500, 4900, 9900, 15_000, 25_000, 120_000)
_CURRENCIES = ("usd", "eur", "gbp")
_INTERVALS = (None, None, "month", "year")


def seed_catalog(ctx: Context, count: int) -> None:
    """Add `count` active products, each with one price, without any event. The same count gives the same names."""
    products, prices, now = ctx.table("product"), ctx.table("price"), ctx.now()
    for number in range(count):
        first, second = _FIRST[number % len(_FIRST)], _SECOND[number % len(_SECOND)]
        name = f"{first} {second} {number + 1}"
        product = product_object(ctx.new_id("prod"), now, ctx.account.livemode, name)
        products.add(product)
        currency = _CURRENCIES[number % len(_CURRENCIES)]
        amount = _AMOUNTS[number % len(_AMOUNTS)]
        price = price_object(ctx.new_id("price"), product["id"], currency, now)
        price.update(livemode=ctx.account.livemode, unit_amount=amount, unit_amount_decimal=str(amount))
        if interval := _INTERVALS[number % len(_INTERVALS)]:
            price["type"] = "recurring"
            price["recurring"] = {
                "interval": interval,
                "interval_count": 1,
                "meter": None,
                "trial_period_days": None,
                "usage_type": "licensed",
            }
        option = {
            "custom_unit_amount": None,
            "tax_behavior": "unspecified",
            "unit_amount": amount,
            "unit_amount_decimal": str(amount),
        }
        ctx.account.price_extras[price["id"]] = {"currency_options": {currency: option}}
        prices.add(price)
