"""Stripe's events as files, and two payments that they are about."""

import json
from pathlib import Path
from typing import Any

from bot.payments.after import After
from bot.payments.events import AfterFact, facts
from bot.payments.news import News, news
from bot.payments.parts import Customer, InvoiceLinks, Item, Records
from bot.payments.payment import Payment, merge

FIXTURES = Path(__file__).parent / "fixtures"

ONCE = Payment(
    id="cs_1",
    link_id="plink_1",
    status="paid",
    amount_total=30000,
    currency="eur",
    livemode=False,
    created_at=1_800_000_000,
    customer=Customer(name="Jenny Rosen", email="jenny@example.com"),
    items=(Item(description="Consulting", quantity=2, amount_total=30000),),
    payment_intent="pi_1",
    read="paid",
)
"""A one-time payment of 300.00 EUR."""

MONTHLY = ONCE.model_copy(
    update={
        "amount_total": 4990,
        "items": (Item(description="Support", quantity=1, amount_total=4990),),
        "mode": "subscription",
        "payment_intent": None,
        "subscription": "sub_1",
        "records": Records(invoice=InvoiceLinks(id="in_1", payment_intent="pi_1")),
    }
)
"""The first payment of a monthly subscription."""


def fixture(name: str) -> dict[str, Any]:
    """The event of this file."""
    found: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return found


def happened(name: str) -> After:
    """What the event of this file says became of a payment."""
    fact = facts(fixture(name))
    assert isinstance(fact, AfterFact)
    return fact.after


def known_after(*names: str, payment: Payment = ONCE) -> Payment:
    """The payment once these events are known."""
    for name in names:
        payment = merge(payment, (), happened(name))
    return payment


def told(name: str, *before: str, payment: Payment = ONCE) -> tuple[Payment, tuple[News, ...]]:
    """The payment after the event, and what is told of it when the others came before."""
    then = known_after(*before, payment=payment)
    now = merge(then, (), happened(name))
    return now, news(then, now)
