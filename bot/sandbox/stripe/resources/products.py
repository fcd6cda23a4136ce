"""`/v1/products`."""

from decimal import Decimal

from bot.sandbox.stripe.amounts import (
    CURRENCY_OPTION,
    CUSTOM_UNIT_AMOUNT,
    DECIMAL_AMOUNT,
    INLINE_RECURRING,
    TAX_BEHAVIOR,
    TAX_DETAILS,
    UNIT_AMOUNT,
    Currency,
)
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, created_within, list_schema, page_where
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.resources.catalog import new_price, new_product, plain_product
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, ListOf, MapOf, Metadata, Number, Param, Text, Url
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_DIMENSION = Number(maximum=Decimal(10**9), places=2)
_DEFAULT_PRICE = Hash(
    {
        "currency": Currency(),
        "currency_options": MapOf(Currency(), CURRENCY_OPTION),
        "custom_unit_amount": CUSTOM_UNIT_AMOUNT,
        "metadata": Metadata(),
        "recurring": INLINE_RECURRING,
        "tax_behavior": TAX_BEHAVIOR,
        "unit_amount": UNIT_AMOUNT,
        "unit_amount_decimal": DECIMAL_AMOUNT,
    },
    ("currency",),
)


def _fields(unset: bool) -> dict[str, Param]:
    """What create and update share; `unset` says whether an empty string may clear a field."""
    return {
        "active": Boolean(),
        "description": Text(maximum=40_000, unset=unset),
        "images": ListOf(Url(maximum=2048), maximum=8, unset=unset),
        "marketing_features": ListOf(Hash({"name": Text(maximum=80)}, ("name",)), maximum=15, unset=unset),
        "metadata": Metadata(unset=unset),
        "name": Text(maximum=250),
        "package_dimensions": Hash(
            dict.fromkeys(("height", "length", "weight", "width"), _DIMENSION),
            ("height", "length", "weight", "width"),
            unset=unset,
        ),
        "shippable": Boolean(),
        "statement_descriptor": Text(
            maximum=22,
            pattern=r"[^<>\\\"'*]*[A-Za-z][^<>\\\"'*]*",
            what="it needs a letter, and none of < > \\ \" ' *.",
        ),
        "tax_code": Text(unset=unset, pattern=r"txcd_[0-9]{8}", what="no such tax code."),
        "tax_details": Hash(TAX_DETAILS.fields, unset=unset),
        "unit_label": Text(maximum=12, unset=unset),
        "url": Url(unset=unset),
    }


CREATE = Hash(
    {
        **_fields(unset=False),
        "default_price_data": _DEFAULT_PRICE,
        "id": Text(pattern=r"[A-Za-z0-9_-]+", what="only letters, digits, - and _ are allowed."),
        "type": Choice(("good", "service")),
    },
    ("name",),
)
UPDATE = Hash({**_fields(unset=True), "default_price": Text()})
LIST = list_schema(
    active=Boolean(),
    created=CREATED,
    ids=ListOf(Text()),
    shippable=Boolean(),
    type=Choice(("good", "service")),
    url=Text(),
)


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    product = new_product(ctx, params)
    if data := params.get("default_price_data"):
        price = new_price(ctx, {**data, "product": product["id"]}, path="default_price_data")
        product["default_price"] = price["id"]
    return product


def _update(ctx: Context, params: JSON, product_id: str) -> JSON:
    product = ctx.find("product", product_id)
    changes = plain_product(params)
    if "metadata" in params:
        changes["metadata"] = merge_metadata(product["metadata"], params["metadata"])
    if default := params.get("default_price"):
        price = ctx.refer("price", default, "default_price")
        if price["product"] != product_id:
            raise StripeError("The default price must belong to this product.", param="default_price")
    if all(product[key] == value for key, value in changes.items()):
        return product
    return ctx.change("product.updated", product, {**changes, "updated": ctx.now()})


def _retrieve(ctx: Context, params: JSON, product_id: str) -> JSON:
    return ctx.find("product", product_id)


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {key: params[key] for key in ("active", "shippable", "type", "url") if key in params}
    ids = set(params["ids"]) if params.get("ids") else None

    def keep(product: JSON) -> bool:
        return (
            all(product[key] == value for key, value in equal.items())
            and (ids is None or product["id"] in ids)
            and created_within(product, params.get("created"))
        )

    return page_where("/v1/products", ctx.table("product"), params, keep)


ENDPOINTS = (
    Endpoint("POST", "/v1/products", CREATE, _create),
    Endpoint("GET", "/v1/products", LIST, _list),
    Endpoint("GET", "/v1/products/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/products/{id}", UPDATE, _update),
)
