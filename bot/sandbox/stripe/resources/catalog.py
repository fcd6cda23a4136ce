"""Making products and prices, from the catalog's endpoints and from `price_data`."""

from bot.sandbox.stripe import amounts
from bot.sandbox.stripe.amounts import one_of
from bot.sandbox.stripe.errors import StripeError, missing_parameter
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON


def new_product(ctx: Context, params: JSON, *, active: bool = True) -> JSON:
    """Make, keep and announce a product from `product_data`-like parameters."""
    product_id = params.get("id") or ctx.new_id("prod")
    if product_id in ctx.table("product"):
        raise StripeError(f"Product already exists: {product_id}", code="resource_already_exists", param="id")
    product = product_object(product_id, ctx.now(), ctx.account.livemode, params["name"])
    product["active"] = params.get("active", active)
    product["type"] = params.get("type", "service")
    given = {key: value for key, value in params.items() if key in product and key not in ("id", "metadata")}
    product.update(plain_product(given))
    product["metadata"] = merge_metadata({}, params.get("metadata", {}))
    ctx.add("product", product)
    ctx.emit("product.created", product)
    return product


def product_object(product_id: str, created: int, livemode: bool, name: str) -> JSON:
    """A product with nothing but a name."""
    return {
        "id": product_id,
        "object": "product",
        "active": True,
        "created": created,
        "default_price": None,
        "description": None,
        "images": [],
        "livemode": livemode,
        "marketing_features": [],
        "metadata": {},
        "name": name,
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": created,
        "url": None,
    }


def plain_product(params: JSON) -> JSON:
    """Parameters as JSON; cleared lists become empty ones."""
    plain = {key: value for key, value in params.items() if key != "tax_details"}
    for key in ("images", "marketing_features"):
        if key in plain and plain[key] is None:
            plain[key] = []
    if plain.get("package_dimensions"):
        plain["package_dimensions"] = {k: float(v) for k, v in plain["package_dimensions"].items()}
    return plain


def new_price(ctx: Context, params: JSON, *, path: str = "", active: bool = True) -> JSON:
    """Make, keep and announce a price from create or `price_data` parameters found at `path`."""
    shown, extras = _amounts(params, params["currency"], path)
    _check(params, path)
    product = _product(ctx, params, path, active)
    price = price_object(ctx.new_id("price"), product["id"], params["currency"], ctx.now())
    price["livemode"] = ctx.account.livemode
    price.update(shown)
    price["active"] = params.get("active", active)
    price["nickname"] = params.get("nickname")
    price["metadata"] = merge_metadata({}, params.get("metadata", {}))
    price["tax_behavior"] = params.get("tax_behavior", "unspecified")
    price["transform_quantity"] = params.get("transform_quantity")
    if recurring := params.get("recurring"):
        price["type"] = "recurring"
        price["recurring"] = {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": recurring.get("meter"),
            "trial_period_days": recurring.get("trial_period_days"),
            "usage_type": recurring.get("usage_type", "licensed"),
        }
    if key := params.get("lookup_key"):
        free_lookup_key(ctx, key, price["id"], transfer=params.get("transfer_lookup_key", False))
        price["lookup_key"] = key
    ctx.account.price_extras[price["id"]] = {
        **extras,
        "currency_options": currency_options(price, extras, params.get("currency_options") or {}),
    }
    ctx.add("price", price)
    ctx.emit("price.created", price)
    return price


def price_object(price_id: str, product_id: str, currency: str, created: int) -> JSON:
    """A one-time price with no amount yet."""
    return {
        "id": price_id,
        "object": "price",
        "active": True,
        "billing_scheme": "per_unit",
        "created": created,
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id,
        "recurring": None,
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": None,
        "unit_amount_decimal": None,
    }


def _product(ctx: Context, params: JSON, path: str, active: bool) -> JSON:
    if one_of(params, ("product", "product_data"), path) == "product_data":
        return new_product(ctx, params["product_data"], active=active)
    where = f"{path}[product]" if path else "product"
    product = ctx.refer("product", params["product"], where)
    if not product["active"]:
        message = "The product specified is inactive. This field only accepts active products."
        raise StripeError(message, code="product_inactive", param=where)
    return product


