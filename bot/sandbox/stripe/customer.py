"""A customer for tests and demos: fills the hosted page's form and pays, through the same doors as the page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.stripe.checkout.shop import Shop
from bot.sandbox.stripe.tables import JSON


@dataclass(frozen=True)
class Purchase:
    """What the customer chooses and types. Items are named by their name on the page."""

    email: str
    name: str
    method: str = "card"
    card: str = "4242424242424242"
    expiry: str = "12/40"
    cvc: str | None = None
    quantities: Mapping[str, int] = field(default_factory=dict)
    optional_items: Mapping[str, int] = field(default_factory=dict)
    promotion_code: str | None = None
    shipping_rate: str | None = None
    amount: int | None = None
    custom_fields: Mapping[str, str] = field(default_factory=dict)
    phone: str | None = None
    address: Mapping[str, str] | None = None
    shipping: Mapping[str, Any] | None = None
    tax_id: Mapping[str, str] | None = None
    business_name: str | None = None
    terms_of_service: bool = True
    promotions: bool = False

    def form(self) -> JSON:
        """What the page sends when *Pay* is pressed."""
        cvc = self.cvc or ("1234" if self.card.startswith(("34", "37")) else "123")
        shipping = self.shipping or (self.address and {"name": self.name, "address": dict(self.address)})
        return {
            "email": self.email,
            "name": self.name,
            "business_name": self.business_name,
            "individual_name": self.name,
            "method": self.method,
            "card": {"number": self.card, "expiry": self.expiry, "cvc": cvc},
            "phone": self.phone,
            "address": dict(self.address or {}),
            "shipping": shipping,
            "tax_id": self.tax_id,
            "custom_fields": dict(self.custom_fields),
            "terms_of_service": self.terms_of_service,
            "promotions": self.promotions,
        }

    def choices(self, view: JSON) -> JSON:
        """What the page sends before that, when anything is to be changed."""
        choices: JSON = {}
        if self.quantities:
            choices["quantities"] = _by_id(self.quantities, view["items"], "id")
        if self.optional_items:
            choices["optional_items"] = _by_id(self.optional_items, view["optional_items"], "price")
        for key in ("promotion_code", "shipping_rate", "amount"):
            if getattr(self, key) is not None:
                choices[key] = getattr(self, key)
        return choices


def buy(shop: Shop, link_url: str, purchase: Purchase) -> JSON:
    """Open the link, choose, pay; the completed session, or PaymentRefused."""
    slug, query = link_parts(link_url)
    session = shop.visit(slug, query)
    choices = purchase.choices(shop.view(slug, session["id"]))
    if choices:
        shop.choose(slug, session["id"], choices)
    return shop.pay(slug, session["id"], purchase.form())


def link_parts(link_url: str) -> tuple[str, dict[str, str]]:
    """The slug and the URL parameters of a payment link's URL."""
    parts = urlsplit(link_url)
    return parts.path.rsplit("/", 1)[-1], dict(parse_qsl(parts.query))


def _by_id(chosen: Mapping[str, int], shown: list[JSON], key: str) -> dict[str, int]:
    ids = {item["name"]: item[key] for item in shown}
    unknown = [name for name in chosen if name not in ids]
    if unknown:
        raise KeyError(f"the page shows no {unknown[0]!r}, only {sorted(ids)}")
    return {ids[name]: quantity for name, quantity in chosen.items()}
