"""Automatic tax at checkout and on invoices."""

from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw

TAXED: dict[str, Any] = {"automatic_tax": {"enabled": True}}


def address(country: str) -> dict[str, str]:
    return {"country": country, "line1": "1 Main St", "city": "Town", "postal_code": "12345"}


def item(**price: Any) -> JSON:
    return {"price_data": {**ONE_OFF["price_data"], **price}, "quantity": 1}


@pytest.mark.parametrize(
    ("price", "country", "tax", "total"),
    [
        ({}, "US", 165, 2165),
        ({}, "DE", 380, 2380),
        ({}, "BR", 0, 2000),
        ({"tax_behavior": "inclusive"}, "DE", 319, 2000),
        ({"currency": "eur"}, "DE", 319, 2000),
        ({"currency": "eur", "tax_behavior": "exclusive"}, "DE", 380, 2380),
        ({"product_data": {"name": "Gift card", "tax_code": "txcd_00000000"}}, "DE", 0, 2000),
    ],
)
async def test_tax_follows_the_address_and_the_price(
    sandbox: StripeSandbox, price: JSON, country: str, tax: int, total: int
) -> None:
    link = await Raw(sandbox).link(item(**price), **TAXED)
    waiting = sandbox.visit(link["url"])
    assert waiting["automatic_tax"]["status"] == "requires_location_inputs"
    session = await sandbox.pay(link["url"], address=address(country))
    assert (session["total_details"]["amount_tax"], session["amount_total"]) == (tax, total)
    assert session["amount_subtotal"] == 2000
    assert session["automatic_tax"]["status"] == "complete"
    (line,) = sandbox.account.line_items[session["id"]]
    assert (line["amount_tax"], line["amount_total"]) == (tax, total)


async def test_tax_is_on_what_is_left_after_the_discount_and_on_shipping(
    sandbox: StripeSandbox, sdk: stripe.StripeClient
) -> None:
    raw = Raw(sandbox)
    coupon = await raw.made("/v1/coupons", {"percent_off": 50})
    await raw.made("/v1/promotion_codes", {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "HALF"})
    rate = {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}, "tax_behavior": "exclusive"}
    link = await raw.link(
        ONE_OFF,
        item(product_data={"name": "Mug"}),
        allow_promotion_codes=True,
        invoice_creation={"enabled": True},
        shipping_address_collection={"allowed_countries": ["DE"]},
        shipping_options=[{"shipping_rate": (await raw.made("/v1/shipping_rates", rate))["id"]}],
        **TAXED,
    )
    paid = await sandbox.pay(link["url"], address=address("DE"), promotion_code="HALF")
    expand = ["total_details.breakdown", "line_items.data.taxes", "line_items.data.discounts", "shipping_cost.taxes"]
    session = await sdk.v1.checkout.sessions.retrieve_async(paid["id"], {"expand": expand})
    assert (session.amount_subtotal, session.amount_total) == (4000, 2000 + 380 + 500 + 95)
    assert session.total_details is not None
    assert session.total_details.breakdown is not None
    (tax,) = session.total_details.breakdown.taxes
    assert (tax.amount, tax.taxable_amount, tax.rate.percentage) == (475, 2500, 19.0)
    (discount,) = session.total_details.breakdown.discounts
    assert (discount.amount, discount.discount.source.coupon) == (2000, coupon["id"])
    assert session.shipping_cost is not None
    assert (session.shipping_cost.amount_tax, session.shipping_cost.amount_total) == (95, 595)
    invoice = sandbox.account.tables["invoice"][paid["invoice"]]
    assert (invoice["total"], invoice["amount_paid"], invoice["total_excluding_tax"]) == (2975, 2975, 2500)
    assert sum(one["amount"] for one in invoice["total_taxes"]) == 475
    assert invoice["shipping_cost"]["amount_total"] == 595


async def test_the_page_is_told_where_the_customer_is(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(ONE_OFF, **TAXED)
    session, slug = sandbox.visit(link["url"]), link["url"].rsplit("/", 1)[1]
    assert sandbox.shop.choose(slug, session["id"], {"country": "DE"})["totals"]["tax"] == 380
    assert sandbox.shop.choose(slug, session["id"], {"country": "GB"})["totals"]["tax"] == 400


async def test_renewals_are_taxed_too(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(MONTHLY, **TAXED)
    session = await sandbox.pay(link["url"], address=address("FR"))
    await sandbox.renew(session["subscription"])
    totals = [invoice["amount_paid"] for invoice in sandbox.account.tables["invoice"].values()]
    assert totals == [5988, 5988]
