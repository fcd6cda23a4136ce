"""Checkout sessions and events in Stripe's shape."""

from typing import Any

Json = dict[str, Any]


def session(**changes: Any) -> Json:
    """A completed, paid session of one item through a link; the parts we read, in Stripe's shape."""
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "amount_total": 30000,
        "client_reference_id": None,
        "created": 1_799_999_000,
        "currency": "eur",
        "custom_fields": [],
        "customer_details": {"email": "grace@example.com", "name": "Grace Hopper", "phone": None},
        "livemode": False,
        "metadata": {"paylink_team": "T1", "paylink_draft": "d1"},
        "mode": "payment",
        "payment_intent": "pi_1",
        "payment_link": "plink_1",
        "payment_status": "paid",
        "status": "complete",
        "subscription": None,
    } | changes


def event(kind: str, data: Json, created: int = 1_800_000_000, id: str = "evt_1") -> Json:
    """An event as a webhook carries it."""
    return {
        "id": id,
        "object": "event",
        "type": kind,
        "created": created,
        "livemode": False,
        "data": {"object": data},
    }


COLLECTED: Json = {
    "customer_details": {
        "email": "grace@example.com",
        "name": None,
        "individual_name": "Grace Hopper",
        "business_name": "Cobol Ltd",
        "phone": "+15555550123",
        "tax_ids": [{"type": "eu_vat", "value": "DE123456789"}, {"type": "unknown", "value": None}],
    },
    "collected_information": {
        "shipping_details": {
            "name": "Grace Hopper",
            "address": {
                "line1": "1 Main St",
                "line2": None,
                "city": "Berlin",
                "postal_code": "10115",
                "state": None,
                "country": "DE",
            },
        }
    },
    "line_items": {
        "data": [
            {
                "id": "li_1",
                "description": "Tea",
                "quantity": 1,
                "amount_total": 500,
                "price": {"id": "price_1"},
            },
            {
                "id": "li_2",
                "description": "Mug",
                "quantity": 3,
                "amount_total": 900,
                "price": {"id": "price_2"},
            },
        ]
    },
    "optional_items": [{"price": "price_2", "quantity": 1}],
    "total_details": {"amount_discount": 100, "amount_tax": 190, "amount_shipping": 500},
    "shipping_cost": {"amount_total": 500, "shipping_rate": {"id": "shr_1", "display_name": "Express"}},
    "discounts": [
        {"coupon": None, "promotion_code": {"code": "SPRING", "promotion": {"coupon": "co_1"}}},
        {"coupon": {"id": "co_2", "name": "Loyal"}, "promotion_code": None},
        {"coupon": "co_3", "promotion_code": None},
    ],
    "payment_intent": {"id": "pi_1", "status": "succeeded", "latest_charge": {"receipt_url": "https://r.example"}},
    "invoice": {
        "id": "in_1",
        "number": "A-1",
        "hosted_invoice_url": "https://i.example",
        "invoice_pdf": "https://p.example",
        "payments": {"data": [{"payment": {"type": "payment_intent", "payment_intent": "pi_9"}}]},
    },
}
"""Changes to `session`: read whole, with everything that a checkout can collect."""
