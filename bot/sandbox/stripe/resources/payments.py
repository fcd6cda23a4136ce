"""What a payment leaves behind, to read: intents, methods, charges, balance transactions, customers."""

from bot.sandbox.stripe.endpoints import CREATED, Endpoint, list_page, list_schema, retrieve
from bot.sandbox.stripe.schema import Hash, Text
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON


def _intents(ctx: Context, params: JSON, _: str) -> JSON:
    return list_page("/v1/payment_intents", ctx.table("payment_intent"), params, {"customer": params.get("customer")})


def _charges(ctx: Context, params: JSON, _: str) -> JSON:
    equal = {name: params.get(name) for name in ("customer", "payment_intent", "transfer_group")}
    return list_page("/v1/charges", ctx.table("charge"), params, equal)


_INTENT_LIST = list_schema(created=CREATED, customer=Text())
_CHARGE_LIST = list_schema(created=CREATED, customer=Text(), payment_intent=Text(), transfer_group=Text())

ENDPOINTS = (
    Endpoint("GET", "/v1/payment_intents", _INTENT_LIST, _intents),
    Endpoint("GET", "/v1/payment_intents/{id}", Hash(), retrieve("payment_intent", "intent")),
    Endpoint("GET", "/v1/payment_methods/{id}", Hash(), retrieve("payment_method", "payment_method")),
    Endpoint("GET", "/v1/charges", _CHARGE_LIST, _charges),
    Endpoint("GET", "/v1/charges/{id}", Hash(), retrieve("charge", "charge")),
    Endpoint("GET", "/v1/balance_transactions/{id}", Hash(), retrieve("balance_transaction", "id")),
    Endpoint("GET", "/v1/customers/{id}", Hash(), retrieve("customer", "customer")),
)