def _amounts(params: JSON, currency: str, path: str) -> tuple[JSON, JSON]:
    """The price's amount fields, and the tiers that are shown only when expanded."""
    if params.get("billing_scheme") == "tiered" or "tiers" in params:
        return _tiered(params, currency, path)
    kind = one_of(params, ("unit_amount", "unit_amount_decimal", "custom_unit_amount"), path)
    if "tiers_mode" in params:
        raise StripeError("`tiers_mode` needs `billing_scheme=tiered`.", param="tiers_mode")
    if kind == "custom_unit_amount":
        where = f"{path}[custom_unit_amount]" if path else "custom_unit_amount"
        custom = amounts.custom_unit_amount(params["custom_unit_amount"], currency, where)
        return {"custom_unit_amount": custom}, {}
    return amounts.amounts(params, currency, path), {}


def _tiered(params: JSON, currency: str, path: str) -> tuple[JSON, JSON]:
    for name in ("tiers", "tiers_mode"):
        if name not in params:
            raise missing_parameter(name)
    if params.get("billing_scheme", "tiered") != "tiered":
        raise StripeError("`tiers` need `billing_scheme=tiered`.", param="billing_scheme")
    for name in ("unit_amount", "unit_amount_decimal", "custom_unit_amount", "transform_quantity"):
        if name in params:
            raise StripeError(f"You can't use `{name}` with `billing_scheme=tiered`.", param=name)
    shown: JSON = {"billing_scheme": "tiered", "tiers_mode": params["tiers_mode"]}
    return shown, {"tiers": amounts.tiers(params["tiers"], currency, "tiers")}


def _check(params: JSON, path: str) -> None:
    recurring = params.get("recurring")
    amounts.check_recurring(recurring, f"{path}[recurring]" if path else "recurring")
    if recurring and "custom_unit_amount" in params:
        raise StripeError("`custom_unit_amount` can only be used with one-time prices.", param="recurring")
    if "tiers" in params and not recurring:
        raise StripeError("Tiers can only be used with recurring prices.", param="recurring")
    if recurring and recurring.get("usage_type") == "metered" and "meter" not in recurring:
        raise missing_parameter("recurring[meter]")


def currency_options(price: JSON, extras: JSON, given: JSON) -> JSON:
    """The amounts in every currency of the price, its own first."""
    own: JSON = {
        "custom_unit_amount": price["custom_unit_amount"],
        "tax_behavior": price["tax_behavior"],
        "unit_amount": price["unit_amount"],
        "unit_amount_decimal": price["unit_amount_decimal"],
        **extras,
    }
    options: JSON = {price["currency"]: own}
    for currency, params in given.items():
        where = f"currency_options[{currency}]"
        if currency == price["currency"]:
            raise StripeError("`currency_options` must not repeat the price's own currency.", param=where)
        if bool(params.get("tiers")) is not bool(extras.get("tiers")):
            raise StripeError("All currencies of a price must have the same billing scheme.", param=where)
        shown, more = _amounts({**params, "tiers_mode": "volume"} if "tiers" in params else params, currency, where)
        options[currency] = {
            "custom_unit_amount": shown.get("custom_unit_amount"),
            "tax_behavior": params.get("tax_behavior", "unspecified"),
            "unit_amount": shown.get("unit_amount"),
            "unit_amount_decimal": shown.get("unit_amount_decimal"),
            **more,
        }
    return options


def free_lookup_key(ctx: Context, key: str, price_id: str, *, transfer: bool) -> None:
    """Take a lookup key from the price that has it; StripeError when it isn't to be transferred."""
    for other in ctx.table("price").values():
        if other["lookup_key"] != key or other["id"] == price_id:
            continue
        if not transfer:
            message = f"A price (`{other['id']}`) already uses that lookup key."
            raise StripeError(message, code="resource_already_exists", param="lookup_key")
        ctx.change("price.updated", other, {"lookup_key": None})
