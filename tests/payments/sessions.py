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
