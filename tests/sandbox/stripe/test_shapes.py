"""What the sandbox answers has the shape that Stripe's SDK declares, whatever was sold."""

from typing import Any

import pytest
import stripe
from stripe._stripe_object import StripeObject

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.expansion import REFERENCES
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw
from tests.sandbox.stripe.shapes import expandable, misshapen

KINDS: dict[str, type[StripeObject]] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "coupon": stripe.Coupon,
    "customer": stripe.Customer,
    "discount": stripe.Discount,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "invoice": stripe.Invoice,
    "invoice_payment": stripe.InvoicePayment,
    "payment_intent": stripe.PaymentIntent,
    "payment_link": stripe.PaymentLink,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "product": stripe.Product,
    "promotion_code": stripe.PromotionCode,
    "refund": stripe.Refund,
    "shipping_rate": stripe.ShippingRate,
    "subscription": stripe.Subscription,
    "tax_rate": stripe.TaxRate,
}
ADDRESS = {"country": "DE", "line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115"}

SESSION_PATHS = (
    "line_items.data.taxes",
    "line_items.data.discounts",
    "total_details.breakdown",
    "shipping_cost.taxes",
    "shipping_cost.shipping_rate",
    "discounts.promotion_code",
    "invoice",
    "payment_intent.latest_charge",
)
INVOICE_PATHS = ("payments.data.payment.payment_intent", "discounts", "parent.subscription_details.subscription")


def wrong(sandbox: StripeSandbox) -> dict[str, set[str]]:
    """Everything misshapen among all that the sandbox holds, by kind."""
    tables = sandbox.account.tables
    lines = {name: {line for item in tables[name].values() for line in misshapen(item, KINDS[name])} for name in KINDS}
    return {name: found for name, found in lines.items() if found}


async def code(raw: Raw, name: str, **coupon: Any) -> None:
    made = await raw.made("/v1/coupons", {"percent_off": 10, **coupon})
    await raw.made("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": made["id"]}, "code": name})


@pytest.mark.parametrize("method", ["card", "bank_debit"])
async def test_a_payment_and_its_refund(sandbox: StripeSandbox, method: str) -> None:
    raw = Raw(sandbox)
    rate = {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}
    await code(raw, "TEN")
    link = await raw.link(
        ONE_OFF,
        allow_promotion_codes=True,
        automatic_tax={"enabled": True},
        invoice_creation={"enabled": True},
        phone_number_collection={"enabled": True},
        shipping_address_collection={"allowed_countries": ["DE"]},
        shipping_options=[{"shipping_rate": (await raw.made("/v1/shipping_rates", rate))["id"]}],
    )
    session = await sandbox.pay(
        link["url"], method=method, promotion_code="TEN", phone="+49 30 123456", address=ADDRESS
    )
    if method == "bank_debit":
        await sandbox.settle(session["id"])
    await sandbox.fail_refund((await sandbox.refund(session["id"], 300))["id"])
    assert wrong(sandbox) == {}
    session = await expanded(raw, f"checkout/sessions/{session['id']}", *SESSION_PATHS)
    assert session["line_items"]["data"][0]["taxes"]
    assert list(misshapen(session, stripe.checkout.Session)) == []
    invoice = await expanded(raw, f"invoices/{session['invoice']['id']}", *INVOICE_PATHS)
    assert invoice["payments"]["data"][0]["payment"]["payment_intent"]["object"] == "payment_intent"
    assert list(misshapen(invoice, stripe.Invoice)) == []


async def expanded(raw: Raw, path: str, *paths: str) -> JSON:
    status, answer = await raw.request("GET", f"/v1/{path}", {"expand": list(paths)})
    assert status == 200, answer
    return answer


async def test_a_subscription_through_its_life(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    await code(raw, "TEN", duration="repeating", duration_in_months=3)
    link = await raw.link(
        MONTHLY,
        allow_promotion_codes=True,
        automatic_tax={"enabled": True},
        subscription_data={"trial_period_days": 7, "metadata": {"a": "b"}},
    )
    session = await sandbox.pay(link["url"], promotion_code="TEN", address=ADDRESS)
    subscription = session["subscription"]
    await sandbox.trial_ends(subscription)
    await sandbox.renew(subscription, fails=True)
    await sandbox.retry(subscription)
    last = sandbox.account.tables["subscription"][subscription]["latest_invoice"]
    await sandbox.cancel(subscription, at_period_end=True)
    await sandbox.renew(subscription)
    assert wrong(sandbox) == {}
    invoice = await expanded(raw, f"invoices/{last}", *INVOICE_PATHS)
    assert invoice["parent"]["subscription_details"]["subscription"]["object"] == "subscription"
    assert list(misshapen(invoice, stripe.Invoice)) == []


@pytest.mark.parametrize(("place", "kind"), [(place, kind) for place, kind in REFERENCES.items() if place[0] in KINDS])
def test_what_can_be_expanded_can_be_in_stripe(place: tuple[str, str], kind: str) -> None:
    assert expandable(KINDS[place[0]], place[1])


@pytest.mark.parametrize("inquiry", [True, False])
async def test_a_dispute(sandbox: StripeSandbox, inquiry: bool) -> None:
    link = await Raw(sandbox).link(ONE_OFF)
    made = await sandbox.dispute((await sandbox.pay(link["url"]))["id"], inquiry=inquiry)
    await sandbox.submit_evidence(made["id"])
    if inquiry:
        await sandbox.escalate_inquiry(made["id"])
    await sandbox.close_dispute(made["id"], won=True)
    assert wrong(sandbox) == {}


async def test_a_wrong_shape_is_found() -> None:
    refund: dict[str, Any] = {"id": 5, "status": None, "colour": "red", "charge": {"object": "charge"}}
    found = set(misshapen(refund, stripe.Refund))
    assert {"colour: Stripe has no such field", "amount: missing", "charge.amount: missing"} <= found
    assert any(line.startswith("id: 5") for line in found)
    assert not any(line.startswith("status") for line in found)
