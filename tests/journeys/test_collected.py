"""What the checkout collected stands on the payment's message."""

from bot.money import Money
from tests.harness import World
from tests.journeys.steps import TEST_MODE, announced, buttons, channel, dashboard, deliver, events, pay, replied, said


async def test_a_payment_shows_everything_that_was_collected(town: World) -> None:
    price = {"currency": "eur", "unit_amount": 10000, "product_data": {"name": "Chair"}, "tax_behavior": "exclusive"}
    lamp = {"currency": "eur", "unit_amount": 2000, "product_data": {"name": "Lamp"}, "tax_behavior": "exclusive"}
    extra = await dashboard(town, "prices", lamp)
    fixed = {"amount": 500, "currency": "eur"}
    rate = await dashboard(
        town, "shipping_rates", {"display_name": "Express", "fixed_amount": fixed, "type": "fixed_amount"}
    )
    coupon = await dashboard(town, "coupons", {"percent_off": 10, "duration": "once", "name": "Spring sale"})
    promotion = {"promotion": {"type": "coupon", "coupon": coupon["id"]}, "code": "SPRING10"}
    await dashboard(town, "promotion_codes", promotion)
    link = await dashboard(
        town,
        "payment_links",
        {
            "line_items": [{"price_data": price, "quantity": 2}],
            "optional_items": [{"price": extra["id"], "quantity": 1}],
            "allow_promotion_codes": True,
            "automatic_tax": {"enabled": True},
            "tax_id_collection": {"enabled": True},
            "invoice_creation": {"enabled": True},
            "shipping_address_collection": {"allowed_countries": ["DE"]},
            "shipping_options": [{"shipping_rate": rate["id"]}],
            "metadata": {"paylink_team": town.slack.team.id, "paylink_channel": channel(town, "sales")},
        },
    )
    session = await pay(
        town,
        link,
        optional_items={"Lamp": 1},
        promotion_code="SPRING10",
        shipping_rate=rate["id"],
        address={"line1": "1 Main St", "city": "Berlin", "postal_code": "10115", "country": "DE"},
        tax_id={"type": "eu_vat", "value": "DE123456789"},
    )
    (invoice,) = town.stripe.account.tables["invoice"].values()
    details, total = session["total_details"], Money(session["amount_total"], "eur").format()
    shown = said(town)[-1]
    assert shown.startswith(f"{TEST_MODE} Paid: {total}. From Jenny Rosen, jenny.rosen@example.com.")
    assert "2 × Chair: " in shown
    assert "1 × Lamp, added by the customer: " in shown
    assert f"Discount: {Money(-details['amount_discount'], 'eur').format()} (SPRING10" in shown
    assert "Shipping: €5.00 (Express)." in shown
    assert f"Tax: {Money(details['amount_tax'], 'eur').format()}." in shown
    assert "Ship to: Jenny Rosen, 1 Main St, 10115 Berlin, Germany." in shown
    assert "Tax ID: DE123456789." in shown
    assert f"Invoice: {invoice['number']}." in shown
    assert details["amount_tax"] > 0
    assert set(buttons(town)) == {"Open link", "View in Stripe", "Receipt", "Invoice", "Invoice PDF"}


async def test_an_invoice_that_stripe_makes_later_gets_its_buttons_without_a_word(town: World) -> None:
    price = {"currency": "eur", "unit_amount": 30000, "product_data": {"name": "Consulting"}}
    link = await dashboard(
        town,
        "payment_links",
        {
            "line_items": [{"price_data": price, "quantity": 1}],
            "invoice_creation": {"enabled": True},
            "metadata": {"paylink_team": town.slack.team.id, "paylink_channel": channel(town, "sales")},
        },
    )
    town.stripe.account.late_invoices = True
    session = await pay(town, link)
    shown = {"name": "Consulting", "items": "1 × Consulting: €300.00", "by": ""}
    assert said(town)[-1] == announced(town, **shown)
    assert "Invoice" not in buttons(town)
    invoice = await town.stripe.invoice(session["id"])
    await town.settle()
    assert said(town)[-1] == announced(town, **shown, more=f"Invoice: {invoice['number']}.")
    assert {"Invoice", "Invoice PDF"} <= set(buttons(town))
    assert replied(town) == []
    (told,) = events(town, "invoice.paid")
    await deliver(town, told)
    await town.settle()
    assert said(town)[-1] == announced(town, **shown, more=f"Invoice: {invoice['number']}.")
