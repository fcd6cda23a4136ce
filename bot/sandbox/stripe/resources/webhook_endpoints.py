"""`/v1/webhook_endpoints`."""

from bot.sandbox.stripe.endpoints import Endpoint, list_page, list_schema
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.schema import Boolean, Hash, ListOf, Metadata, Text, Url
from bot.sandbox.stripe.state import API_VERSION, Context, merge_metadata
from bot.sandbox.stripe.tables import JSON

MAX_ENDPOINTS = 16
_EVENTS = ListOf(Text(pattern=r"\*|[a-z_.]+", what="must be an event type or `*`"), minimum=1, unique=True)
CREATE = Hash(
    {
        "api_version": Text(),
        "connect": Boolean(),
        "description": Text(unset=True),
        "enabled_events": _EVENTS,
        "metadata": Metadata(unset=True),
        "url": Url(),
    },
    ("enabled_events", "url"),
)
UPDATE = Hash(
    {
        "description": Text(unset=True),
        "disabled": Boolean(),
        "enabled_events": _EVENTS,
        "metadata": Metadata(unset=True),
        "url": Url(),
    }
)


def new_endpoint(ctx: Context, params: JSON) -> tuple[JSON, str]:
    """A webhook endpoint and its signing secret."""
    if len(ctx.table("webhook_endpoint")) >= MAX_ENDPOINTS:
        raise StripeError(f"You have reached the maximum of {MAX_ENDPOINTS} test webhook endpoints.")
    endpoint = {
        "id": ctx.new_id("we"),
        "object": "webhook_endpoint",
        "api_version": params.get("api_version", API_VERSION),
        "application": None,
        "created": ctx.now(),
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "livemode": ctx.account.livemode,
        "metadata": merge_metadata({}, params.get("metadata", {})),
        "status": "enabled",
        "url": params["url"],
    }
    secret = f"whsec_{ctx.world.ids.letters(32)}"
    ctx.account.endpoint_secrets[endpoint["id"]] = secret
    return ctx.add("webhook_endpoint", endpoint), secret


def _create(ctx: Context, params: JSON, _: str) -> JSON:
    endpoint, secret = new_endpoint(ctx, params)
    return {**endpoint, "secret": secret}


def _retrieve(ctx: Context, params: JSON, endpoint_id: str) -> JSON:
    return ctx.find("webhook_endpoint", endpoint_id, "webhook_endpoint")


def _update(ctx: Context, params: JSON, endpoint_id: str) -> JSON:
    endpoint = ctx.find("webhook_endpoint", endpoint_id, "webhook_endpoint")
    if "disabled" in params:
        endpoint["status"] = "disabled" if params.pop("disabled") else "enabled"
    if "metadata" in params:
        params["metadata"] = merge_metadata(endpoint["metadata"], params["metadata"])
    endpoint.update(params)
    return endpoint


def _delete(ctx: Context, params: JSON, endpoint_id: str) -> JSON:
    ctx.find("webhook_endpoint", endpoint_id, "webhook_endpoint")
    ctx.table("webhook_endpoint").remove(endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint", "deleted": True}


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    return list_page("/v1/webhook_endpoints", ctx.table("webhook_endpoint"), params)


ENDPOINTS = (
    Endpoint("POST", "/v1/webhook_endpoints", CREATE, _create),
    Endpoint("GET", "/v1/webhook_endpoints", list_schema(), _list),
    Endpoint("GET", "/v1/webhook_endpoints/{id}", Hash(), _retrieve),
    Endpoint("POST", "/v1/webhook_endpoints/{id}", UPDATE, _update),
    Endpoint("DELETE", "/v1/webhook_endpoints/{id}", Hash(), _delete),
)
