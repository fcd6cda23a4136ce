"""`/v1/refunds`."""

from bot.sandbox.stripe.endpoints import CREATED, Endpoint, list_page, list_schema, retrieve
from bot.sandbox.stripe.errors import StripeError, exclusive_parameters
from bot.sandbox.stripe.payments.refunds import refund
from bot.sandbox.stripe.schema import Choice, Hash, Integer, Metadata, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

CREATE = Hash(
    {
        "amount": Integer(1, 999_999_999_999),
        "charge": Text(),
        "metadata": Metadata(unset=True),
        "payment_intent": Text(),
        "reason": Choice(("duplicate", "fraudulent", "requested_by_customer")),
    }
)
LIST = list_schema(charge=Text(), created=CREATED, payment_intent=Text())


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    named = [name for name in ("charge", "payment_intent") if name in params]
    if not named:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise StripeError(message, code="parameter_missing", param="payment_intent")
    if len(named) > 1:
        raise exclusive_parameters(named)
    metadata = merge_metadata({}, params.get("metadata", {}))
    return refund(
        ctx, _charge(ctx, params, named[0]), params.get("amount"), metadata=metadata, reason=params.get("reason")
    )


def _charge(ctx: Context, params: JSON, name: str) -> JSON:
    found = ctx.refer(name, params[name], name)
    if name == "charge":
        return found
    if found["status"] != "succeeded":
        message = f"This PaymentIntent ({found['id']}) does not have a successful charge to refund."
        raise StripeError(message, param="payment_intent")
    return ctx.table("charge")[found["latest_charge"]]


def _update(ctx: Context, params: JSON, refund_id: str) -> JSON:
    made = ctx.find("refund", refund_id, "refund")
    if "metadata" not in params:
        return made
    return ctx.change("refund.updated", made, {"metadata": merge_metadata(made["metadata"], params["metadata"])})


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {name: params.get(name) for name in ("charge", "payment_intent")}
    return list_page("/v1/refunds", ctx.table("refund"), params, equal)


ENDPOINTS = (
    Endpoint("POST", "/v1/refunds", CREATE, _create),
    Endpoint("GET", "/v1/refunds", LIST, _list),
    Endpoint("GET", "/v1/refunds/{id}", Hash(), retrieve("refund", "refund")),
    Endpoint("POST", "/v1/refunds/{id}", Hash({"metadata": Metadata(unset=True)}), _update),
)
