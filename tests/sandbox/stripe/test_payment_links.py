"""Creating, reading and updating payment links."""

import pytest
import stripe

from bot.sandbox.stripe import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.sandbox.stripe.api import MONTHLY, ONE_OFF, Raw

EVERYTHING: JSON = {
    "after_completion": {"type": "redirect", "redirect": {"url": "https://acme.example/?s={CHECKOUT_SESSION_ID}"}},
    "allow_promotion_codes": True,
    "automatic_tax": {"enabled": True, "liability": {"type": "self"}},
    "billing_address_collection": "required",
    "consent_collection": {
        "payment_method_reuse_agreement": {"position": "hidden"},
        "promotions": "auto",
        "terms_of_service": "required",
    },
    "custom_fields": [
        {
            "key": "size",
            "label": {"type": "custom", "custom": "Size"},
            "type": "dropdown",
            "dropdown": {"options": [{"label": "Small", "value": "s"}], "default_value": "s"},
        },
        {"key": "engraving", "label": {"type": "custom", "custom": "Engraving"}, "type": "text", "optional": True},
        {
            "key": "room",
            "label": {"type": "custom", "custom": "Room"},
            "type": "numeric",
            "numeric": {"minimum_length": 1, "maximum_length": 4, "default_value": "12"},
        },
    ],
    "custom_text": {
        "after_submit": {"message": "After"},
        "shipping_address": {"message": "Where to?"},
        "submit": {"message": "Soon yours"},
        "terms_of_service_acceptance": {"message": "I agree"},
    },
    "customer_creation": "always",
    "inactive_message": "Sold out",
    "invoice_creation": {
        "enabled": True,
        "invoice_data": {
            "account_tax_ids": ["txi_1"],
            "custom_fields": [{"name": "PO", "value": "42"}],
            "description": "Order",
            "footer": "Bye",
            "issuer": {"type": "self"},
            "metadata": {"a": "b"},
            "rendering_options": {"amount_tax_display": "exclude_tax", "template": "inrtem_1"},
        },
    },
    "managed_payments": {"enabled": False},
    "metadata": {"team": "T1"},
    "name_collection": {"business": {"enabled": True, "optional": True}, "individual": {"enabled": True}},
    "payment_intent_data": {
        "capture_method": "manual",
        "description": "Shirts",
        "metadata": {"c": "d"},
        "setup_future_usage": "off_session",
        "statement_descriptor": "ACME SHIRTS",
        "statement_descriptor_suffix": "SHIRTS",
        "transfer_group": "g1",
    },
    "payment_method_options": {"card": {"restrictions": {"brands_blocked": ["american_express"]}}},
    "payment_method_types": ["card", "us_bank_account"],
    "phone_number_collection": {"enabled": True},
    "restrictions": {"completed_sessions": {"limit": 3}},
    "shipping_address_collection": {"allowed_countries": ["US", "DE"]},
    "submit_type": "book",
    "tax_id_collection": {"enabled": True, "required": "if_supported"},
}


EMPTY_INVOICE: JSON = {
    "account_tax_ids": None,
    "custom_fields": None,
    "description": None,
    "footer": None,
    "issuer": None,
    "metadata": {},
    "rendering_options": None,
}
PLAIN: JSON = {
    "object": "payment_link",
    "active": True,
    "after_completion": {"hosted_confirmation": {"custom_message": None}, "type": "hosted_confirmation"},
    "allow_promotion_codes": False,
    "application": None,
    "application_fee_amount": None,
    "application_fee_percent": None,
    "automatic_tax": {"enabled": False, "liability": None},
    "billing_address_collection": "auto",
    "consent_collection": None,
    "currency": "usd",
    "custom_fields": [],
    "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
    "customer_creation": "if_required",
    "inactive_message": None,
    "invoice_creation": {"enabled": False, "invoice_data": EMPTY_INVOICE},
    "livemode": False,
    "managed_payments": {"enabled": False},
    "metadata": {},
    "name_collection": None,
    "on_behalf_of": None,
    "optional_items": None,
    "payment_intent_data": None,
    "payment_method_collection": "always",
    "payment_method_options": None,
    "payment_method_types": None,
    "phone_number_collection": {"enabled": False},
    "restrictions": None,
    "shipping_address_collection": None,
    "shipping_options": [],
    "submit_type": "auto",
    "subscription_data": {
        "description": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        "metadata": {},
        "trial_period_days": None,
        "trial_settings": None,
    },
    "tax_id_collection": {"enabled": False, "required": "never"},
    "transfer_data": None,
}


