"""What a payment is made of, as Stripe's checkout tells it. Amounts are minor units of the payment's currency."""

from collections.abc import Callable, Hashable, Iterable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""A number or an amount, within what JSON holds exactly."""

Moment = Annotated[int, Field(ge=0, lt=2**37)]
"""Seconds since the epoch, within what calendars hold."""

Currency = Annotated[str, Field(pattern=r"^([a-z]{3})?$")]
"""Stripe's three letters; none where nothing is to be paid."""


class Part(BaseModel):
    """A frozen piece of a payment."""

    # pydantic keeps short strings of JSON for the next time; a payment's never come again.
    model_config = ConfigDict(frozen=True, cache_strings="keys")


class Customer(Part):
    """What the customer gave at checkout; None where nothing was asked for or given. `tax_ids` are the bare numbers."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    business_name: str | None = None
    tax_ids: tuple[str, ...] = ()


class Recipient(Part):
    """Where the goods go: the name, the address in the lines it is written in, and the country's code."""

    name: str | None = None
    address: tuple[str, ...] = ()
    country: str | None = None


class Totals(Part):
    """What of the total are discounts (taken off), taxes and shipping. `tax` is included in `amount_total`."""

    discount: Whole = 0
    tax: Whole = 0
    shipping: Whole = 0


class Item(Part):
    """Something bought. `amount_total` includes discounts and taxes; `optional`: the customer added it."""

    description: str
    quantity: Whole
    amount_total: Whole
    optional: bool = False


class Answer(Part):
    """A custom field's label and what the customer wrote or picked."""

    label: str
    value: str


class Discount(Part):
    """A discount as people know it: the promotion code that was typed and the coupon's name, where there are any."""

    code: str | None = None
    coupon: str | None = None


class InvoiceLinks(Part):
    """An invoice: its number, Stripe's page for it, its PDF, and the payment intent that paid it."""

    id: str
    number: str | None = None
    url: str | None = None
    pdf: str | None = None
    payment_intent: str | None = None


class Records(Part):
    """What only a whole reading of the session tells. `shipping_rate` is the name of the rate that was chosen."""

    discounts: tuple[Discount, ...] = ()
    shipping_rate: str | None = None
    invoice: InvoiceLinks | None = None
    receipt_url: str | None = None


P = TypeVar("P", bound=Part)


def fuller(one: P, other: P) -> P:
    """The one that says more; of two that say as much, always the same."""
    return max(one, other, key=_said)


def join_records(one: Records, other: Records) -> Records:
    """Each part from the reading that says more of it."""
    return Records(
        discounts=max(one.discounts, other.discounts, key=tuple_said),
        shipping_rate=max(one.shipping_rate, other.shipping_rate, key=_text),
        invoice=_fuller_of(one.invoice, other.invoice),
        receipt_url=max(one.receipt_url, other.receipt_url, key=_text),
    )


def tuple_said(parts: tuple[Part, ...]) -> tuple[int, str]:
    """An order of lists of parts: more of them first, then by their text."""
    return len(parts), "".join(part.model_dump_json() for part in parts)


def join_keyed(
    one: Iterable[P], other: Iterable[P], key: Callable[[P], Hashable], join: Callable[[P, P], P]
) -> dict[Hashable, P]:
    """Both collections, those with the same key joined."""
    found: dict[Hashable, P] = {}
    for part in (*one, *other):
        known = found.get(key(part))
        found[key(part)] = part if known is None else join(known, part)
    return found


def _said(part: Part) -> tuple[int, str]:
    return len(part.model_dump_json(exclude_none=True, exclude_defaults=True)), part.model_dump_json()


def _text(text: str | None) -> tuple[bool, str]:
    return text is not None, text or ""


def _fuller_of(one: InvoiceLinks | None, other: InvoiceLinks | None) -> InvoiceLinks | None:
    return fuller(one, other) if one and other else one or other


def text_of(part: Part, exclude: Any = None) -> str:
    """The part as text, which orders what nothing else orders."""
    return part.model_dump_json(exclude=exclude)
