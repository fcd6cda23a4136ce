"""Payments and renewals as rows."""

from bot.payments.after import After
from bot.payments.payment import Payment
from storage.held_payments import Held
from storage.models import Link
from storage.models import Renewal as RenewalRow


def renewal_rows(team_id: str, link: Link, after: After) -> list[RenewalRow]:
    """What a link's card shows of renewals; those that cost nothing bring nothing in."""
    return [
        RenewalRow(team_id=team_id, id=renewal.id, link_id=link.id, amount=renewal.amount, currency=renewal.currency)
        for renewal in after.renewals
        if renewal.status == "paid" and renewal.amount
    ]


def held_payment(team_id: str, held: Held | None, payment: Payment, now: float) -> Held:
    """The payment's row, with what we know now in it."""
    return Held(
        team_id=team_id,
        id=payment.id,
        link_id=payment.link_id,
        status=payment.status,
        amount_total=payment.amount_total,
        currency=payment.currency,
        refunded=payment.given_back,
        payment_intent=payment.intent,
        subscription=payment.subscription,
        data=payment.model_dump_json(),
        version=(held.version if held else 0) + 1,
        created_at=held.created_at if held else payment.created_at,
        updated_at=now,
    )
