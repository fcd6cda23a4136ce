"""`/v1/shipping_rates`."""

from bot.sandbox.stripe import currencies
from bot.sandbox.stripe.amounts import TAX_BEHAVIOR, Currency
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, created_within, list_schema, page_where
from bot.sandbox.stripe.errors import missing_parameter
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, Integer, MapOf, Metadata, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_AMOUNT = Integer(0, 999_999_999_999)
_ESTIMATE = Hash(
    {"unit": Choice(("business_day", "day", "hour", "month", "week")), "value": Integer(1)}, ("unit", "value")
)
_OPTION = Hash({"amount": _AMOUNT, "tax_behavior": TAX_BEHAVIOR}, ("amount",))
CREATE = Hash(
    {
        "delivery_estimate": Hash({"maximum": _ESTIMATE, "minimum": _ESTIMATE}),
        "display_name": Text(maximum=100),
        "fixed_amount": Hash(
            {"amount": _AMOUNT, "currency": Currency(), "currency_options": MapOf(Currency(), _OPTION)},
            ("amount", "currency"),
        ),
        "metadata": Metadata(),
        "tax_behavior": TAX_BEHAVIOR,
        "tax_code": Text(),
        "type": Choice(("fixed_amount",)),
    },
    ("display_name",),
)
UPDATE = Hash({"active": Boolean(), "metadata": Metadata(unset=True), "tax_behavior": TAX_BEHAVIOR})
LIST = list_schema(active=Boolean(), created=CREATED, currency=Currency())


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    fixed = params.get("fixed_amount")
    if fixed is None:
        raise missing_parameter("fixed_amount")
    currencies.check_amount(fixed["amount"], fixed["currency"], "fixed_amount[amount]")
    estimate = params.get("delivery_estimate")
    rate = ctx.add(
        "shipping_rate",
        {
            "id": ctx.new_id("shr"),
            "object": "shipping_rate",
            "active": True,
            "created": ctx.now(),
            "delivery_estimate": estimate and {"maximum": None, "minimum": None, **estimate},
            "display_name": params["display_name"],
            "fixed_amount": {"amount": fixed["amount"], "currency": fixed["currency"]},
            "livemode": ctx.account.livemode,
            "metadata": merge_metadata({}, params.get("metadata", {})),
            "tax_behavior": params.get("tax_behavior", "unspecified"),
            "tax_code": params.get("tax_code"),
            "type": "fixed_amount",
        },
    )
    own = {fixed["currency"]: {"amount": fixed["amount"], "tax_behavior": rate["tax_behavior"]}}
    ctx.account.extras[rate["id"]] = {"fixed_amount.currency_options": own | fixed.get("currency_options", {})}
    return rate


def _retrieve(ctx: Context, params: JSON, rate_id: str) -> JSON:
    return ctx.find("shipping_rate", rate_id, "shipping_rate_token")


def _update(ctx: Context, params: JSON, rate_id: str) -> JSON:
    rate = ctx.find("shipping_rate", rate_id, "shipping_rate_token")
    if "metadata" in params:
        params["metadata"] = merge_metadata(rate["metadata"], params["metadata"])
    rate.update(params)
    return rate


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    def keep(rate: JSON) -> bool:
        return (
            params.get("active") in (None, rate["active"])
            and params.get("currency") in (None, rate["fixed_amount"]["currency"])
            and created_within(rate, params.get("created"))
        )

    return page_where("/v1/shipping_rates", ctx.table("shipping_rate"), params, keep)


ENDPOINTS = (
    Endpoint("POST", "/v1/shipping_rates", CREATE, _create),
    Endpoint("GET", "/v1/shipping_rates", LIST, _list),
    Endpoint("GET", "/v1/shipping_rates/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/shipping_rates/{id}", UPDATE, _update),
)
