"""What the sandbox answers has the shape that Stripe's SDK declares, whatever was sold."""

from typing import Any

import pytest
import stripe
from stripe._stripe_object import StripeObject

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.expansion import REFERENCES
from tests.sandbox.stripe.api import ONE_OFF, Raw
from tests.sandbox.stripe.shapes import expandable, misshapen

KINDS: dict[str, type[StripeObject]] = {
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "coupon": stripe.Coupon,
    "customer": stripe.Customer,
    "event": stripe.Event,
    "payment_intent": stripe.PaymentIntent,
    "payment_link": stripe.PaymentLink,
    "payment_method": stripe.PaymentMethod,
    "price": stripe.Price,
    "product": stripe.Product,
    "promotion_code": stripe.PromotionCode,
    "refund": stripe.Refund,
    "shipping_rate": stripe.ShippingRate,
}
ADDRESS = {"country": "DE", "line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115"}


def wrong(sandbox: StripeSandbox) -> dict[str, set[str]]:
    """Everything misshapen among all that the sandbox holds, by kind."""
    tables = sandbox.account.tables
    lines = {name: {line for item in tables[name].values() for line in misshapen(item, KINDS[name])} for name in KINDS}
    return {name: found for name, found in lines.items() if found}


@pytest.mark.parametrize("method", ["card", "bank_debit"])
async def test_a_payment_and_its_refund(sandbox: StripeSandbox, method: str) -> None:
    raw = Raw(sandbox)
    rate = {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}
    coupon = await raw.made("/v1/coupons", {"percent_off": 10})
    await raw.made("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "TEN"})
    link = await raw.link(
        ONE_OFF,
        allow_promotion_codes=True,
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


@pytest.mark.parametrize(("place", "kind"), [(place, kind) for place, kind in REFERENCES.items() if place[0] in KINDS])
def test_what_can_be_expanded_can_be_in_stripe(place: tuple[str, str], kind: str) -> None:
    assert expandable(KINDS[place[0]], place[1])


async def test_a_wrong_shape_is_found() -> None:
    refund: dict[str, Any] = {"id": 5, "status": None, "colour": "red", "charge": {"object": "charge"}}
    found = set(misshapen(refund, stripe.Refund))
    assert {"colour: Stripe has no such field", "amount: missing", "charge.amount: missing"} <= found
    assert any(line.startswith("id: 5") for line in found)
    assert not any(line.startswith("status") for line in found)
