"""`/v1/promotion_codes`."""

from bot.sandbox.stripe.amounts import Currency
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, created_within, list_schema, page_where
from bot.sandbox.stripe.errors import StripeError, missing_parameter
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, Integer, MapOf, Metadata, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_MINIMUM = Integer(1, 999_999_999_999)
_OPTIONS = MapOf(Currency(), Hash({"minimum_amount": _MINIMUM}))
CREATE = Hash(
    {
        "active": Boolean(),
        "code": Text(maximum=500, pattern=r"[A-Za-z0-9-]+", what="only letters, digits and dashes are allowed."),
        "customer": Text(),
        "customer_account": Text(),
        "expires_at": Integer(1),
        "max_redemptions": Integer(1),
        "metadata": Metadata(),
        "promotion": Hash({"coupon": Text(), "type": Choice(("coupon",))}, ("type",)),
        "restrictions": Hash(
            {
                "currency_options": _OPTIONS,
                "first_time_transaction": Boolean(),
                "minimum_amount": _MINIMUM,
                "minimum_amount_currency": Currency(),
            }
        ),
    },
    ("promotion",),
)
UPDATE = Hash(
    {
        "active": Boolean(),
        "metadata": Metadata(unset=True),
        "restrictions": Hash({"currency_options": _OPTIONS}),
    }
)
LIST = list_schema(
    active=Boolean(), code=Text(), coupon=Text(), created=CREATED, customer=Text(), customer_account=Text()
)


def find_code(ctx: Context, code: str) -> JSON | None:
    """The active promotion code that a customer typed, in any case."""
    for promotion in ctx.table("promotion_code").values():
        if promotion["active"] and promotion["code"].lower() == code.strip().lower():
            return promotion
    return None


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    if "coupon" not in params["promotion"]:
        raise missing_parameter("promotion[coupon]")
    coupon = ctx.refer("coupon", params["promotion"]["coupon"], "promotion[coupon]")
    code = params.get("code") or ctx.world.ids.letters(8).upper()
    _check(ctx, params, coupon, code)
    restrictions = params.get("restrictions", {})
    promotion = {
        "id": ctx.new_id("promo"),
        "object": "promotion_code",
        "active": params.get("active", True),
        "code": code,
        "created": ctx.now(),
        "customer": params.get("customer"),
        "customer_account": params.get("customer_account"),
        "expires_at": params.get("expires_at"),
        "livemode": ctx.account.livemode,
        "max_redemptions": params.get("max_redemptions"),
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "promotion": {"coupon": coupon["id"], "type": "coupon"},
        "restrictions": {
            "first_time_transaction": restrictions.get("first_time_transaction", False),
            "minimum_amount": restrictions.get("minimum_amount"),
            "minimum_amount_currency": restrictions.get("minimum_amount_currency"),
        },
        "times_redeemed": 0,
    }
    ctx.account.extras[promotion["id"]] = {"restrictions.currency_options": _in_currencies(restrictions)}
    ctx.add("promotion_code", promotion)
    ctx.emit("promotion_code.created", promotion)
    return promotion


def _in_currencies(restrictions: JSON) -> JSON | None:
    """The minimum in every currency, the one it was given in among them; None when there is none."""
    if "minimum_amount" not in restrictions:
        return None
    own: JSON = {restrictions["minimum_amount_currency"]: {"minimum_amount": restrictions["minimum_amount"]}}
    further: JSON = restrictions.get("currency_options", {})
    return own | further


def _check(ctx: Context, params: JSON, coupon: JSON, code: str) -> None:
    if find_code(ctx, code):
        message = f"An active promotion code with `code: {code}` already exists."
        raise StripeError(message, code="resource_already_exists", param="code")
    expires, redeem_by = params.get("expires_at"), coupon["redeem_by"]
    if expires and expires <= ctx.now():
        raise StripeError("`expires_at` must be in the future.", param="expires_at")
    if expires and redeem_by and expires > redeem_by:
        raise StripeError("`expires_at` can't be after the coupon's `redeem_by`.", param="expires_at")
    most, coupon_most = params.get("max_redemptions"), coupon["max_redemptions"]
    if most and coupon_most and most > coupon_most:
        message = "`max_redemptions` can't be greater than the coupon's `max_redemptions`."
        raise StripeError(message, param="max_redemptions")
    restrictions = params.get("restrictions", {})
    if ("minimum_amount" in restrictions) is not ("minimum_amount_currency" in restrictions):
        message = "`minimum_amount` and `minimum_amount_currency` must be given together."
        raise StripeError(message, param="restrictions")
    if restrictions.get("minimum_amount_currency") in restrictions.get("currency_options", {}):
        message = "Each currency must be different from the `minimum_amount_currency`."
        raise StripeError(message, param="restrictions[currency_options]")
    if "customer" in params:
        ctx.refer("customer", params["customer"], "customer")


def _retrieve(ctx: Context, params: JSON, promotion_id: str) -> JSON:
    return ctx.find("promotion_code", promotion_id, "promotion_code")


def _update(ctx: Context, params: JSON, promotion_id: str) -> JSON:
    promotion = ctx.find("promotion_code", promotion_id, "promotion_code")
    changes: JSON = {"active": params["active"]} if "active" in params else {}
    other = find_code(ctx, promotion["code"])
    if changes.get("active") and other not in (None, promotion):
        message = f"An active promotion code with `code: {promotion['code']}` already exists."
        raise StripeError(message, code="resource_already_exists", param="active")
    if changes.get("active") and not _redeemable(ctx, promotion):
        raise StripeError("This promotion code can't be redeemed any more, so it can't be reactivated.", param="active")
    if "metadata" in params:
        changes["metadata"] = merge_metadata(promotion["metadata"], params["metadata"])
    return ctx.change("promotion_code.updated", promotion, changes)


def _redeemable(ctx: Context, promotion: JSON) -> bool:
    coupon = ctx.table("coupon").get(promotion["promotion"]["coupon"])
    if coupon is None or not coupon["valid"]:
        return False
    ends = [at for at in (promotion["expires_at"], coupon["redeem_by"]) if at is not None]
    most = promotion["max_redemptions"]
    return all(at > ctx.now() for at in ends) and (most is None or promotion["times_redeemed"] < most)


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    code = str(params.get("code", "")).lower()

    def keep(promotion: JSON) -> bool:
        return (
            params.get("active") in (None, promotion["active"])
            and code in ("", promotion["code"].lower())
            and params.get("coupon") in (None, promotion["promotion"]["coupon"])
            and params.get("customer") in (None, promotion["customer"])
            and created_within(promotion, params.get("created"))
        )

    return page_where("/v1/promotion_codes", ctx.table("promotion_code"), params, keep)


ENDPOINTS = (
    Endpoint("POST", "/v1/promotion_codes", CREATE, _create),
    Endpoint("GET", "/v1/promotion_codes", LIST, _list),
    Endpoint("GET", "/v1/promotion_codes/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/promotion_codes/{id}", UPDATE, _update),
)
