"""Refunds, by the API and by the merchant's hand."""

from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import ONE_OFF, Raw


async def paid(sandbox: StripeSandbox, **answers: Any) -> tuple[JSON, JSON]:
    """A session over $20 and its charge."""
    link = await Raw(sandbox).link(ONE_OFF)
    session = await sandbox.pay(link["url"], **answers)
    intent = sandbox.account.tables["payment_intent"][session["payment_intent"]]
    return session, sandbox.account.tables["charge"][intent["latest_charge"]]


def types(sandbox: StripeSandbox, after: int) -> list[str]:
    return [event["type"] for event in sandbox.events.values()][after:]


async def test_in_parts_until_all_is_given_back(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    session, charge = await paid(sandbox)
    before = len(sandbox.events)
    first = await sandbox.refund(session["id"], 500, reason="requested_by_customer")
    assert types(sandbox, before) == ["charge.refunded", "refund.created", "refund.updated", "charge.refund.updated"]
    assert (charge["amount_refunded"], charge["refunded"]) == (500, False)
    told = list(sandbox.events.values())[before]["data"]
    assert told["previous_attributes"] == {"amount_refunded": 0}
    second = await sdk.v1.refunds.create_async({"payment_intent": session["payment_intent"]})
    assert (second.amount, second.status, second.charge) == (1500, "succeeded", charge["id"])
    assert (charge["amount_refunded"], charge["refunded"]) == (2000, True)
    listed = await sdk.v1.refunds.list_async({"payment_intent": session["payment_intent"]})
    assert [item.id for item in listed.data] == [second.id, first["id"]]
    expanded = await sdk.v1.charges.retrieve_async(charge["id"], {"expand": ["refunds", "balance_transaction"]})
    assert expanded.refunds is not None
    assert [item.reason for item in expanded.refunds.data] == [None, "requested_by_customer"]
    assert isinstance(expanded.balance_transaction, stripe.BalanceTransaction)
    assert expanded.balance_transaction.net == 2000 - 88


async def test_a_bank_waits_for_its_refund(sandbox: StripeSandbox) -> None:
    session, charge = await paid(sandbox, method="bank_debit")
    with pytest.raises(StripeError) as refusal:
        await sandbox.refund(session["id"])
    assert refusal.value.code == "charge_not_refundable"
    await sandbox.settle(session["id"])
    made = await sandbox.refund(session["payment_intent"])
    assert (made["status"], made["pending_reason"], charge["refunded"]) == ("pending", "processing", True)
    before = len(sandbox.events)
    await sandbox.settle_refund(made["id"])
    assert (made["status"], made["pending_reason"]) == ("succeeded", None)
    assert types(sandbox, before) == ["refund.updated", "charge.refund.updated"]
    with pytest.raises(StripeError):
        await sandbox.settle_refund(made["id"])


@pytest.mark.parametrize("by_card", [True, False])
async def test_a_failed_refund_can_be_made_again(sandbox: StripeSandbox, by_card: bool) -> None:
    session, charge = await paid(sandbox, **({"card": "4000000000005126"} if by_card else {}))
    before = len(sandbox.events)
    made = await sandbox.refund(session["id"], 700)
    if not by_card:
        before = len(sandbox.events)
        await sandbox.fail_refund(made["id"])
    assert (made["status"], made["failure_reason"]) == ("failed", "expired_or_canceled_card")
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert types(sandbox, before)[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    with pytest.raises(StripeError):
        await sandbox.fail_refund(made["id"])
    assert (await sandbox.refund(charge["id"]))["amount"] == 2000


async def test_some_cards_take_their_time(sandbox: StripeSandbox) -> None:
    session, _ = await paid(sandbox, card="4000000000007726")
    assert (await sandbox.refund(session["id"]))["status"] == "pending"


@pytest.mark.parametrize(
    ("params", "param", "code"),
    [
        ({}, "payment_intent", "parameter_missing"),
        ({"charge": "ch_x", "payment_intent": "pi_x"}, "charge", "parameters_exclusive"),
        ({"charge": "ch_x"}, "charge", "resource_missing"),
        ({"amount": 2001}, "amount", None),
        ({"amount": 0}, "amount", "parameter_invalid_integer"),
        ({"reason": "bored"}, "reason", None),
        ({"colour": "red"}, "colour", "parameter_unknown"),
    ],
)
async def test_what_stripe_refuses(sandbox: StripeSandbox, params: JSON, param: str, code: str | None) -> None:
    _, charge = await paid(sandbox)
    named = {"charge": charge["id"]} if params and not {"charge", "payment_intent"} & set(params) else {}
    error = await Raw(sandbox).refused("/v1/refunds", {**named, **params})
    assert (error["param"], error.get("code")) == (param, code)
    assert charge["amount_refunded"] == 0


async def test_a_repeated_request_refunds_once(sandbox: StripeSandbox) -> None:
    session, charge = await paid(sandbox)
    raw, key = Raw(sandbox), {"Idempotency-Key": "once"}
    params = {"payment_intent": session["payment_intent"], "amount": 700}
    _, first = await raw.request("POST", "/v1/refunds", params, key)
    _, second = await raw.request("POST", "/v1/refunds", params, key)
    assert (first["id"], charge["amount_refunded"]) == (second["id"], 700)
    await sandbox.refund(charge["id"])
    error = await raw.refused("/v1/refunds", params)
    assert error["code"] == "charge_already_refunded"


async def test_another_account_sees_nothing(sandbox: StripeSandbox) -> None:
    session, _ = await paid(sandbox)
    made = await sandbox.refund(session["id"])
    other = Raw(sandbox, sandbox.add_account("Other").secret_key)
    status, _ = await other.request("GET", f"/v1/refunds/{made['id']}")
    assert status == 404
    _, listed = await other.request("GET", "/v1/refunds")
    assert listed["data"] == []
    with pytest.raises(KeyError):
        await sandbox.refund("pi_nowhere")
