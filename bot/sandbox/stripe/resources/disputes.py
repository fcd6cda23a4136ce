"""`/v1/disputes`, to read."""

from bot.sandbox.stripe.endpoints import CREATED, Endpoint, list_page, list_schema, retrieve
from bot.sandbox.stripe.schema import Hash, Text
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

LIST = list_schema(charge=Text(), created=CREATED, payment_intent=Text())


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {name: params.get(name) for name in ("charge", "payment_intent")}
    return list_page("/v1/disputes", ctx.table("dispute"), params, equal)


ENDPOINTS = (
    Endpoint("GET", "/v1/disputes", LIST, _list),
    Endpoint("GET", "/v1/disputes/{id}", Hash(), retrieve("dispute", "dispute")),
)
