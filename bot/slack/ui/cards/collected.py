"""What the checkout collected, in words."""

from collections.abc import Iterator

from bot.links.options.countries import names
from bot.money import Money
from bot.payments.parts import Customer, Discount
from bot.payments.payment import Payment
from bot.slack.ui.cards.facts import Fact, fact
from bot.slack.ui.text import line

_MAX_ITEMS = 20
_MAX_ANSWERS = 10


def customer_words(customer: Customer) -> str:
    """Who paid: the name, the business, and how to reach them."""
    known = (customer.name, customer.business_name, customer.email, customer.phone)
    return ", ".join(dict.fromkeys(line(one, 150) for one in known if one))


def item_words(payment: Payment, locale: str) -> Iterator[str]:
    """`2 × Consulting: €300.00`, an item a line; what the customer added is marked."""
    for item in payment.items[:_MAX_ITEMS]:
        amount = Money(item.amount_total, payment.currency).format(locale)
        added = ", added by the customer" if item.optional else ""
        yield f"{item.quantity:,} × {line(item.description, 120)}{added}: {amount}"
    if len(payment.items) > _MAX_ITEMS:
        yield f"and {len(payment.items) - _MAX_ITEMS:,} more"


def collected_facts(payment: Payment, locale: str) -> Iterator[Fact]:
    """Discounts, taxes, shipping, tax ids, and the answers to custom fields."""
    yield from _totals(payment, locale)
    if payment.recipient.address:
        yield fact("Ship to", line(_address(payment, locale), 300))
    if payment.customer.tax_ids:
        yield fact("Tax ID", line(", ".join(payment.customer.tax_ids), 200))
    for answer in payment.custom_fields[:_MAX_ANSWERS]:
        yield fact(line(answer.label, 80), line(answer.value, 300))
    if payment.records.invoice and payment.records.invoice.number:
        yield fact("Invoice", line(payment.records.invoice.number, 100))


def _totals(payment: Payment, locale: str) -> Iterator[Fact]:
    totals, records = payment.totals, payment.records
    if totals.discount:
        amount = Money(-totals.discount, payment.currency).format(locale)
        yield fact("Discount", amount, _named("; ".join(map(_discount, records.discounts))))
    if totals.shipping or records.shipping_rate:
        amount = Money(totals.shipping, payment.currency).format(locale)
        yield fact("Shipping", amount, _named(records.shipping_rate or ""))
    if totals.tax:
        yield fact("Tax", Money(totals.tax, payment.currency).format(locale))


def _discount(discount: Discount) -> str:
    return ", ".join(filter(None, (discount.code, discount.coupon)))


def _named(name: str) -> str:
    return f" ({line(name, 150)})" if name else ""


def _address(payment: Payment, locale: str) -> str:
    recipient = payment.recipient
    country = recipient.country and names(locale).get(recipient.country, recipient.country)
    return ", ".join(filter(None, (recipient.name, *recipient.address, country)))
