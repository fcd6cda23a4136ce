"""`/v1/subscriptions`."""

from bot.sandbox.stripe.billing.subscriptions import ENDED, cancel, check_alive, current_period, resume
from bot.sandbox.stripe.endpoints import CREATED, Endpoint, created_within, list_schema, page_where, retrieve
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.schema import Boolean, Choice, Hash, Metadata, Text
from bot.sandbox.stripe.state import Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

_STATUSES = (
    "active", "all", "canceled", "ended", "incomplete", "incomplete_expired", "past_due", "paused", "trialing",
    "unpaid",
)  # fmt: skip
LIST = list_schema(
    collection_method=Choice(("charge_automatically", "send_invoice")),
    created=CREATED,
    current_period_end=CREATED,
    current_period_start=CREATED,
    customer=Text(),
    price=Text(),
    status=Choice(_STATUSES),
)
UPDATE = Hash({"cancel_at_period_end": Boolean(), "metadata": Metadata(unset=True)})
_FEEDBACK = (
    "customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive",
    "unused",
)  # fmt: skip
_DETAILS = Hash({"comment": Text(unset=True), "feedback": Choice(_FEEDBACK, unset=True)})
CANCEL = Hash({"cancellation_details": _DETAILS})


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    """All but the canceled ones, unless asked for."""
    return page_where("/v1/subscriptions", ctx.table("subscription"), params, lambda item: _wanted(item, params))


def _wanted(item: JSON, params: JSON) -> bool:
    start, end = current_period(item)
    equal = {name: params[name] for name in ("collection_method", "customer") if name in params}
    return (
        _in_status(item["status"], params.get("status"))
        and all(item[name] == value for name, value in equal.items())
        and params.get("price") in (None, *(one["price"]["id"] for one in item["items"]["data"]))
        and created_within(item, params.get("created"))
        and created_within({"created": start}, params.get("current_period_start"))
        and created_within({"created": end}, params.get("current_period_end"))
    )


def _in_status(status: str, wanted: str | None) -> bool:
    if wanted == "all":
        return True
    if wanted == "ended":
        return status in ENDED
    return status == wanted if wanted else status not in ENDED


def _update(ctx: Context, params: JSON, subscription_id: str) -> JSON:
    subscription = ctx.find("subscription", subscription_id, "id")
    if subscription["status"] in ENDED and "cancel_at_period_end" in params:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise StripeError(message, param="cancel_at_period_end")
    if "metadata" in params:
        metadata = merge_metadata(subscription["metadata"], params["metadata"])
        ctx.change("customer.subscription.updated", subscription, {"metadata": metadata})
    ending = params.get("cancel_at_period_end", subscription["cancel_at_period_end"])
    if ending == subscription["cancel_at_period_end"]:
        return subscription
    return cancel(ctx, subscription, at_period_end=True) if ending else resume(ctx, subscription)


def _cancel(ctx: Context, params: JSON, subscription_id: str) -> JSON:
    subscription = ctx.find("subscription", subscription_id, "id")
    check_alive(subscription)
    subscription["cancellation_details"] |= params.get("cancellation_details", {})
    return cancel(ctx, subscription)


ENDPOINTS = (
    Endpoint("GET", "/v1/subscriptions", LIST, _list),
    Endpoint("GET", "/v1/subscriptions/{id}", Hash(), retrieve("subscription", "id")),
    Endpoint("POST", "/v1/subscriptions/{id}", UPDATE, _update),
    Endpoint("DELETE", "/v1/subscriptions/{id}", CANCEL, _cancel),
)