async def test_a_plain_link_has_stripes_shape(sandbox: StripeSandbox) -> None:
    link = await Raw(sandbox).link()
    assert link == {**PLAIN, "id": link["id"], "url": link["url"]}
    assert link["url"].startswith(f"{sandbox.url}/pay/test_")


async def test_every_option_is_kept(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    rate = await raw.made(
        "/v1/shipping_rates", {"display_name": "Post", "fixed_amount": {"amount": 500, "currency": "usd"}}
    )
    extra = await raw.made("/v1/prices", {"currency": "usd", "unit_amount": 300, "product_data": {"name": "Card"}})
    destination = sandbox.connect_account("Partner")
    more = {
        "application_fee_amount": 100,
        "on_behalf_of": destination,
        "optional_items": [{"price": extra["id"], "quantity": 1, "adjustable_quantity": {"enabled": True}}],
        "shipping_options": [{"shipping_rate": rate["id"]}],
        "transfer_data": {"destination": destination},
    }
    link = await raw.link(ONE_OFF, **EVERYTHING, **more)
    for name, given in (EVERYTHING | more).items():
        assert contains(link[name], given), name
    assert link["restrictions"] == {"completed_sessions": {"count": 0, "limit": 3}}
    assert link["shipping_options"] == [{"shipping_amount": 500, "shipping_rate": rate["id"]}]


def contains(shown: object, given: object) -> bool:
    """Whether all that was given is in what is shown."""
    if isinstance(given, dict) and isinstance(shown, dict):
        return all(key in shown and contains(shown[key], value) for key, value in given.items())
    if isinstance(given, list) and isinstance(shown, list):
        return len(given) == len(shown) and all(map(contains, shown, given))
    return shown == given


async def test_items_from_price_data_stay_out_of_the_catalog(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    await Raw(sandbox).link(ONE_OFF, MONTHLY)
    assert not (await sdk.v1.prices.list_async({"active": True})).data
    assert not (await sdk.v1.products.list_async({"active": True})).data
    assert [event["type"] for event in sandbox.events.values()] == [
        "product.created",
        "price.created",
        "product.created",
        "price.created",
        "payment_link.created",
    ]


async def test_a_refused_link_leaves_nothing_behind(sandbox: StripeSandbox) -> None:
    await Raw(sandbox).refused("/v1/payment_links", {"line_items": [ONE_OFF], "payment_method_collection": "always"})
    assert not sandbox.events
    assert not sandbox.account.tables["product"]
    assert not sandbox.account.tables["price"]


async def test_line_items_are_listed_in_order(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    link = await Raw(sandbox).link({**ONE_OFF, "quantity": 3, "adjustable_quantity": {"enabled": True}}, MONTHLY)
    items = await sdk.v1.payment_links.line_items.list_async(link["id"])
    assert [(item.description, item.quantity, item.amount_total) for item in items.data] == [
        ("T-shirt", 3, 6000),
        ("Support", 1, 4990),
    ]
    adjustable = items.data[0].adjustable_quantity
    assert adjustable is not None
    assert adjustable.to_dict() == {"enabled": True, "maximum": 99, "minimum": 0}
    rest = await sdk.v1.payment_links.line_items.list_async(link["id"], {"starting_after": items.data[0].id})
    assert [item.description for item in rest.data] == ["Support"]


async def test_an_update_changes_only_what_is_sent(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    link = await raw.link(ONE_OFF, **EVERYTHING)
    path = f"/v1/payment_links/{link['id']}"
    updated = await raw.made(
        path,
        {
            "active": False,
            "inactive_message": "",
            "metadata": {"team": "", "rep": "U1"},
            "payment_intent_data": {"description": "", "metadata": {"new": "1"}},
            "custom_text": {"submit": ""},
            "custom_fields": "",
            "payment_method_types": "",
            "restrictions": "",
        },
    )
    expected = {
        **link,
        "active": False,
        "inactive_message": None,
        "metadata": {"rep": "U1"},
        "payment_intent_data": {**link["payment_intent_data"], "description": None, "metadata": {"new": "1"}},
        "custom_text": {**link["custom_text"], "submit": None},
        "custom_fields": [],
        "payment_method_types": None,
        "restrictions": None,
    }
    assert updated == expected
    event = list(sandbox.events.values())[-1]
    assert event["type"] == "payment_link.updated"
    assert event["data"]["object"] == expected
    previous = event["data"]["previous_attributes"]
    assert previous["active"] is True
    assert previous["metadata"] == {"team": "T1", "rep": None}
    assert previous["custom_text"] == {"submit": {"message": "Soon yours"}}
    assert set(previous) == {name for name in link if link[name] != expected[name]}


async def test_line_items_change_by_their_ids_only(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    raw = Raw(sandbox)
    link = await raw.link(ONE_OFF, MONTHLY)
    path = f"/v1/payment_links/{link['id']}"
    items = (await sdk.v1.payment_links.line_items.list_async(link["id"])).data
    change = {"id": items[0].id, "quantity": 4, "adjustable_quantity": {"enabled": True, "maximum": 5}}
    await raw.made(path, {"line_items": [change]})
    assert list(sandbox.events.values())[-1]["type"] == "payment_link.updated"
    after = (await sdk.v1.payment_links.line_items.list_async(link["id"])).data
    assert [(item.id, item.quantity, item.amount_total) for item in after] == [
        (items[0].id, 4, 8000),
        (items[1].id, 1, 4990),
    ]
    error = await raw.refused(path, {"line_items": [{"id": items[0].id, "quantity": 6}]})
    assert error["param"] == "line_items[0][quantity]"
    error = await raw.refused(path, {"line_items": [{"id": "li_x", "quantity": 1}]})
    assert error["param"] == "line_items[0][id]"
    error = await raw.refused(path, {"line_items": [{"id": items[0].id, "price": "price_x"}]})
    assert error["code"] == "parameter_unknown"


@pytest.mark.parametrize("name", ["currency", "managed_payments"])
async def test_what_is_for_creation_only_is_unknown_to_updates(sandbox: StripeSandbox, name: str) -> None:
    raw = Raw(sandbox)
    link = await raw.link()
    value = "usd" if name == "currency" else {"enabled": True}
    error = await raw.refused(f"/v1/payment_links/{link['id']}", {name: value})
    assert (error["code"], error["param"]) == ("parameter_unknown", name)


async def test_links_are_listed_by_whether_they_are_active(sandbox: StripeSandbox, sdk: stripe.StripeClient) -> None:
    raw = Raw(sandbox)
    first, second = await raw.link(), await raw.link()
    await raw.made(f"/v1/payment_links/{first['id']}", {"active": False})
    assert [link.id for link in (await sdk.v1.payment_links.list_async({"active": True})).data] == [second["id"]]
    assert [link.id for link in (await sdk.v1.payment_links.list_async({"active": False})).data] == [first["id"]]
    assert list(sandbox.payment_links) == [first["id"], second["id"]]


async def test_a_link_in_a_further_currency_of_its_price(sandbox: StripeSandbox) -> None:
    raw = Raw(sandbox)
    price = await raw.made(
        "/v1/prices",
        {
            "currency": "usd",
            "unit_amount": 1000,
            "currency_options": {"eur": {"unit_amount": 900}},
            "product_data": {"name": "Mug"},
        },
    )
    item = {"price": price["id"], "quantity": 2}
    link = await raw.link(item, currency="eur", expand=["line_items"])
    assert link["currency"] == "eur"
    assert link["line_items"]["data"][0]["amount_total"] == 1800
    error = await raw.refused("/v1/payment_links", {"line_items": [item], "currency": "gbp"})
    assert error["param"] == "line_items[0][price]"
