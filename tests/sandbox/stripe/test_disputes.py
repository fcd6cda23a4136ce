"""Disputes and inquiries."""

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.errors import StripeError
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.conftest import NOW


async def paid(sandbox: StripeSandbox, **answers: Any) -> JSON:
    return await sandbox.pay((await Raw(sandbox).link(ONE_OFF))["url"], **answers)


def told(sandbox: StripeSandbox) -> list[str]:
    """What was told of disputes."""
    types = [event["type"] for event in sandbox.events.values()]
    return [kind.removeprefix("charge.dispute.") for kind in types if kind.startswith("charge.dispute.")]


def charge(sandbox: StripeSandbox) -> JSON:
    (found,) = sandbox.account.tables["charge"].values()
    return found


async def test_a_dispute_is_answered_and_won(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    session = await paid(sandbox)
    made = await sandbox.dispute(session["id"], reason="product_not_received")
    assert (made["status"], made["amount"], charge(sandbox)["disputed"]) == ("needs_response", 2000, True)
    due = datetime.fromtimestamp(made["evidence_details"]["due_by"], UTC)
    assert (due.hour, due.minute, due.second) == (23, 59, 59)
    assert 13 < (due.timestamp() - NOW) / 86_400 < 15
    await sandbox.submit_evidence(made["id"])
    assert (made["status"], made["evidence_details"]["submission_count"]) == ("under_review", 1)
    await sandbox.close_dispute(made["id"], won=True)
    assert told(sandbox) == ["created", "funds_withdrawn", "updated", "closed", "funds_reinstated"]
    live = await sdk.v1.disputes.retrieve_async(made["id"], {"expand": ["charge", "payment_intent"]})
    assert live.status == "won"
    assert [(one.amount, one.fee) for one in live.balance_transactions] == [(-2000, 1500), (2000, 0)]
    assert isinstance(live.charge, stripe.Charge)
    for deed in (sandbox.submit_evidence, sandbox.escalate_inquiry):
        with pytest.raises(StripeError):
            await deed(made["id"])
    with pytest.raises(StripeError):
        await sandbox.close_dispute(made["id"], won=False)


async def test_a_lost_dispute_keeps_the_money(sandbox: StripeSandbox) -> None:
    session = await paid(sandbox)
    await sandbox.refund(session["id"], 500)
    made = await sandbox.dispute(session["payment_intent"])
    await sandbox.close_dispute(made["id"], won=False)
    assert (made["status"], made["amount"], len(made["balance_transactions"])) == ("lost", 1500, 1)
    assert told(sandbox) == ["created", "funds_withdrawn", "closed"]


async def test_an_inquiry_takes_no_money_until_it_escalates(sandbox: StripeSandbox) -> None:
    made = await sandbox.dispute((await paid(sandbox))["id"], inquiry=True)
    assert (made["status"], made["is_charge_refundable"]) == ("warning_needs_response", True)
    await sandbox.submit_evidence(made["id"])
    assert (made["status"], told(sandbox)) == ("warning_under_review", ["created", "updated"])
    await sandbox.escalate_inquiry(made["id"])
    assert (made["status"], made["is_charge_refundable"]) == ("needs_response", False)
    assert told(sandbox)[2:] == ["updated", "funds_withdrawn"]


async def test_an_inquiry_is_closed_by_a_refund_or_time(sandbox: StripeSandbox) -> None:
    session = await paid(sandbox)
    made = await sandbox.dispute(session["id"], inquiry=True)
    await sandbox.refund(session["id"])
    await sandbox.close_dispute(made["id"], won=True)
    assert (made["status"], told(sandbox)) == ("warning_closed", ["created", "closed"])


async def test_what_cannot_be(sandbox: StripeSandbox) -> None:
    session = await paid(sandbox)
    for wrong in ({"amount": 2001}, {"amount": 0}, {"reason": "bored"}):
        with pytest.raises(StripeError):
            await sandbox.dispute(session["id"], **wrong)
    assert not charge(sandbox)["disputed"]
    await sandbox.dispute(session["id"])
    with pytest.raises(StripeError, match="already disputed"):
        await sandbox.dispute(session["id"])
    error = await Raw(sandbox).refused("/v1/refunds", {"charge": charge(sandbox)["id"]})
    assert error["code"] == "charge_disputed"
    waiting = await paid(sandbox, method="bank_debit")
    with pytest.raises(StripeError, match="not paid"):
        await sandbox.dispute(waiting["id"])


async def test_banks_inquire_about_cards_only(sandbox: StripeSandbox) -> None:
    session = await paid(sandbox, method="bank_debit")
    await sandbox.settle(session["id"])
    with pytest.raises(StripeError):
        await sandbox.dispute(session["id"], inquiry=True)
    made = await sandbox.dispute(session["id"], reason="debit_not_authorized")
    assert (made["payment_method_details"], made["status"]) == (None, "needs_response")


@pytest.mark.parametrize(
    ("card", "status", "reason"),
    [
        ("4000000000000259", "needs_response", "fraudulent"),
        ("4000000000002685", "needs_response", "product_not_received"),
        ("4000000000001976", "warning_needs_response", "fraudulent"),
    ],
)
async def test_cards_that_are_disputed_at_once(sandbox: StripeSandbox, card: str, status: str, reason: str) -> None:
    session = await paid(sandbox, card=card)
    assert session["payment_status"] == "paid"
    (made,) = sandbox.account.tables["dispute"].values()
    assert (made["status"], made["reason"]) == (status, reason)
    types = [event["type"] for event in sandbox.events.values()]
    assert types.index("checkout.session.completed") < types.index("charge.dispute.created")


async def test_each_renewal_by_such_a_card_is_disputed(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    session = await sandbox.pay((await Raw(sandbox).link(MONTHLY))["url"], card="4000000000000259")
    await sandbox.renew(session["subscription"])
    disputes = (await sdk.v1.disputes.list_async()).data
    assert len(disputes) == 2
    found = await sdk.v1.disputes.list_async({"charge": str(disputes[0].charge)})
    assert [item.id for item in found.data] == [disputes[0].id]
