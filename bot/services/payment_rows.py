"""Payments and renewals as rows."""

from bot.payments.after import After
from bot.payments.payment import Payment
from storage.models import Link
from storage.models import Payment as PaymentRow
from storage.models import Renewal as RenewalRow


def renewal_rows(team_id: str, link: Link, after: After) -> list[RenewalRow]:
    """What a link's card shows of renewals; those that cost nothing bring nothing in."""
    return [
        RenewalRow(team_id=team_id, id=renewal.id, link_id=link.id, amount=renewal.amount, currency=renewal.currency)
        for renewal in after.renewals
        if renewal.status == "paid" and renewal.amount
    ]


def payment_row(team_id: str, row: PaymentRow | None, payment: Payment, now: float) -> PaymentRow:
    """The payment's row, with what we know now in it."""
    held = row or PaymentRow(
        team_id=team_id,
        id=payment.id,
        link_id=payment.link_id,
        status=payment.status,
        amount_total=payment.amount_total,
        currency=payment.currency,
        data={},
        version=0,
        created_at=payment.created_at,
        updated_at=now,
    )
    held.status = payment.status
    held.amount_total = payment.amount_total
    held.currency = payment.currency
    held.refunded = payment.given_back
    held.payment_intent = payment.intent
    held.subscription = payment.subscription
    held.data = payment.model_dump(mode="json")
    held.version += 1
    held.updated_at = now
    return held
