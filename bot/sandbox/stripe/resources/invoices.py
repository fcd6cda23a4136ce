"""`/v1/invoices` and `/v1/invoice_payments`, to read."""

from bot.sandbox.stripe.endpoints import (
    CREATED,
    Endpoint,
    created_within,
    item_list,
    list_schema,
    page_where,
    retrieve,
)
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.schema import Choice, Hash, Text
from bot.sandbox.stripe.state import Context
from bot.sandbox.stripe.tables import JSON

LIST = list_schema(
    collection_method=Choice(("charge_automatically", "send_invoice")),
    created=CREATED,
    customer=Text(),
    status=Choice(("draft", "open", "paid", "uncollectible", "void")),
    subscription=Text(),
)
_PAYMENT = Hash(
    {"payment_intent": Text(), "payment_record": Text(), "type": Choice(("payment_intent", "payment_record"))},
    ("type",),
)
PAYMENTS = list_schema(created=CREATED, invoice=Text(), payment=_PAYMENT, status=Choice(("canceled", "open", "paid")))


def _list(ctx: Context, params: JSON, _: str) -> JSON:
    names = ("collection_method", "customer", "status")
    equal = {name: params[name] for name in names if name in params}
    mine = {invoice["id"] for invoice in ctx.account.invoices.get(params.get("subscription", ""), [])}

    def keep(invoice: JSON) -> bool:
        return (
            ("subscription" not in params or invoice["id"] in mine)
            and all(invoice[name] == value for name, value in equal.items())
            and created_within(invoice, params.get("created"))
        )

    return page_where("/v1/invoices", ctx.table("invoice"), params, keep)


def _lines(ctx: Context, params: JSON, invoice_id: str) -> JSON:
    invoice = ctx.find("invoice", invoice_id, "invoice")
    return item_list(f"/v1/invoices/{invoice_id}/lines", invoice["lines"]["data"], params)


def _payments(ctx: Context, params: JSON, _: str) -> JSON:
    wanted = params.get("payment") or {}
    if wanted and wanted["type"] not in wanted:
        message = f"You must pass `payment[{wanted['type']}]` when `payment[type]` is `{wanted['type']}`."
        raise StripeError(message, param=f"payment[{wanted['type']}]")

    def keep(payment: JSON) -> bool:
        return (
            params.get("invoice") in (None, payment["invoice"])
            and params.get("status") in (None, payment["status"])
            and all(payment["payment"].get(name) == value for name, value in wanted.items())
            and created_within(payment, params.get("created"))
        )

    return page_where("/v1/invoice_payments", ctx.table("invoice_payment"), params, keep)


ENDPOINTS = (
    Endpoint("GET", "/v1/invoices", LIST, _list),
    Endpoint("GET", "/v1/invoices/{id}", Hash(), retrieve("invoice", "invoice")),
    Endpoint("GET", "/v1/invoices/{id}/lines", list_schema(), _lines),
    Endpoint("GET", "/v1/invoice_payments", PAYMENTS, _payments),
    Endpoint("GET", "/v1/invoice_payments/{id}", Hash(), retrieve("invoice_payment", "invoice_payment")),
)
