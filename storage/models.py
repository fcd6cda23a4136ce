"""The tables. Every row belongs to a workspace (`team_id`) and is never looked up without it.

Moments are seconds since the epoch (float) from the application's clock; amounts are whole minor units.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Float, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

Json = dict[str, Any]


def _json() -> Any:
    return Column(JSON, nullable=False)


class Workspace(SQLModel, table=True):
    """A Slack workspace and the Stripe account it sells through. `token_digest` is that of the bot token.

    `paused_since` is set while Slack doesn't accept the token, with its error in `pause_reason`.
    """

    team_id: str = Field(primary_key=True)
    name: str
    bot_user_id: str
    stripe_account: str
    livemode: bool
    token_digest: str = ""
    paused_since: float | None = Field(default=None, sa_type=Float)
    pause_reason: str = ""
    updated_at: float


class Member(SQLModel, table=True):
    """What we know of a person, from `users.info`; asked again when older than a while."""

    team_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    name: str
    locale: str
    may_edit: bool
    checked_at: float


class Draft(SQLModel, table=True):
    """A link being written or edited.

    `state`: open → submitting → done, or discarded. `revision` grows with each change; the idempotency key of the
    Stripe request is `{id}:{revision}`. `link_id` is set while a live link is being edited, and once one was created.
    `theirs` is the live link as it was read when it turned out that somebody else had changed the same; `replaces` the
    link that the new one takes the place of, once that was submitted. An edit is `joined` once it was compared with the
    link as Stripe has it after the submit; before that nothing of it was sent.
    """

    __table_args__ = (
        Index("draft_open", "team_id", "user_id", "state", "updated_at"),
        Index("draft_state", "state", "lease_until"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    user_id: str
    channel_id: str
    link_id: str | None = None
    revision: int = 1
    state: str = "open"
    data: Json = Field(sa_column=_json())
    base: Json | None = Field(default=None, sa_column=Column(JSON))
    theirs: Json | None = Field(default=None, sa_column=Column(JSON))
    replaces: str | None = None
    joined: bool = False
    view_id: str | None = None
    lease_until: float = Field(default=0.0, sa_type=Float)
    created_at: float
    updated_at: float


class Link(SQLModel, table=True):
    """A Stripe Payment Link as it stands, as far as we know. `data` is its LinkDraft; `version` grows with each change.

    `search` is what people look for it by, made with `storage.search.fold`: its name and its items'. `replaces` and
    `replaced_by` are what the link's metadata says; only where two links say the same of each other it is so.
    """

    __table_args__ = (
        Index("link_created", "team_id", "created_at", "id"),
        Index("link_active", "team_id", "active", "created_at", "id"),
        Index("link_draft", "team_id", "draft_id", unique=True),
        Index("link_url", "url", postgresql_using="hash"),
        Index("link_name", "name", postgresql_using="hash"),
    )

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    search: str = Field(sa_type=Text)
    url: str
    active: bool
    livemode: bool
    foreign: bool = False
    data: Json = Field(sa_column=_json())
    draft_id: str | None = None
    created_by: str | None = None
    channel_id: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    version: int = 1
    stripe_event_at: float = 0.0
    created_at: float
    updated_at: float


class Template(SQLModel, table=True):
    """What new links of the workspace can start from. `data` is a LinkDraft; `folded` is the name as it is told apart,
    made with `storage.search.fold`."""

    __table_args__ = (Index("template_name", "team_id", "folded", unique=True),)

    id: str = Field(primary_key=True)
    team_id: str
    name: str
    folded: str
    data: Json = Field(sa_column=_json())
    saved_by: str
    saved_at: float


class Payment(SQLModel, table=True):
    """A checkout session through a link: the merge of the facts seen so far, as `bot.payments.payment.Payment`.

    `payment_intent` and `subscription` are Stripe's ids, by which later events name the payment. `refunded` is all that
    was given back, of later invoices too.
    """

    __table_args__ = (
        Index("payment_link", "team_id", "link_id", "status", "currency", "amount_total", "refunded"),
        Index("payment_created", "team_id", "created_at"),
        Index("payment_intent", "team_id", "payment_intent"),
        Index("payment_subscription", "team_id", "subscription"),
    )

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    link_id: str
    status: str
    amount_total: int = Field(sa_type=BigInteger)
    currency: str
    refunded: int = Field(default=0, sa_type=BigInteger)
    payment_intent: str | None = None
    subscription: str | None = None
    data: Json = Field(sa_column=_json())
    version: int = 1
    created_at: float
    updated_at: float


class Renewal(SQLModel, table=True):
    """A later invoice of a subscription that was paid, by Stripe's id: what a link's totals are counted from."""

    __table_args__ = (Index("renewal_link", "team_id", "link_id", "currency", "amount"),)

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    link_id: str
    amount: int = Field(sa_type=BigInteger)
    currency: str


class StripeEvent(SQLModel, table=True):
    """The inbox: a verified event exactly as Stripe sent it.

    `state`: new → done | ignored | dead. A claim is a lease: `lease_until` in the future and `lease_owner` set, which
    stays when the event has been handled.
    """

    __tablename__ = "stripe_event"
    __table_args__ = (Index("stripe_event_due", "state", "due_at"),)

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    type: str
    created: float
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = "new"
    reason: str = ""
    attempts: int = 0
    due_at: float
    lease_until: float = 0.0
    lease_owner: str = ""
    received_at: float


_IN_DIGEST, _IS_DIGEST = text("digest_id IS NOT NULL"), text("subject_kind = 'digest'")


class Card(SQLModel, table=True):
    """What should stand in Slack: one message about `subject` in `channel_id`.

    `state`: due (wanted > standing, or never posted) → standing; uncertain (a post's answer was lost); dead.
    `subject_kind`: link, payment, digest, reply or message. `key` travels in the message's metadata. A payment card
    with `digest_id` is shown by that digest's message instead of its own. A reply stands in the thread of `parent_id`'s
    message, says what is in `data` for ever, and is `waiting` until that message stands: see `storage.replies`. A
    message is the `text` in `data`. A card that somebody shared has who in `shared_by`, with their `note`, and `query`
    behind the link's address.
    `wanted_at` is since when it has been behind, or was last.
    """

    __table_args__ = (
        Index("card_subject", "team_id", "subject_kind", "subject_id", "channel_id", unique=True),
        Index("card_due", "state", "due_at"),
        Index("card_channel", "team_id", "channel_id", "state"),
        Index("card_message", "team_id", "posted_channel", "ts"),
        Index("card_digest", "team_id", "digest_id", sqlite_where=_IN_DIGEST, postgresql_where=_IN_DIGEST),
        Index(
            "card_latest_digest",
            "team_id",
            "channel_id",
            "created_at",
            sqlite_where=_IS_DIGEST,
            postgresql_where=_IS_DIGEST,
        ),
        Index("card_parent", "parent_id", "state"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    channel_id: str
    subject_kind: str
    subject_id: str
    key: str
    note: str = ""
    query: str = ""
    shared_by: str = ""
    wanted: int = 1
    standing: int = 0
    ts: str | None = None
    posted_channel: str | None = None
    digest_id: str | None = None
    parent_id: str | None = None
    data: Json | None = Field(default=None, sa_column=Column(JSON))
    state: str = "due"
    reason: str = ""
    attempts: int = 0
    due_at: float
    lease_until: float = 0.0
    lease_owner: str = ""
    wanted_at: float = 0.0
    created_at: float
    updated_at: float


class ChannelNotices(SQLModel, table=True):
    """What a channel wants to hear of its payments after they were announced.

    `muted` holds kinds of `bot.payments.news.Kind`; `broadcast`: what is told in a thread is shown in the channel too.
    """

    __tablename__ = "channel_notices"

    team_id: str = Field(primary_key=True)
    channel_id: str = Field(primary_key=True)
    muted: list[str] = Field(sa_column=_json())
    broadcast: bool = False
    updated_at: float


class Pace(SQLModel, table=True):
    """A turn to speak: `scope` is `post:<channel>`, `update:<channel>` or `workspace`.

    One holder at a time (a lease), not before `next_at`.
    """

    team_id: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    next_at: float = 0.0
    lease_until: float = 0.0
    lease_owner: str = ""


class Product(SQLModel, table=True):
    """The mirror of a Stripe product. `data` is Stripe's object; `stripe_at` the moment it was true; `deleted` keeps
    the place of one that Stripe has no more. `search` (name, id, description) is written by `storage.catalog`."""

    __table_args__ = (
        Index("product_listed", "team_id", "deleted", "search", "id"),
        Index("product_active", "team_id", "active", "search", "id"),
    )

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str
    active: bool
    deleted: bool = False
    search: str = Field(default="", sa_type=Text)
    data: Json = Field(sa_column=_json())
    stripe_at: float


class Price(SQLModel, table=True):
    """The mirror of a Stripe price. `search` (product name, nickname, lookup key, currency, id) and
    `sort` (its place in lists) are written by `storage.catalog`."""

    __table_args__ = (
        Index("price_product", "team_id", "product_id", "active", "sort"),
        Index("price_active", "team_id", "active", "sort"),
        Index("price_currency", "team_id", "active", "currency", "sort"),
    )

    team_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    product_id: str
    active: bool
    currency: str
    search: str = Field(default="", sa_type=Text)
    sort: str = Field(default="", sa_type=Text)
    data: Json = Field(sa_column=_json())
    stripe_at: float


class StripeObject(SQLModel, table=True):
    """The mirror of a Stripe object that is small and kept whole; `kind` is Stripe's name for it (`coupon`,
    `promotion_code`, `shipping_rate`).

    `data` is Stripe's object, `stripe_at` the moment it was true. `parent_id` is what it belongs to (a promotion code's
    coupon). `search` is what people look for it by, made with `storage.search.fold`. `created_at` is Stripe's.
    """

    __tablename__ = "stripe_object"
    __table_args__ = (
        Index("stripe_object_created", "team_id", "kind", "created_at", "id"),
        Index("stripe_object_active", "team_id", "kind", "active", "created_at", "id"),
        Index("stripe_object_parent", "team_id", "kind", "parent_id"),
    )

    team_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    parent_id: str = ""
    active: bool = True
    deleted: bool = False
    search: str = Field(default="", sa_type=Text)
    data: Json = Field(sa_column=_json())
    stripe_at: float
    created_at: float


class Cursor(SQLModel, table=True):
    """How far a reader of Stripe's lists has come (`events`, `backfill.links`, …)."""

    team_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: str
    updated_at: float
