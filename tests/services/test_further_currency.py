"""Links made elsewhere that sell a price in another of its currencies than its own."""

from typing import Any

import pytest
from stripe import StripeClient

from bot.gateways.stripe import StripeGateway
from bot.links.totals import totals_in_words
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from tests.services.desk import SALES, Desk

KINDS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "flat": ({"unit_amount": 1100}, {"unit_amount": 1000}, "€20.00 today"),
    "yen": ({"unit_amount": 1100}, {"unit_amount": 1500}, "¥3,000 today"),
    "package": (
        {"unit_amount": 1100, "transform_quantity": {"divide_by": 5, "round": "up"}},
        {"unit_amount": 1000},
        "€10.00 today",
    ),
    "archived": ({"unit_amount": 1100, "active": False}, {"unit_amount": 1000}, "€20.00 today"),
    "chosen": (
        {"custom_unit_amount": {"enabled": True, "minimum": 500}},
        {"custom_unit_amount": {"enabled": True, "minimum": 400}},
        "Seat (customer chooses, from €4)",
    ),
    "tiered": (
        {
            "billing_scheme": "tiered",
            "tiers_mode": "volume",
            "recurring": {"interval": "month"},
            "tiers": [{"up_to": "inf", "unit_amount": 1100}],
        },
        {"tiers": [{"up_to": "inf", "unit_amount": 1000}]},
        "€20.00 every month",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_told_and_made_again_in_the_currency_that_customers_pay(
    kind: str, desk: Desk, ada: Actor, stripe: StripeGateway, dashboard: StripeClient, sandbox: StripeSandbox
) -> None:
    own, further, words = KINDS[kind]
    currency = "jpy" if kind == "yen" else "eur"
    product = await dashboard.v1.products.create_async({"name": "Seat"})
    params: Any = {"product": product.id, "currency": "usd", "currency_options": {currency: further}, **own}
    archived = params.pop("active", None) is False
    price = await dashboard.v1.prices.create_async(params)
    quantity = 1 if kind == "chosen" else 2
    items = [{"price": price.id, "quantity": quantity}]
    link = await stripe.create_payment_link({"line_items": items, "currency": currency}, "dashboard")
    if archived:
        await dashboard.v1.prices.update_async(price.id, {"active": False})
    created = next(one for one in sandbox.events.values() if one["type"] == "payment_link.created")
    await desk.deliver(created)
    copy = await desk.links.duplicate(ada, link["id"], SALES)
    assert totals_in_words(copy.draft) == words
    made = sandbox.payment_links[(await desk.links.submit(ada, copy.id)).link_id]
    assert made["currency"] == currency
    (item,) = (await stripe.payment_link(made["id"]))["line_items"]["data"]
    assert (item["amount_total"], item["currency"]) == (link["line_items"]["data"][0]["amount_total"], currency)
