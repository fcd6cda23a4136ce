"""`/v1/coupons`."""

from decimal import Decimal

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.amounts import Currency, one_of
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, list_page, list_schema
from bot.sandbox.stripe.errors import StripeError, missing_parameter
from bot.sandbox.stripe.schema import Choice, Hash, Integer, ListOf, MapOf, Metadata, Number, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_FIVE_YEARS_S = (5 * 365 + 2) * 86_400
_AMOUNT = Integer(1, 999_999_999_999)
_OPTIONS = MapOf(Currency(), Hash({"amount_off": _AMOUNT}, ("amount_off",)))
CREATE = Hash(
    {
        "amount_off": _AMOUNT,
        "applies_to": Hash({"products": ListOf(Text(), minimum=1, unique=True)}),
        "currency": Currency(),
        "currency_options": _OPTIONS,
        "duration": Choice(("forever", "once", "repeating")),
        "duration_in_months": Integer(1, 120),
        "id": Text(maximum=200, pattern=r"[A-Za-z0-9_-]+", what="only letters, digits, - and _ are allowed."),
        "max_redemptions": Integer(1),
        "metadata": Metadata(unset=True),
        "name": Text(maximum=40),
        "percent_off": Number(minimum=Decimal("0.01"), maximum=Decimal(100), places=2),
        "redeem_by": Integer(1),
    }
)
UPDATE = Hash({"currency_options": _OPTIONS, "metadata": Metadata(unset=True), "name": Text(maximum=40, unset=True)})


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    _check(ctx, params)
    percent = params.get("percent_off")
    coupon = {
        "id": params.get("id") or ctx.world.ids.letters(8),
        "object": "coupon",
        "amount_off": params.get("amount_off"),
        "created": ctx.now(),
        "currency": params.get("currency"),
        "duration": params.get("duration", "once"),
        "duration_in_months": params.get("duration_in_months"),
        "livemode": ctx.account.livemode,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "name": params.get("name"),
        "percent_off": None if percent is None else float(percent),
        "redeem_by": params.get("redeem_by"),
        "times_redeemed": 0,
        "valid": True,
    }
    ctx.account.extras[coupon["id"]] = {
        "applies_to": params.get("applies_to"),
        "currency_options": _in_currencies(params),
    }
    ctx.add("coupon", coupon)
    ctx.emit("coupon.created", coupon)
    return coupon


def _in_currencies(params: JSON) -> JSON | None:
    """The amount in every currency, the coupon's own among them; None for a percentage."""
    if "amount_off" not in params:
        return None
    own: JSON = {params["currency"]: {"amount_off": params["amount_off"]}}
    further: JSON = params.get("currency_options", {})
    return own | further


def _check(ctx: Context, params: JSON) -> None:
    if params.get("id") in ctx.table("coupon"):
        raise StripeError("Coupon already exists.", code="resource_already_exists", param="id")
    if one_of(params, ("percent_off", "amount_off")) == "amount_off":
        if "currency" not in params:
            raise missing_parameter("currency")
        currencies.check_amount(params["amount_off"], params["currency"], "amount_off")
    elif "currency_options" in params:
        raise StripeError("`currency_options` needs `amount_off`.", param="currency_options")
    for currency, option in params.get("currency_options", {}).items():
        currencies.check_amount(option["amount_off"], currency, f"currency_options[{currency}][amount_off]")
    repeating = params.get("duration") == "repeating"
    if repeating and "duration_in_months" not in params:
        raise missing_parameter("duration_in_months")
    if not repeating and "duration_in_months" in params:
        raise StripeError("`duration_in_months` needs `duration=repeating`.", param="duration_in_months")
    if params.get("redeem_by") and params["redeem_by"] <= ctx.now():
        raise StripeError("`redeem_by` must be in the future.", param="redeem_by")
    if params.get("redeem_by", 0) > ctx.now() + _FIVE_YEARS_S:
        raise StripeError("`redeem_by` cannot be more than five years in the future.", param="redeem_by")
    for position, product in enumerate(params.get("applies_to", {}).get("products", [])):
        ctx.refer("product", product, f"applies_to[products][{position}]")


def _retrieve(ctx: Context, params: JSON, coupon_id: str) -> JSON:
    return ctx.find("coupon", coupon_id, "coupon")


def _update(ctx: Context, params: JSON, coupon_id: str) -> JSON:
    coupon = ctx.find("coupon", coupon_id, "coupon")
    changes = {"name": params["name"]} if "name" in params else {}
    if "metadata" in params:
        changes["metadata"] = merge_metadata(coupon["metadata"], params["metadata"])
    if "currency_options" in params:
        if coupon["percent_off"] is not None:
            raise StripeError("`currency_options` needs `amount_off`.", param="currency_options")
        ctx.account.extras[coupon_id]["currency_options"].update(params["currency_options"])
    return ctx.change("coupon.updated", coupon, changes)


def _delete(ctx: Context, params: JSON, coupon_id: str) -> JSON:
    coupon = ctx.find("coupon", coupon_id, "coupon")
    for promotion in ctx.table("promotion_code").values():
        if promotion["promotion"]["coupon"] == coupon_id:
            ctx.change("promotion_code.updated", promotion, {"active": False})
    coupon["valid"] = False
    ctx.table("coupon").remove(coupon_id)
    ctx.emit("coupon.deleted", coupon)
    return {"id": coupon_id, "object": "coupon", "deleted": True}


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    return list_page("/v1/coupons", ctx.table("coupon"), params)


ENDPOINTS = (
    Endpoint("POST", "/v1/coupons", CREATE, _create),
    Endpoint("GET", "/v1/coupons", list_schema(created=CREATED), _list),
    Endpoint("GET", "/v1/coupons/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/coupons/{id}", UPDATE, _update),
    Endpoint("DELETE", "/v1/coupons/{id}", Hash(), _delete),
)
