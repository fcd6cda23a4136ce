"""The lists, against the sandbox: complete to the last line item."""

from collections.abc import AsyncIterator

import pytest

from bot.gateways.stripe import StripeGateway
from bot.payments.after_objects import subscription_id_of
from bot.payments.sessions import SessionFact, session_fact
from bot.sandbox.stripe.server import StripeSandbox

MANY = 12


@pytest.fixture
async def sandbox() -> AsyncIterator[StripeSandbox]:
    async with StripeSandbox(seed=1) as sandbox:
        yield sandbox


@pytest.fixture
async def stripe(sandbox: StripeSandbox) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(sandbox.secret_key, api_base=sandbox.url, timeout=5, retries=0)
    yield gateway
    await gateway.close()


async def created(stripe: StripeGateway, name: str, items: int) -> dict[str, object]:
    prices = [{"currency": "eur", "unit_amount": 1000, "product_data": {"name": f"{name} {at}"}} for at in range(items)]
    return await stripe.create_payment_link(
        {"line_items": [{"price_data": price, "quantity": 1} for price in prices]}, f"key {name}"
    )


async def test_links_come_newest_first_with_every_item(stripe: StripeGateway) -> None:
    first = await created(stripe, "Many", MANY)
    second = await created(stripe, "One", 1)
    assert [link async for link in stripe.payment_links()] == [second, first]
    assert [link async for link in stripe.payment_links(str(second["id"]))] == [first]
    assert await stripe.payment_link(str(first["id"])) == first
    names = [item["price"]["product"]["name"] for item in first["line_items"]["data"]]  # type: ignore[index]
    assert sorted(names) == sorted(f"Many {at}" for at in range(MANY))


async def test_sessions_come_with_every_item_and_what_became_of_the_money(
    stripe: StripeGateway, sandbox: StripeSandbox
) -> None:
    many, other = await created(stripe, "Many", MANY), await created(stripe, "One", 1)
    paid = await sandbox.pay(str(many["url"]))
    failed = await sandbox.pay(str(many["url"]), method="bank_debit")
    await sandbox.fail(failed["id"])
    waiting = await sandbox.pay(str(other["url"]), method="bank_debit")
    facts = [session_fact(session) async for session in stripe.checkout_sessions()]
    payments = [fact.payment for fact in facts if isinstance(fact, SessionFact)]
    assert {payment.id: (payment.status, len(payment.items)) for payment in payments} == {
        paid["id"]: ("paid", MANY),
        failed["id"]: ("failed", MANY),
        waiting["id"]: ("processing", 1),
    }
    of_one = [session["id"] async for session in stripe.checkout_sessions(payment_link=str(other["id"]))]
    assert of_one == [waiting["id"]]
    assert (await stripe.checkout_session(failed["id"]))["payment_intent"]["status"] == "requires_payment_method"


async def test_a_session_is_found_by_what_came_of_it(stripe: StripeGateway, sandbox: StripeSandbox) -> None:
    link = await created(stripe, "One", 1)
    paid = await sandbox.pay(str(link["url"]))
    found = await stripe.session_of_intent(paid["payment_intent"])
    assert found == await stripe.checkout_session(paid["id"])
    assert found is not None
    assert found["payment_intent"]["latest_charge"]["receipt_url"].startswith(sandbox.url)
    assert await stripe.session_of_intent("pi_none") is None
    assert await stripe.invoice_paid_by(paid["payment_intent"]) is None


async def test_a_renewal_s_intent_leads_to_its_subscription(stripe: StripeGateway, sandbox: StripeSandbox) -> None:
    monthly = {
        "currency": "eur",
        "unit_amount": 1000,
        "product_data": {"name": "Plan"},
        "recurring": {"interval": "month"},
    }
    link = await stripe.create_payment_link({"line_items": [{"price_data": monthly, "quantity": 1}]}, "plan")
    paid = await sandbox.pay(link["url"])
    await sandbox.renew(paid["subscription"])
    (first, second) = sandbox.account.tables["invoice_payment"].values()
    invoice = await stripe.invoice_paid_by(second["payment"]["payment_intent"])
    assert invoice is not None
    assert invoice["id"] == second["invoice"] != first["invoice"]
    assert subscription_id_of(invoice) == paid["subscription"]
    found = await stripe.session_of_subscription(paid["subscription"])
    assert found == await stripe.checkout_session(paid["id"])
    assert await stripe.session_of_subscription("sub_none") is None
