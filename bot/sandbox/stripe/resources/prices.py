"""`/v1/prices`."""

from typing import Any

from bot.sandbox.stripe.amounts import (
    CURRENCY_OPTION,
    CUSTOM_UNIT_AMOUNT,
    DECIMAL_AMOUNT,
    INTERVALS,
    TAX_BEHAVIOR,
    TAX_DETAILS,
    TIERS,
    UNIT_AMOUNT,
    Currency,
)
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, created_within, list_schema, page_where
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.resources.catalog import currency_options, free_lookup_key, new_price
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, Integer, ListOf, MapOf, Metadata, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_RECURRING = Hash(
    {
        "interval": Choice(INTERVALS),
        "interval_count": Integer(1, 1095),
        "meter": Text(),
        "trial_period_days": Integer(1, 730),
        "usage_type": Choice(("licensed", "metered")),
    },
    ("interval",),
)
_PRODUCT_DATA = Hash(
    {
        "active": Boolean(),
        "id": Text(),
        "metadata": Metadata(),
        "name": Text(maximum=250),
        "statement_descriptor": Text(maximum=22),
        "tax_code": Text(),
        "tax_details": TAX_DETAILS,
        "unit_label": Text(maximum=12),
    },
    ("name",),
)
CREATE = Hash(
    {
        "active": Boolean(),
        "billing_scheme": Choice(("per_unit", "tiered")),
        "currency": Currency(),
        "currency_options": MapOf(Currency(), CURRENCY_OPTION),
        "custom_unit_amount": CUSTOM_UNIT_AMOUNT,
        "lookup_key": Text(maximum=200),
        "metadata": Metadata(),
        "nickname": Text(maximum=5000),
        "product": Text(),
        "product_data": _PRODUCT_DATA,
        "recurring": _RECURRING,
        "tax_behavior": TAX_BEHAVIOR,
        "tiers": TIERS,
        "tiers_mode": Choice(("graduated", "volume")),
        "transfer_lookup_key": Boolean(),
        "transform_quantity": Hash({"divide_by": Integer(1), "round": Choice(("down", "up"))}, ("divide_by", "round")),
        "unit_amount": UNIT_AMOUNT,
        "unit_amount_decimal": DECIMAL_AMOUNT,
    },
    ("currency",),
)
UPDATE = Hash(
    {
        "active": Boolean(),
        "currency_options": MapOf(Currency(), CURRENCY_OPTION, unset=True),
        "lookup_key": Text(maximum=200),
        "metadata": Metadata(unset=True),
        "nickname": Text(maximum=5000),
        "tax_behavior": TAX_BEHAVIOR,
        "transfer_lookup_key": Boolean(),
    }
)
LIST = list_schema(
    active=Boolean(),
    created=CREATED,
    currency=Currency(),
    lookup_keys=ListOf(Text(), maximum=10),
    product=Text(),
    recurring=Hash({"interval": Choice(INTERVALS), "meter": Text(), "usage_type": Choice(("licensed", "metered"))}),
    type=Choice(("one_time", "recurring")),
)


def _update(ctx: Context, params: JSON, price_id: str) -> JSON:
    price = ctx.find("price", price_id)
    if "tax_behavior" in params and price["tax_behavior"] not in ("unspecified", params["tax_behavior"]):
        raise StripeError("`tax_behavior` can't be changed once it is set.", param="tax_behavior")
    changes: JSON = {key: params[key] for key in ("active", "nickname", "tax_behavior") if key in params}
    if "metadata" in params:
        changes["metadata"] = merge_metadata(price["metadata"], params["metadata"])
    if "currency_options" in params:
        extras = ctx.account.price_extras[price_id]
        tiers = {"tiers": extras["tiers"]} if "tiers" in extras else {}
        extras["currency_options"] = currency_options(price, tiers, params["currency_options"] or {})
    if "lookup_key" in params:
        key = changes["lookup_key"] = params["lookup_key"]
        free_lookup_key(ctx, key, price_id, transfer=params.get("transfer_lookup_key", False))
    return ctx.change("price.updated", price, changes)


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    return new_price(ctx, params)


def _retrieve(ctx: Context, params: JSON, price_id: str) -> JSON:
    return ctx.find("price", price_id)


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {key: params[key] for key in ("active", "currency", "product", "type") if key in params}
    keys: Any = params.get("lookup_keys")
    recurring = params.get("recurring", {})

    def keep(price: JSON) -> bool:
        return (
            all(price[key] == value for key, value in equal.items())
            and (not keys or price["lookup_key"] in keys)
            and all((price["recurring"] or {}).get(key) == value for key, value in recurring.items())
            and created_within(price, params.get("created"))
        )

    return page_where("/v1/prices", ctx.table("price"), params, keep)


ENDPOINTS = (
    Endpoint("POST", "/v1/prices", CREATE, _create),
    Endpoint("GET", "/v1/prices", LIST, _list),
    Endpoint("GET", "/v1/prices/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/prices/{id}", UPDATE, _update),
)
