"""A payment: one Checkout Session through a link, as everything seen of it so far adds up to.

Stripe delivers events late, twice and in any order, so a Payment is a *join* of snapshots: each part keeps the
greater of two values in a fixed order. Joining is commutative, associative and idempotent, whatever arrives when.
"""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from bot.payments.events import SessionFact

Status = Literal["open", "expired", "processing", "failed", "paid"]

_RANK: dict[Status, int] = {"open": 0, "expired": 1, "processing": 2, "failed": 3, "paid": 4}


class Customer(BaseModel):
    """What the customer gave at checkout; None where nothing was asked for or given."""

    model_config = ConfigDict(frozen=True)

    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Item(BaseModel):
    """Something bought. `amount_total` is in minor units, discounts and taxes included."""

    model_config = ConfigDict(frozen=True)

    description: str
    quantity: int
    amount_total: int


class Answer(BaseModel):
    """A custom field's label and what the customer wrote or picked."""

    model_config = ConfigDict(frozen=True)

    label: str
    value: str


class Payment(BaseModel):
    """A payment as it stands.

    `id` is the session's (`cs_…`), `amount_total` whole minor units of `currency`, `created_at` seconds since the
    epoch, `reference` Stripe's `client_reference_id`. `items` is empty until the session was read with its line items.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    link_id: str
    status: Status
    amount_total: int
    currency: str
    livemode: bool
    created_at: int
    mode: str = "payment"
    customer: Customer = Customer()
    items: tuple[Item, ...] = ()
    custom_fields: tuple[Answer, ...] = ()
    reference: str | None = None
    payment_intent: str | None = None
    subscription: str | None = None

    @property
    def is_announced(self) -> bool:
        """Whether a channel hears of it: money has moved, is on its way, or was on its way and didn't arrive."""
        return self.status in ("processing", "failed", "paid")


def merge(known: Payment | None, fact: "SessionFact") -> Payment:
    """What we know once `fact` is added to `known`; the same for any order and any repetition of facts."""
    return fact.payment if known is None else join(known, fact.payment)


def join(one: Payment, other: Payment) -> Payment:
    """The least Payment that holds both: the details of the one further along, the items that are more complete."""
    if (one.id, one.link_id) != (other.id, other.link_id):
        raise ValueError("Two different payments can't be joined.")
    details = max(one, other, key=_details_order)
    items = max(one.items, other.items, key=_items_order)
    return details.model_copy(update={"items": items})


def _details_order(payment: Payment) -> tuple[int, int, str]:
    """Further along first; then the snapshot that says more; then, only to be deterministic, its text."""
    bare = payment.model_copy(update={"items": ()})
    text = bare.model_dump_json()
    said = len(bare.model_dump_json(exclude_none=True, exclude_defaults=True))
    return _RANK[payment.status], said, text


def _items_order(items: tuple[Item, ...]) -> tuple[int, str]:
    return len(items), "".join(item.model_dump_json() for item in items)
