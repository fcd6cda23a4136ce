"""The Dashboard: what it shows, and its buttons."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.conftest import boot

Press = Callable[..., Awaitable[JSON]]


@pytest.fixture
async def press(sandbox: StripeSandbox) -> AsyncIterator[Press]:
    """Presses a button: the Dashboard's data afterwards, with the answer's status."""
    async with aiohttp.ClientSession(sandbox.url) as session:

        async def act(action: str, object_id: str, **more: Any) -> JSON:
            async with session.post("/dashboard/act", json={"action": action, "id": object_id, **more}) as answer:
                return {**(await answer.json()), "status": answer.status}

        yield act


async def paid(sandbox: StripeSandbox, *items: JSON, **answers: Any) -> JSON:
    link = await Raw(sandbox).link(*items)
    return await sandbox.pay(link["url"], **answers)


async def test_links_and_bank_debits(sandbox: StripeSandbox, press: Press, browser: aiohttp.ClientSession) -> None:
    session = await paid(sandbox, method="bank_debit")
    shown = await press("deactivate", session["payment_link"])
    assert shown["links"][0]["active"] is False
    assert list(sandbox.events.values())[-1]["type"] == "payment_link.updated"
    assert (await boot(browser, f"{sandbox.url}/dashboard"))["payments"][0]["state"] == "processing"
    assert (await press("settle", session["id"]))["payments"][0]["state"] == "paid"
    assert (await press("settle", session["id"]))["status"] == 402
    assert (await press("explode", session["id"]))["status"] == 404


async def test_refunds(sandbox: StripeSandbox, press: Press) -> None:
    session = await paid(sandbox, method="bank_debit")
    await sandbox.settle(session["id"])
    (row,) = (await press("refund", session["id"], amount=500))["payments"]
    assert (row["refunded"], row["left"]) == (500, 1500)
    (row,) = (await press("fail_refund", row["refund"]))["payments"]
    assert (row["refunded"], row["left"], row["refund"]) == (0, 2000, None)
    for amount in (0, "5", 2001):
        answer = await press("refund", session["id"], amount=amount)
        assert answer["status"] in (400, 402)
        assert answer["error"]["message"]


async def test_disputes(sandbox: StripeSandbox, press: Press) -> None:
    session = await paid(sandbox)
    shown = await press("inquire", session["id"])
    assert shown["payments"][0]["disputed"] is True
    (dispute,) = shown["disputes"]
    states = [dispute["state"]]
    for action in ("submit_evidence", "escalate", "submit_evidence", "win"):
        states.append((await press(action, dispute["id"]))["disputes"][0]["state"])
    assert states == ["warning_needs_response", "warning_under_review", "needs_response", "under_review", "won"]
    assert (await press("lose", dispute["id"]))["status"] == 400


async def test_subscriptions(sandbox: StripeSandbox, press: Press) -> None:
    session = await paid(sandbox, MONTHLY)
    subscription = session["subscription"]
    shown = await press("renew", subscription)
    assert [row["note"] for row in shown["payments"]][-1].startswith("Renewal ")
    for action, state, owed in (
        ("renewal_fails", "past_due", True),
        ("retry", "active", False),
        ("cancel_later", "active", False),
        ("resume", "active", False),
        ("cancel", "canceled", False),
    ):
        (row,) = (await press(action, subscription))["subscriptions"]
        assert (row["state"], row["owed"]) == (state, owed)
    assert (await press("renew", subscription))["status"] == 404


async def test_another_accounts_things_are_out_of_reach(sandbox: StripeSandbox, press: Press) -> None:
    other = Raw(sandbox, sandbox.add_account("Other").secret_key)
    link = await other.link(ONE_OFF)
    session = await sandbox.pay(link["url"])
    assert (await press("refund", session["id"]))["status"] == 404
    assert (await press("deactivate", link["id"]))["status"] == 404


async def test_in_a_browser(sandbox: StripeSandbox, page: Page) -> None:
    await paid(sandbox)
    subscription = (await paid(sandbox, MONTHLY))["subscription"]
    await page.goto(f"{sandbox.url}/dashboard")
    payments = page.get_by_role("region", name="Payments")
    await payments.get_by_role("button", name="Refund…").last.click()
    amount = page.get_by_label("Amount to refund")
    await amount.fill("99")
    await amount.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("Enter an amount up to $20.00.")
    await amount.fill("5,50")
    await page.get_by_role("button", name="Refund", exact=True).click()
    await expect(payments).to_contain_text("$5.50 refunded")
    await payments.get_by_role("button", name="Dispute", exact=True).last.click()
    await page.get_by_role("region", name="Disputes").get_by_role("button", name="Lose").click()
    await expect(page.get_by_role("region", name="Disputes")).to_contain_text("lost")
    subscriptions = page.get_by_role("region", name="Subscriptions")
    await subscriptions.get_by_role("button", name="Renewal fails").click()
    await expect(subscriptions).to_contain_text("past due")
    assert sandbox.account.tables["subscription"][subscription]["status"] == "past_due"
