"""Every parameter is one of the SDK's typed parameters, with the same words to choose from; none is missing."""

import importlib
import types
import typing
from collections.abc import Mapping
from typing import Any

import pytest
import stripe
from typing_extensions import get_type_hints, is_typeddict

from bot.sandbox.stripe.links import params as links
from bot.sandbox.stripe.resources import (
    coupons,
    prices,
    products,
    promotion_codes,
    records,
    shipping_rates,
    webhook_endpoints,
)
from bot.sandbox.stripe.schema import Choice, Either, Hash, ListOf, MapOf, Metadata, Param

BY_HAND = {"expand", *stripe.RequestOptions.__annotations__}
MISSING = {"StripeContext": object, "Mapping": Mapping}
"""Names that the SDK imports for type checkers only."""


def shape_of_sdk(kind: Any) -> Any:
    """A typed dictionary as nested names; words where there is a fixed set; `''` where it may be unset."""
    origin = typing.get_origin(kind)
    if is_typeddict(kind):
        hints = get_type_hints(kind, localns=MISSING)
        return {name: shape_of_sdk(inner) for name, inner in hints.items() if name not in BY_HAND}
    if origin is list:
        return [shape_of_sdk(typing.get_args(kind)[0])]
    if origin is typing.Literal:
        return set(typing.get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return shape_of_union([shape_of_sdk(member) for member in typing.get_args(kind)])
    return {"*": shape_of_sdk(typing.get_args(kind)[1])} if origin is dict else None


def shape_of_union(members: list[Any]) -> Any:
    words = set().union(*(member for member in members if isinstance(member, set)))
    nested = [member for member in members if isinstance(member, dict | list)]
    if nested:
        return ("", nested[0]) if "" in words else nested[0]
    if words - {""}:
        return ("", words - {""}) if "" in words else words
    return ("", None) if "" in words else None


def shape_of_ours(param: Param) -> Any:
    shape: Any = None
    if isinstance(param, Hash):
        shape = {name: shape_of_ours(inner) for name, inner in param.fields.items()}
    elif isinstance(param, ListOf):
        shape = [shape_of_ours(param.item)]
    elif isinstance(param, MapOf):
        shape = {"*": shape_of_ours(param.item)}
    elif isinstance(param, Metadata):
        shape = {"*": None}
    elif isinstance(param, Choice):
        shape = set(param.values)
    elif isinstance(param, Either):
        shape = shape_of_ours(param.nested)
    return ("", shape) if getattr(param, "unset", False) else shape


def same(ours: Any, sdk: Any, where: str) -> None:
    """Compare; what the SDK types as any string may be a fixed set here, and metadata may always be cleared."""
    if isinstance(sdk, tuple):
        assert isinstance(ours, tuple), f"{where} can be unset"
        return same(ours[1], sdk[1], where)
    if isinstance(ours, tuple):
        assert where.endswith("metadata"), f"{where} can't be unset"
        ours = ours[1]
    if isinstance(sdk, dict):
        assert isinstance(ours, dict), where
        assert set(ours) == set(sdk), f"{where}: {set(ours) ^ set(sdk)}"
        for name in sdk:
            same(ours[name], sdk[name], f"{where}.{name}")
        return None
    if isinstance(sdk, list):
        assert isinstance(ours, list), where
        return same(ours[0], sdk[0], f"{where}[]")
    if isinstance(sdk, set):
        assert ours == sdk or ours is None, f"{where}: {ours} ≠ {sdk}"
    return None


@pytest.mark.parametrize(
    ("module", "name", "schema"),
    [
        ("_payment_link_create_params", "PaymentLinkCreateParams", links.CREATE),
        ("_payment_link_update_params", "PaymentLinkUpdateParams", links.UPDATE),
        ("_price_create_params", "PriceCreateParams", prices.CREATE),
        ("_price_update_params", "PriceUpdateParams", prices.UPDATE),
        ("_price_list_params", "PriceListParams", prices.LIST),
        ("_product_create_params", "ProductCreateParams", products.CREATE),
        ("_product_update_params", "ProductUpdateParams", products.UPDATE),
        ("_product_list_params", "ProductListParams", products.LIST),
        ("_shipping_rate_create_params", "ShippingRateCreateParams", shipping_rates.CREATE),
        ("_shipping_rate_list_params", "ShippingRateListParams", shipping_rates.LIST),
        ("_coupon_create_params", "CouponCreateParams", coupons.CREATE),
        ("_promotion_code_create_params", "PromotionCodeCreateParams", promotion_codes.CREATE),
        ("_promotion_code_list_params", "PromotionCodeListParams", promotion_codes.LIST),
        ("_event_list_params", "EventListParams", records._EVENT_LIST),
        ("checkout._session_list_params", "SessionListParams", records._SESSION_LIST),
        ("_webhook_endpoint_create_params", "WebhookEndpointCreateParams", webhook_endpoints.CREATE),
    ],
)
def test_parameters_are_the_sdks(module: str, name: str, schema: Hash) -> None:
    typed = getattr(importlib.import_module(f"stripe.params.{module}"), name)
    same(shape_of_ours(schema), shape_of_sdk(typed), name)
