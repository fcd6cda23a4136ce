"""What the sandbox holds: accounts with their objects, and the context in which something is done to them."""

import copy
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.stripe.errors import no_such, no_such_reference
from bot.sandbox.stripe.idempotency import IdempotencyKeys
from bot.sandbox.stripe.ids import Ids
from bot.sandbox.stripe.tables import JSON, Table

API_VERSION = "2026-10-28.endive"
KINDS = (
    "product",
    "price",
    "payment_link",
    "checkout.session",
    "event",
    "shipping_rate",
    "webhook_endpoint",
    "payment_method",
    "payment_intent",
    "charge",
    "balance_transaction",
    "refund",
    "dispute",
    "discount",
    "invoice_payment",
    "tax_rate",
    "customer",
    "subscription",
    "invoice",
    "coupon",
    "promotion_code",
)
MAX_EVENTS = 200_000


@dataclass
class Account:
    """One Stripe account. Its objects are visible through its own secret key only."""

    id: str
    name: str
    secret_key: str
    livemode: bool = False
    country: str = "US"
    email: str = "billing@acme.example"
    default_currency: str = "usd"
    terms_of_service_url: str | None = "https://acme.example/terms"
    created: int = 0
    tables: dict[str, Table] = field(default_factory=dict)
    connected_accounts: dict[str, str] = field(default_factory=dict)
    """Accounts connected to this platform: name by id."""
    price_extras: dict[str, JSON] = field(default_factory=dict)
    """Per price: `tiers` and `currency_options`, which Stripe shows only when expanded."""
    link_params: dict[str, JSON] = field(default_factory=dict)
    """Per payment link: the parameters in effect, from which the object is made."""
    completed: Counter[str] = field(default_factory=Counter)
    """Per payment link: how many of its sessions were completed."""
    line_items: dict[str, list[JSON]] = field(default_factory=dict)
    """Per payment link or session: its line items, oldest first."""
    campaigns: dict[str, dict[str, str]] = field(default_factory=dict)
    """Per session: the campaign in the address that was visited."""
    carts: dict[str, Any] = field(default_factory=dict)
    """Per session: what the customer has chosen so far."""
    intents: dict[str, str] = field(default_factory=dict)
    """Per session or invoice: its payment intent."""
    late_invoices: bool = False
    """Whether one-time payments wait for their invoices until a driver has them made."""
    invoices: defaultdict[str, list[JSON]] = field(default_factory=lambda: defaultdict(list))
    """Per subscription: its invoices, oldest first."""
    invoice_payments: defaultdict[str, list[JSON]] = field(default_factory=lambda: defaultdict(list))
    """Per invoice: what pays it, oldest first."""
    disputes: dict[str, JSON] = field(default_factory=dict)
    """Per charge: its dispute."""
    card_numbers: dict[str, str] = field(default_factory=dict)
    """Per payment method that is a card: its number."""
    extras: dict[str, JSON] = field(default_factory=dict)
    """Per object: what Stripe shows only when expanded, by its path; per discount: its coupon, which may be deleted."""
    endpoint_secrets: dict[str, str] = field(default_factory=dict)
    journal: list[tuple[str, str]] | None = None
    """Kind and id of what was added in the transaction at hand; None outside of one."""
    idempotency: IdempotencyKeys = field(default_factory=IdempotencyKeys)

    def __post_init__(self) -> None:
        for kind in KINDS:
            self.tables[kind] = Table(kind, MAX_EVENTS if kind == "event" else 1_000_000)

    def __repr__(self) -> str:
        return f"Account(id={self.id!r}, name={self.name!r})"


@dataclass
class World:
    """All that is shared: the clock (seconds), the ids, where the server is, and the accounts by secret key."""

    clock: Callable[[], float]
    ids: Ids
    url: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    slugs: dict[str, tuple[Account, str]] = field(default_factory=dict)
    """Per slug of a payment link's URL: the account and the link's id."""
    listeners: list[Callable[[Account, JSON], None]] = field(default_factory=list)
    """Called with each new event."""
    unlisted: Callable[[JSON], bool] = lambda event: False
    """Events for which it is true are missing from the list of events. Stripe lists all; a test may hide some, to see
    what becomes of those that only a webhook brings."""


@dataclass(frozen=True)
class Context:
    """Doing something in one account, perhaps on behalf of an API request."""

    world: World
    account: Account
    request_id: str | None = None
    idempotency_key: str | None = None

    def now(self) -> int:
        """The time in whole seconds."""
        return int(self.world.clock())

    def new_id(self, prefix: str) -> str:
        """A fresh id."""
        return self.world.ids.new(prefix)

    def table(self, kind: str) -> Table:
        """The account's objects of a kind, by Stripe's `object` name."""
        return self.account.tables[kind]

    def find(self, kind: str, object_id: str, param: str = "id") -> JSON:
        """The object in the request's path; StripeError 404 when this account has none."""
        table = self.table(kind)
        if object_id not in table:
            raise no_such(kind, object_id, param)
        return table[object_id]

    def refer(self, kind: str, object_id: str, param: str) -> JSON:
        """The object that a parameter refers to; StripeError 400 when this account has none."""
        table = self.table(kind)
        if object_id not in table:
            raise no_such_reference(kind.replace("_", " "), object_id, param)
        return table[object_id]

    def emit(self, event_type: str, item: JSON, previous: JSON | None = None) -> JSON:
        """Record an event about an object as it is now, and tell the listeners."""
        data: JSON = {"object": copy.deepcopy(item)}
        if previous is not None:
            data["previous_attributes"] = previous
        event: JSON = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": self.account.livemode,
            "pending_webhooks": 0,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": event_type,
        }
        self.add("event", event)
        if self.account.journal is None:
            self._tell(event)
        return event

    def add(self, kind: str, item: JSON) -> JSON:
        """Keep a new object."""
        self.table(kind).add(item)
        if self.account.journal is not None:
            self.account.journal.append((kind, item["id"]))
        return item

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Take back what was added within, and tell nobody, when an error ends it."""
        journal = self.account.journal = []
        try:
            yield
        except Exception:
            for kind, object_id in reversed(journal):
                self.table(kind).remove(object_id)
            raise
        finally:
            self.account.journal = None
        for kind, object_id in journal:
            if kind == "event":
                self._tell(self.table(kind)[object_id])

    def _tell(self, event: JSON) -> None:
        for listener in self.world.listeners:
            listener(self.account, event)

    def change(self, event_type: str, item: JSON, changes: JSON) -> JSON:
        """Change an object in place and emit the event, unless nothing is different."""
        before = {key: item.get(key) for key in changes}
        previous = difference(before, changes)
        item.update(changes)
        if previous:
            self.emit(event_type, item, previous)
        return item


def difference(old: JSON, new: JSON) -> JSON:
    """Stripe's `previous_attributes`: the old values of what changed, hash by hash."""
    changed: JSON = {}
    for key, value in new.items():
        before = old.get(key)
        if before == value:
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            inner = difference(before, value)
            inner.update({gone: before[gone] for gone in before if gone not in value})
            changed[key] = inner
        else:
            changed[key] = copy.deepcopy(before)
    return changed


def merge_metadata(old: dict[str, str], given: dict[str, str] | None) -> dict[str, str]:
    """Object-level metadata after an update: `None` clears all, an empty value removes its key."""
    if given is None:
        return {}
    merged = {**old, **given}
    return {key: value for key, value in merged.items() if value}
