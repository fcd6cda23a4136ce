"""The services of one workspace, and the drafts that the tests write."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.gateways.stripe import StripeGateway
from bot.links.draft import LineItem, LinkDraft, OneOffPrice, Recurring
from bot.services.catalog import CatalogService
from bot.services.discounts import DiscountService
from bot.services.links import LinkService
from bot.services.notices import NoticeService
from bot.services.objects import ObjectMirror
from bot.services.payments import PaymentService
from bot.services.products import ProductService
from bot.services.steps import Outcome, Question, Step, together
from storage import cards, links
from storage.database import Database
from storage.inbox import Claimed
from storage.models import Card, Link
from tests.conftest import Clock

TEAM = "T1"
SALES = "C_SALES"

CONSULTING = LineItem(row="r1", price=OneOffPrice(name="Consulting", unit_amount=15000, currency="eur"), quantity=2)
SUPPORT = LineItem(
    row="r2",
    price=OneOffPrice(name="Support", unit_amount=4990, currency="eur", recurring=Recurring(interval="month")),
)
OFFER = LinkDraft(name="Offer", line_items=(CONSULTING,))

PRICE = {"currency": "usd", "unit_amount": 500, "product_data": {"name": "Tea"}}
FOREIGN: dict[str, Any] = {"line_items": [{"price_data": PRICE, "quantity": 1}]}
"""Parameters of a link that somebody makes in Stripe's Dashboard."""


class Desk:
    """Wired as the app wires them, without the workers: `deliver` does what the inbox worker does with an event."""

    def __init__(
        self, db: Database, stripe: StripeGateway, clock: Clock, team_id: str = TEAM, foreign_channel: str | None = None
    ) -> None:
        self.db = db
        self.clock = clock
        self.team_id = team_id
        self.stripe = stripe
        self.wakes = 0
        self.told: list[tuple[str, str]] = []
        self.links = LinkService(db, stripe, team_id, clock, self._wake, self._tell)
        self.catalog = CatalogService(db, stripe, team_id, clock)
        self.products = ProductService(db, stripe, self.catalog, team_id, clock)
        self.notices = NoticeService(db, team_id)
        self.objects = ObjectMirror(db, stripe, team_id, clock)
        self.discounts = DiscountService(db, stripe, self.objects, team_id, clock)
        self.payments = PaymentService(db, stripe, self.catalog, self.objects, team_id, clock, foreign_channel)

    def with_foreign_channel(self, channel: str) -> "Desk":
        """The same workspace, with a channel for links that Paylink didn't make."""
        return Desk(self.db, self.stripe, self.clock, self.team_id, channel)

    def _wake(self) -> None:
        self.wakes += 1

    async def _tell(self, user_id: str, text: str, draft_id: str | None = None) -> None:
        self.told.append((user_id, text))

    async def deliver(self, event: Mapping[str, Any]) -> Outcome:
        """Prepares the event and runs its step."""
        step = await self.step(event)
        async with self.db.begin() as session:
            return await step(session)

    async def deliver_together(self, events: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        """Prepares these events at the same moment, and runs their steps in one transaction."""
        steps = await asyncio.gather(*(self.step(event) for event in events))
        async with self.db.begin() as session, together(session, self.team_id, steps):
            return [await step(session) for step in steps]

    async def step(self, event: Mapping[str, Any]) -> Step:
        """Prepares the event, and asks what is to be asked of Stripe."""
        found = await self.prepare(event)
        return await found.ask() if isinstance(found, Question) else found

    async def prepare(self, event: Mapping[str, Any]) -> Step | Question:
        """Prepares the event."""
        body = json.dumps(event).encode()
        claimed = Claimed(event["id"], event["type"], event["created"], body, 0, "", due_at=0, received_at=0)
        return await self.payments.prepare(claimed)

    async def link(self, link_id: str) -> Link | None:
        """The link's row."""
        async with self.db.read() as session:
            return await links.get(session, self.team_id, link_id)

    async def cards(self, kind: str, subject_id: str) -> list[Card]:
        """The subject's cards."""
        async with self.db.read() as session:
            return list(await cards.of(session, self.team_id, kind, subject_id))
