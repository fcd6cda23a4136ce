"""A payment: one Checkout Session through a link, as everything seen of it so far adds up to.

Stripe delivers events late, twice and in any order, so a Payment is a *join* of snapshots: each part keeps the
greater of two values in a fixed order. Joining is commutative, associative and idempotent, whatever arrives when.
"""

from collections.abc import Iterable
from functools import reduce
from typing import Literal

from bot.errors import Malformed
from bot.payments.after import After, Refund, join_after
from bot.payments.parts import (
    Answer,
    Currency,
    Customer,
    Item,
    Moment,
    Part,
    Recipient,
    Records,
    Totals,
    Whole,
    join_records,
    text_of,
    tuple_said,
)

Status = Literal["open", "expired", "processing", "failed", "paid"]

_RANK: dict[Status, int] = {"open": 0, "expired": 1, "processing": 2, "failed": 3, "paid": 4}
_JOINED_APART = {"items", "records", "after", "read"}


class Payment(Part):
    """A payment as it stands.

    `id` is the session's (`cs_…`), `amount_total` whole minor units of `currency`, `created_at` seconds since the
    epoch, `reference` Stripe's `client_reference_id`. `items` and `records` are empty until the session was read
    whole; `read` is the furthest status it had when it was.
    """

    id: str
    link_id: str
    status: Status
    amount_total: Whole
    currency: Currency
    livemode: bool
    created_at: Moment
    mode: str = "payment"
    customer: Customer = Customer()
    recipient: Recipient = Recipient()
    totals: Totals = Totals()
    items: tuple[Item, ...] = ()
    custom_fields: tuple[Answer, ...] = ()
    reference: str | None = None
    payment_intent: str | None = None
    subscription: str | None = None
    records: Records = Records()
    after: After = After()
    read: Status | None = None

    @property
    def is_announced(self) -> bool:
        """Whether a channel hears of it: money has moved, is on its way, or was on its way and didn't arrive."""
        return self.status in ("processing", "failed", "paid")

    @property
    def is_read(self) -> bool:
        """Whether the session was read whole since it reached its status."""
        return self.read is not None and _RANK[self.read] >= _RANK[self.status]

    @property
    def intent(self) -> str | None:
        """The payment intent that took the money: the session's, or its first invoice's."""
        invoice = self.records.invoice
        return self.payment_intent or (invoice.payment_intent if invoice else None)

    @property
    def refunded(self) -> int:
        """What was given back of `amount_total`, in minor units; refunds of later invoices don't count."""
        return sum(refund.amount for refund in self.after.refunds if refund.status == "succeeded" and self._own(refund))

    @property
    def given_back(self) -> int:
        """What was given back in all, in minor units; of later invoices too."""
        return sum(refund.amount for refund in self.after.refunds if refund.status == "succeeded")

    def _own(self, refund: Refund) -> bool:
        """Whether it gives back this payment's money rather than a later invoice's: where nothing was paid, as at the
        start of a free trial, it can only be the latter's."""
        return self.amount_total > 0 and (self.intent is None or refund.payment_intent in (None, self.intent))


def join(one: Payment, other: Payment) -> Payment:
    """The least Payment that holds both: the details of the one further along, every other part as its own join. Raises
    Malformed when they aren't the same payment through the same link, which never changes."""
    if (one.id, one.link_id) != (other.id, other.link_id):
        raise Malformed("Two different payments can't be joined.")
    if one == other:
        return one
    ahead = _RANK[one.status] - _RANK[other.status]
    details = (one if ahead > 0 else other) if ahead else max(one, other, key=_details_order)
    return details.model_copy(
        update={
            "items": max(one.items, other.items, key=tuple_said),
            "records": join_records(one.records, other.records),
            "after": join_after(one.after, other.after),
            "read": max(one.read, other.read, key=_read_order),
        }
    )


def merge(known: Payment | None, snapshots: Iterable[Payment], after: After) -> Payment:
    """What we know once these are added to `known`; the same for any order and any repetition. Raises ValueError when
    neither `known` nor any snapshot says which payment it is."""
    found = [payment for payment in (known, *snapshots) if payment is not None]
    if not found:
        raise ValueError("Nothing says which payment this is.")
    payment = reduce(join, found)
    return payment.model_copy(update={"after": join_after(payment.after, after)})


def _details_order(payment: Payment) -> tuple[int, str]:
    """Of two as far along: the snapshot that says more; then, only to be deterministic, its text."""
    said = len(payment.model_dump_json(exclude_none=True, exclude_defaults=True, exclude=_JOINED_APART))
    return said, text_of(payment, exclude=_JOINED_APART)


def _read_order(read: Status | None) -> int:
    return -1 if read is None else _RANK[read]
