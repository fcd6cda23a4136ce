"""Opening a link and paying, through the same doors as the page."""

from typing import Any

import pytest
import stripe

from bot.sandbox.stripe import Declined, LinkInactive, PaymentRefused, StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.conftest import Clock
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw


def types(sandbox: StripeSandbox, after: int = 0) -> list[str]:
    return [event["type"] for event in sandbox.events.values()][after:]


async def test_a_card_payment(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link(
        {**ONE_OFF, "quantity": 2}, metadata={"draft": "7"}, payment_intent_data={"metadata": {"draft": "7"}}
    )
    before = len(sandbox.events)
    await sandbox.pay(link["url"], email="ada@acme.example", name="Ada Lovelace")
    assert types(sandbox, before) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    (session,) = (await sdk.v1.checkout.sessions.list_async({"payment_link": link["id"]})).data
    assert (session.status, session.payment_status, session.mode) == ("complete", "paid", "payment")
    assert (session.amount_subtotal, session.amount_total, session.currency) == (4000, 4000, "usd")
    assert session.metadata is not None
    assert session.metadata.to_dict() == {"draft": "7"}
    assert session.customer_details is not None
    assert (session.customer_details.email, session.customer_details.name) == ("ada@acme.example", "Ada Lovelace")
    intent = await sdk.v1.payment_intents.retrieve_async(str(session.payment_intent), {"expand": ["latest_charge"]})
    assert (intent.status, intent.amount_received, intent.metadata.to_dict()) == ("succeeded", 4000, {"draft": "7"})
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert intent.latest_charge.receipt_url is not None
    items = (await sdk.v1.checkout.sessions.line_items.list_async(session.id)).data
    assert [(item.description, item.quantity, item.amount_total) for item in items] == [("T-shirt", 2, 4000)]
    found = await sdk.v1.checkout.sessions.list_async({"payment_intent": intent.id, "status": "complete"})
    assert [item.id for item in found.data] == [session.id]


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("4000000000000002", "card_declined", "generic_decline"),
        ("4000 0000 0000 9995", "card_declined", "insufficient_funds"),
        ("4000000000000127", "incorrect_cvc", None),
        ("4242424242424241", "incorrect_number", None),
        ("4111111111111111", "card_declined", "live_mode_test_card"),
    ],
)
async def test_declined_cards(sandbox: StripeSandbox, card: str, code: str, decline_code: str | None) -> None:
    link = await Raw(sandbox).link()
    with pytest.raises(Declined) as refusal:
        await sandbox.pay(link["url"], card=card)
    assert (refusal.value.code, refusal.value.decline_code, refusal.value.field) == (code, decline_code, "card")
    (session,) = sandbox.sessions.values()
    assert (session["status"], session["payment_status"]) == ("open", "unpaid")


@pytest.mark.parametrize(("expiry", "cvc"), [("12/20", "123"), ("13/40", "123"), ("x", "123"), ("12/40", "12")])
async def test_expiry_and_cvc_are_checked(sandbox: StripeSandbox, expiry: str, cvc: str) -> None:
    link = await Raw(sandbox).link()
    with pytest.raises(Declined):
        await sandbox.pay(link["url"], expiry=expiry, cvc=cvc)
    assert "charge.failed" not in types(sandbox)


async def test_a_second_card_pays_the_same_intent(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link()
    slug = link["url"].rsplit("/", 1)[1]
    session = sandbox.visit(link["url"])
    form: JSON = {
        "email": "a@b.example",
        "name": "A",
        "card": {"number": "4000000000000002", "expiry": "12/40", "cvc": "123"},
    }
    with pytest.raises(Declined):
        sandbox.shop.pay(slug, session["id"], form)
    failed = session["payment_intent"]
    form["card"]["number"] = "4242424242424242"
    sandbox.shop.pay(slug, session["id"], form)
    assert session["payment_intent"] == failed
    assert types(sandbox, 3) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]
    with pytest.raises(PaymentRefused, match="already completed"):
        sandbox.shop.pay(slug, session["id"], form)


