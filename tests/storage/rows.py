"""Rows for tests: whole ones, of which a test names only what it is about."""

from typing import Any

from storage.models import Draft, Link, Payment, Price, Product, StripeObject
from storage.search import fold

TEAM = "T1"
OTHER_TEAM = "T2"


def draft(**given: Any) -> Draft:
    """An open draft of a new link."""
    row = {
        "id": "d1",
        "team_id": TEAM,
        "user_id": "U1",
        "channel_id": "C1",
        "data": {},
        "created_at": 1,
        "updated_at": 1,
    }
    return Draft(**{**row, **given})


def link(**given: Any) -> Link:
    """An active link of our own."""
    row: dict[str, Any] = {
        "team_id": TEAM,
        "id": "plink_1",
        "name": "Workshop",
        "active": True,
        "livemode": False,
        "data": {},
    }
    row |= {"created_at": 1.0, "updated_at": 1.0, **given}
    row.setdefault("url", f"https://buy.stripe.com/{row['id']}")
    row.setdefault("search", fold(row["name"], row["url"], row["id"]))
    return Link(**row)


def payment(**given: Any) -> Payment:
    """A payment of 10.00 EUR that was paid."""
    row = {"team_id": TEAM, "id": "cs_1", "link_id": "plink_1", "status": "paid", "amount_total": 1000, "data": {}}
    return Payment(**{**row, "currency": "eur", "created_at": 1.0, "updated_at": 1.0, **given})


def product(**given: Any) -> Product:
    """An active product."""
    row = {"team_id": TEAM, "id": "prod_1", "name": "Workshop", "active": True, "data": {}, "stripe_at": 1.0}
    return Product(**{**row, **given})


def price(**given: Any) -> Price:
    """An active price in euros."""
    row = {"team_id": TEAM, "id": "price_1", "product_id": "prod_1", "active": True, "currency": "eur"}
    return Price(**{**row, "data": {}, "stripe_at": 1.0, **given})


def stripe_object(**given: Any) -> StripeObject:
    """An active coupon."""
    row = {"team_id": TEAM, "kind": "coupon", "id": "co_1", "data": {}, "stripe_at": 1.0, "created_at": 1.0}
    return StripeObject(**{**row, **given})
