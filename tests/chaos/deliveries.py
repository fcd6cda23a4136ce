"""How Stripe tells of what happened while nothing goes well: late, in any order, more than once, or not at all."""

import asyncio
from collections.abc import Sequence, Set

from bot.sandbox.stripe.server import StripeSandbox
from bot.sandbox.stripe.tables import JSON
from tests.chaos.plan import Plan

UNSENT = 0.03
"""Which part of the events Stripe never delivers."""

LATE_TRIES, PAUSE = 30, 0.5
"""How often Stripe tries an event that is hours late, and the seconds in between."""

SOON = (0.3, *(1.0,) * 60)
"""When Stripe tries again where nothing but kills is in its way: as long as the next process may need to start."""


class Deliveries:
    """Stripe's webhooks and its list of events, which has nothing that a webhook can be relied on for.

    An event that the app has acknowledged isn't listed any more, so that nothing makes up for one that it then lost;
    nor is one listed that Stripe keeps back for hours. Those that are never delivered are listed, and only there.
    """

    def __init__(self, plan: Plan, stripe: StripeSandbox) -> None:
        self.never = self.hours_late = 0
        """How many events Stripe never delivered, and how many came for the first time when hours had gone by."""
        self._plan = plan
        self._stripe = stripe
        self._random = plan.random("deliveries")
        self._kept_back: list[str] = []

    def spoil(self) -> None:
        """From now on it is like that."""
        webhooks = self._stripe.webhooks
        webhooks.jitter = 3.0 if self._plan.weather else 0.2
        webhooks.retry_delays = (0.3, 1.0, 3.0, 8.0, 15.0) if self._plan.weather else SOON
        webhooks.drop = self._keeps_back
        self._stripe.world.unlisted = lambda event: event["id"] in self._kept_back or self._taken(event["id"])

    def come_right(self) -> None:
        """From now on every event is delivered when it happens; what is kept back still is."""
        self._stripe.webhooks.drop = lambda event: False

    @property
    def acknowledged(self) -> set[str]:
        """The ids of the events for which the app answered 2xx, however often."""
        return {event for event in self._stripe.events if self._taken(event)}

    def kept_back(self, until: float) -> list[str]:
        """The ids of the events that Stripe keeps back and that happened until then."""
        return [event for event in self._kept_back if self._stripe.events[event]["created"] <= until]

    async def deliver_late(self, late: Sequence[str], known: Set[str]) -> None:
        """Delivers these events, which it has kept back; `known` are those that the app has all the same. What the app
        doesn't take is kept back until the next time."""
        for event in late:
            if await self._delivered(event):
                self._kept_back.remove(event)
                self.hours_late += event not in known

    async def _delivered(self, event: str) -> bool:
        for _ in range(LATE_TRIES):
            if all(attempt.ok for attempt in await self._stripe.redeliver(event)):
                return True
            await asyncio.sleep(PAUSE)
        return False

    def _keeps_back(self, event: JSON) -> bool:
        if not event["type"].startswith("checkout."):
            return False
        chance = self._random.random()
        if UNSENT <= chance < UNSENT + self._plan.late:
            self._kept_back.append(event["id"])
        self.never += chance < UNSENT
        return chance < UNSENT + self._plan.late

    def _taken(self, event: str) -> bool:
        return any(attempt.ok for attempt in self._stripe.webhooks.attempts(event))