@pytest.mark.parametrize("outcome", ["settle", "fail"])
async def test_a_bank_debit_settles_later(sandbox: StripeSandbox, outcome: str) -> None:
    link = await Raw(sandbox).link()
    session = await sandbox.pay(link["url"], method="bank_debit")
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    assert types(sandbox)[-1] == "checkout.session.completed"
    assert "charge.succeeded" not in types(sandbox)
    before = len(sandbox.events)
    await getattr(sandbox, outcome)(session["id"])
    if outcome == "settle":
        assert session["payment_status"] == "paid"
        assert types(sandbox, before) == [
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.async_payment_succeeded",
        ]
    else:
        assert session["payment_status"] == "unpaid"
        assert types(sandbox, before) == [
            "charge.failed",
            "payment_intent.payment_failed",
            "checkout.session.async_payment_failed",
        ]
    with pytest.raises(PaymentRefused):
        await sandbox.settle(session["id"])


async def test_a_subscription(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link(ONE_OFF, MONTHLY, subscription_data={"metadata": {"draft": "7"}})
    session = await sandbox.pay(link["url"])
    assert (session["mode"], session["amount_total"], session["payment_intent"]) == ("subscription", 6990, None)
    expanded = await sdk.v1.checkout.sessions.retrieve_async(
        session["id"], {"expand": ["subscription.latest_invoice", "customer"]}
    )
    assert isinstance(expanded.subscription, stripe.Subscription)
    assert (expanded.subscription.status, expanded.subscription.metadata.to_dict()) == ("active", {"draft": "7"})
    assert isinstance(expanded.subscription.latest_invoice, stripe.Invoice)
    assert expanded.subscription.latest_invoice.status == "paid"
    assert isinstance(expanded.customer, stripe.Customer)
    assert {"customer.created", "customer.subscription.created", "invoice.paid"} < set(types(sandbox))
    assert types(sandbox)[-1] == "checkout.session.completed"


async def test_a_trial_costs_nothing_today(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(
        MONTHLY, subscription_data={"trial_period_days": 14}, payment_method_collection="if_required"
    )
    session = await sandbox.pay(link["url"])
    assert (session["amount_total"], session["payment_status"]) == (0, "no_payment_required")
    subscription = sandbox.account.tables["subscription"][session["subscription"]]
    assert subscription["status"] == "trialing"
    assert subscription["trial_end"] - subscription["trial_start"] == 14 * 86_400


async def test_a_limit_turns_the_link_off(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    link = await raw.link(ONE_OFF, restrictions={"completed_sessions": {"limit": 2}}, inactive_message="Sold out")
    waiting = sandbox.visit(link["url"])
    await sandbox.pay(link["url"])
    live = sandbox.payment_links[link["id"]]
    assert (live["active"], live["restrictions"]["completed_sessions"]["count"]) == (True, 1)
    await sandbox.pay(link["url"])
    assert (live["active"], live["restrictions"]["completed_sessions"]["count"]) == (False, 2)
    assert types(sandbox)[-1] == "payment_link.updated"
    with pytest.raises(LinkInactive, match="Sold out"):
        await sandbox.pay(link["url"])
    form = {"email": "a@b.example", "name": "A", "card": {}}
    with pytest.raises(LinkInactive):
        sandbox.shop.pay(link["url"].rsplit("/", 1)[1], waiting["id"], form)
    path = f"/v1/payment_links/{link['id']}"
    assert (await raw.refused(path, {"active": True}))["param"] == "active"
    await raw.made(path, {"active": True, "restrictions": {"completed_sessions": {"limit": 3}}})
    await sandbox.pay(link["url"])


async def test_url_parameters(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link()
    url = f"{link['url']}?client_reference_id=deal_42&locked_prefilled_email=ada%40acme.example&locale=de&utm_source=x"
    session = await sandbox.pay(url, email="someone@else.example")
    assert session["client_reference_id"] == "deal_42"
    assert session["customer_details"]["email"] == "ada@acme.example"
    assert session["locale"] == "de"
    assert not any("utm" in key for key in session)
    wrong = await sandbox.pay(f"{link['url']}?client_reference_id=no%20good&locale=tlh&locked_prefilled_email=ada")
    assert (wrong["client_reference_id"], wrong["locale"], wrong["customer_email"]) == (None, "auto", None)


async def test_a_campaign_reaches_the_merchants_site(sandbox: StripeSandbox) -> None:
    redirect = {"type": "redirect", "redirect": {"url": "https://acme.example/?id={CHECKOUT_SESSION_ID}#top"}}
    link = await Raw(sandbox).link(after_completion=redirect)
    session = await sandbox.pay(f"{link['url']}?utm_source=mail&utm_term=no%20good&utm_campaign=spring_27&other=x")
    url = sandbox.shop.next_url(link["url"].rsplit("/", 1)[1], session["id"])
    assert url == f"https://acme.example/?id={session['id']}&utm_source=mail&utm_campaign=spring_27#top"


async def test_quantities_and_optional_items(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    extra = await raw.made("/v1/prices", {"currency": "usd", "unit_amount": 300, "product_data": {"name": "Card"}})
    shirt = {**ONE_OFF, "quantity": 1, "adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": 3}}
    link = await raw.link(shirt, optional_items=[{"price": extra["id"], "quantity": 2}])
    session = await sandbox.pay(link["url"], quantities={"T-shirt": 3}, optional_items={"Card": 2})
    assert session["amount_total"] == 3 * 2000 + 2 * 300
    lines = sandbox.account.line_items[session["id"]]
    assert [(line["description"], line["quantity"]) for line in lines] == [("T-shirt", 3), ("Card", 2)]
    choices: list[JSON] = [
        {"quantities": {"T-shirt": 4}},
        {"quantities": {"T-shirt": 0}},
        {"optional_items": {"Card": 3}},
    ]
    for choice in choices:
        with pytest.raises(PaymentRefused):
            await sandbox.pay(link["url"], **choice)


async def test_a_customer_chosen_amount(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    custom = {"enabled": True, "minimum": 500, "maximum": 5000}
    price = await raw.made(
        "/v1/prices", {"currency": "usd", "custom_unit_amount": custom, "product_data": {"name": "Donation"}}
    )
    link = await raw.link({"price": price["id"], "quantity": 1})
    assert (await sandbox.pay(link["url"], amount=1234))["amount_total"] == 1234
    for amount in (None, 499, 5001):
        with pytest.raises(PaymentRefused) as refusal:
            await sandbox.pay(link["url"], amount=amount)
        assert refusal.value.field == "amount"


async def test_shipping(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    rates = [
        await raw.made(
            "/v1/shipping_rates", {"display_name": name, "fixed_amount": {"amount": amount, "currency": "usd"}}
        )
        for name, amount in (("Post", 500), ("Express", 1200))
    ]
    link = await raw.link(
        ONE_OFF,
        shipping_address_collection={"allowed_countries": ["DE"]},
        shipping_options=[{"shipping_rate": rate["id"]} for rate in rates],
    )
    address = {"country": "DE", "line1": "Hauptstr. 1", "city": "Berlin", "postal_code": "10115"}
    session = await sandbox.pay(link["url"], address=address, shipping_rate=rates[1]["id"])
    assert session["amount_total"] == 3200
    assert session["shipping_cost"]["shipping_rate"] == rates[1]["id"]
    assert session["collected_information"]["shipping_details"]["address"]["city"] == "Berlin"
    with pytest.raises(PaymentRefused, match="don't ship"):
        await sandbox.pay(link["url"], address={**address, "country": "FR"})


SIZE = {
    "key": "size",
    "label": {"type": "custom", "custom": "Size"},
    "type": "dropdown",
    "dropdown": {"options": [{"label": "Small", "value": "s"}]},
}
ROOM = {
    "key": "room",
    "label": {"type": "custom", "custom": "Room"},
    "type": "numeric",
    "numeric": {"maximum_length": 3},
    "optional": True,
}
ANSWERS: dict[str, Any] = {
    "custom_fields": {"size": "s", "room": "12"},
    "phone": "+1 201 555 0123",
    "address": {"country": "US", "line1": "1 Main St", "city": "Springfield", "postal_code": "12345"},
    "tax_id": {"type": "us_ein", "value": "12-3456789"},
    "business_name": "Rosen Inc",
}
ASKS: dict[str, Any] = {
    "custom_fields": [SIZE, ROOM],
    "phone_number_collection": {"enabled": True},
    "billing_address_collection": "required",
    "tax_id_collection": {"enabled": True, "required": "if_supported"},
    "name_collection": {"business": {"enabled": True}},
    "consent_collection": {"terms_of_service": "required", "promotions": "auto"},
}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"custom_fields": {}}, "custom_fields.size"),
    ({"custom_fields": {"size": "xl"}}, "custom_fields.size"),
    ({"custom_fields": {"size": "s", "room": "abc"}}, "custom_fields.room"),
    ({"custom_fields": {"size": "s", "room": "1234"}}, "custom_fields.room"),
    ({"phone": "no"}, "phone"),
    ({"address": {}}, "address.country"),
    ({"tax_id": None}, "tax_id"),
    ({"business_name": None}, "business_name"),
    ({"terms_of_service": False}, "terms_of_service"),
    ({"email": "nobody"}, "email"),
]


async def test_what_the_link_asks_is_on_the_session(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(ONE_OFF, **ASKS)
    session = await sandbox.pay(link["url"], **ANSWERS)
    assert [field[field["type"]]["value"] for field in session["custom_fields"]] == ["s", "12"]
    assert session["consent"] == {"promotions": "opt_out", "terms_of_service": "accepted"}
    details = session["customer_details"]
    assert details["phone"] == "+1 201 555 0123"
    assert details["tax_ids"] == [{"type": "us_ein", "value": "12-3456789"}]
    assert details["business_name"] == "Rosen Inc"


@pytest.mark.parametrize(("wrong", "field"), WRONG)
async def test_what_the_link_asks_must_be_answered(sandbox: StripeSandbox, wrong: dict[str, Any], field: str) -> None:
    link = await Raw(sandbox).link(ONE_OFF, **ASKS)
    with pytest.raises(PaymentRefused) as refusal:
        await sandbox.pay(link["url"], **{**ANSWERS, **wrong})
    assert refusal.value.field == field


async def test_promotion_codes(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link(ONE_OFF, {**ONE_OFF, "quantity": 2}, allow_promotion_codes=True)
    coupon = await sdk.v1.coupons.create_async({"amount_off": 1000, "currency": "usd"})
    await sdk.v1.promotion_codes.create_async(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TEN", "max_redemptions": 1}
    )
    session = await sandbox.pay(f"{link['url']}?prefilled_promo_code=ten")
    assert (session["amount_subtotal"], session["amount_total"]) == (6000, 5000)
    assert session["total_details"]["amount_discount"] == 1000
    discounts = [line["amount_discount"] for line in sandbox.account.line_items[session["id"]]]
    assert discounts == [333, 667]
    with pytest.raises(PaymentRefused) as refusal:
        await sandbox.pay(link["url"], promotion_code="TEN")
    assert refusal.value.field == "promotion_code"
    assert (await sandbox.pay(f"{link['url']}?prefilled_promo_code=TEN"))["amount_total"] == 6000


async def test_sessions_expire(sandbox: StripeSandbox, clock: Clock) -> None:
    link = await Raw(sandbox).link()
    first, second = sandbox.visit(link["url"]), sandbox.visit(link["url"])
    await sandbox.expire(first["id"])
    assert (first["status"], types(sandbox)[-1]) == ("expired", "checkout.session.expired")
    clock.now += 24 * 3600
    with pytest.raises(PaymentRefused, match="expired"):
        sandbox.shop.pay(link["url"].rsplit("/", 1)[1], second["id"], {})
    assert second["status"] == "expired"


async def test_an_invoice_for_a_one_time_payment(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(
        ONE_OFF, invoice_creation={"enabled": True, "invoice_data": {"footer": "Bye", "metadata": {"a": "b"}}}
    )
    session = await sandbox.pay(link["url"])
    invoice = sandbox.account.tables["invoice"][session["invoice"]]
    assert (invoice["status"], invoice["footer"], invoice["metadata"]) == ("paid", "Bye", {"a": "b"})
    assert session["customer"] is not None


async def test_blocked_brands_and_methods(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(
        ONE_OFF,
        payment_method_types=["card"],
        payment_method_options={"card": {"restrictions": {"brands_blocked": ["american_express"]}}},
    )
    with pytest.raises(Declined, match="brand"):
        await sandbox.pay(link["url"], card="378282246310005")
    with pytest.raises(PaymentRefused):
        await sandbox.pay(link["url"], method="bank_debit")


async def test_manual_capture_is_not_a_payment_yet(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link(ONE_OFF, payment_intent_data={"capture_method": "manual"})
    session = await sandbox.pay(link["url"])
    assert session["payment_status"] == "unpaid"
    assert sandbox.account.tables["payment_intent"][session["payment_intent"]]["status"] == "requires_capture"
