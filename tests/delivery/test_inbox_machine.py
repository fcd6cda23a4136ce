"""Whatever workers do and suffer, each event is handled exactly once, or given up where everybody can see it.

The machine knows of each event what it must be like, and compares that with the database after every step.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, invariant, rule
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.attempts import LONGEST_DELAY, MOST_ATTEMPTS, OUTAGE_DELAYS
from bot.delivery.inbox import Inbox
from bot.delivery.inbox_worker import InboxWorker
from bot.errors import StripeRefused, StripeUnavailable
from bot.services.dead_letters import DeadLetterService
from bot.services.steps import Outcome, Step
from storage import cursors, inbox
from storage.inbox import Claimed
from tests.conftest import Templates
from tests.delivery.inbox_model import TEAM, Known, look
from tests.delivery.machines import LEASE, DatabaseMachine, check

MANY = 100
FATES = ("fine", "fine", "ignored", "outage", "refused", "poison")

Claims = list[tuple[Claimed, str]]
"""Events as they were when taken, each with the owner of its lease."""


class InboxMachine(DatabaseMachine):
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Known] = {}
        self.fates: dict[str, str] = {}
        self.owners = 0
        self.inbox = Inbox(self.db, TEAM, self.clock, lambda: None)
        self.worker = InboxWorker(self.db, TEAM, self._prepare, self.clock, lambda: None)
        self.dead_letters = DeadLetterService(self.db, TEAM, self.clock)

    @initialize()
    def begin(self) -> None:
        self.receive(3, [])

    @rule(count=st.integers(1, 3), again=st.lists(st.integers(0, 20), max_size=3))
    def receive(self, count: int, again: list[int]) -> None:
        """Stripe delivers: new events, and some again, all at the same time."""
        new = [f"evt_{len(self.known) + number:03}" for number in range(count)]
        ids = [*new, *[f"evt_{number % (len(self.known) + count):03}" for number in again]]
        assert self.run(self._receive(ids)) == Counter(new)
        self.known |= {id: Known(self.clock()) for id in new}

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE - 1, LEASE, LONGEST_DELAY]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(target=claims, limit=st.integers(1, 4), suspected=st.booleans())
    def take(self, limit: int, suspected: bool) -> Claims:
        """A worker takes exactly what has been due for longest, of what is suspected or of the rest; of what became due
        at the same moment, any."""
        return self._take(limit, suspected)

    @rule(target=claims, workers=st.integers(2, 3), limit=st.integers(1, 3), suspected=st.booleans())
    def take_together(self, workers: int, limit: int, suspected: bool) -> Claims:
        """Several workers take at the same moment: nothing is taken twice."""
        ready = self._ready(suspected)
        taken = [one for claim in self.run(self._claim(workers, limit, suspected)) for one in claim]
        ids = [event.id for event, _ in taken]
        assert len(ids) == len(set(ids)), "two workers hold one event"
        assert set(ids) <= set(ready)
        assert ids or not ready
        return taken

    @rule(claims=consumes(claims), fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=3))
    def handle(self, claims: Claims, fates: list[str]) -> None:
        self._handle(claims, fates)

    @rule(late=st.sampled_from(["first", "last", "together"]), fate=st.sampled_from(["fine", "refused"]))
    def handle_late(self, late: str, fate: str) -> None:
        """The work takes so long that all of it is taken again, perhaps by the same process, which then writes it
        together: the first to take it may end before or after the second, and does nothing."""
        self.receive(2, [])
        claims = self._take_all()
        self.wait(LEASE)
        again = self._take_all()
        for group in {"first": (claims, again), "last": (again, claims), "together": ([*claims, *again],)}[late]:
            self._handle(group, [fate])

    @rule(claims=consumes(claims))
    def crash(self, claims: Claims) -> None:
        """A worker is gone, and its claims with it."""

    @rule(claims=consumes(claims))
    def stop(self, claims: Claims) -> None:
        """A worker gives back what it has not finished; what somebody else has taken meanwhile it leaves alone."""
        self.run(self._release({owner for _, owner in claims}))
        for event, owner in claims:
            known = self.known[event.id]
            if (known.state, known.owner) == ("new", owner):
                known.give_back()

    @rule(
        times=st.sampled_from([1, MOST_ATTEMPTS - 1, MOST_ATTEMPTS]),
        fate=st.sampled_from(["refused", "poison", "crash"]),
    )
    def fail_again_and_again(self, times: int, fate: str) -> None:
        for _ in range(times):
            self.wait(LONGEST_DELAY)
            claims = self._take_all()
            if fate != "crash":
                self._handle(claims, [fate])

    @rule()
    def retry(self) -> None:
        """By hand, with every event that there is: only the dead are tried again."""
        dead = [id for id, one in self.known.items() if one.state == "dead"]
        assert self.run(self.dead_letters.retry(list(self.known))) == dead
        for id in dead:
            self.known[id].fail("new", 0)
            self.known[id].due_at = self.clock()

    @invariant()
    def the_database_is_as_it_must_be(self) -> None:
        now = self.run(look(self.db))
        assert now.events == self.known
        assert now.next_due == min((one.ready_at for one in self.known.values() if one.state == "new"), default=None)
        assert now.dead == {id for id, one in self.known.items() if one.state == "dead"}
        assert now.effects == {id: "1" for id, one in self.known.items() if one.state == "done"}, "not exactly once"

    async def settle(self) -> None:
        """Once nothing fails any more, and the dead are tried again, everything is done."""
        self.fates.clear()
        for _ in range(2):
            self.clock.advance(LONGEST_DELAY)
            await self.worker.drain()
            await self.dead_letters.retry(list(self.known))
        await self.worker.drain()
        now = await look(self.db)
        assert {one.state for one in now.events.values()} <= {"done", "ignored"}
        assert now.effects == {id: "1" for id, one in now.events.items() if one.state == "done"}
        assert now.next_due is None

    def _ready(self, suspected: bool) -> list[str]:
        """What can be taken now, in its order."""
        now = self.clock()
        free = [(one.due_at, id) for id, one in self.known.items() if one.state == "new" and one.ready_at <= now]
        return [id for _, id in sorted(free) if self.known[id].suspected == suspected]

    def _due(self, ids: Collection[str]) -> list[float]:
        return sorted(self.known[id].due_at for id in ids)

    def _take_all(self) -> Claims:
        return [*self._take(MANY, suspected=False), *self._take(MANY, suspected=True)]

    def _take(self, limit: int, suspected: bool) -> Claims:
        ready = self._ready(suspected)
        (taken,) = self.run(self._claim(1, limit, suspected))
        ids = {event.id for event, _ in taken}
        assert ids <= set(ready)
        assert self._due(ids) == self._due(ready[:limit])
        return taken

    def _handle(self, claims: Claims, fates: Sequence[str]) -> None:
        """Works on all of it at the same time; whose lease somebody else has by now changes nothing."""
        ids = sorted({event.id for event, _ in claims})
        self.fates = {id: fates[number % len(fates)] for number, id in enumerate(ids)}
        self.run(self._work(claims))
        now = self.run(look(self.db))
        for event, owner in claims:
            known = self.known[event.id]
            if (known.state, known.owner) != ("new", owner):
                continue
            fate = "died" if event.attempts >= MOST_ATTEMPTS else self.fates[event.id]
            if fate in ("fine", "ignored"):
                known.finish("done" if fate == "fine" else "ignored")
                continue
            self._postponed(known, fate, now.events[event.id].due_at)

    def _postponed(self, known: Known, fate: str, due_at: float) -> None:
        attempts = known.attempts + (fate != "outage")
        soonest, latest = OUTAGE_DELAYS if fate == "outage" else (0.0, min(LONGEST_DELAY, 2.0**attempts))
        assert soonest <= due_at - self.clock() <= latest
        dead = attempts >= MOST_ATTEMPTS and fate != "outage"
        known.fail("dead" if dead else "new", attempts, fate == "died")
        known.due_at = due_at

    async def _receive(self, ids: Sequence[str]) -> Counter[str]:
        received = [self.inbox.receive(id, "some.type", self.clock(), b"{}") for id in ids]
        return Counter(id for id, new in zip(ids, await asyncio.gather(*received), strict=True) if new)

    async def _claim(self, workers: int, limit: int, suspected: bool) -> list[Claims]:
        now = self.clock()

        async def one(owner: str) -> Claims:
            async with self.db.begin() as session:
                events = await inbox.claim(session, TEAM, owner, now, now + LEASE, limit, suspected)
            return [(event, owner) for event in events]

        self.owners += workers
        claims = await asyncio.gather(*[one(f"w{self.owners - number}") for number in range(workers)])
        for event, owner in (one for claim in claims for one in claim):
            self.known[event.id].take(owner, now + LEASE)
        return claims

    async def _work(self, claims: Claims) -> None:
        await asyncio.gather(*[self.worker.work(event, owner) for event, owner in claims])

    async def _release(self, owners: set[str]) -> None:
        async with self.db.begin() as session:
            await inbox.release(session, TEAM, owners)

    async def _prepare(self, event: Claimed) -> Step:
        fate = self.fates.get(event.id, "fine")
        if fate == "refused":
            raise StripeRefused("Stripe said no.")
        if fate == "outage":
            raise StripeUnavailable("Stripe can't be reached.")

        async def step(session: AsyncSession) -> Outcome:
            if fate == "ignored":
                return Outcome("ignored", "not ours")
            times = int(await cursors.get(session, TEAM, event.id) or 0)
            await cursors.put(session, TEAM, event.id, str(times + 1), self.clock())
            if fate == "poison":
                raise ValueError("poison")
            return Outcome("done")

        return step


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 20), ("postgresql", 10)])
def test_every_event_is_handled_once_whatever_happens(templates: Templates, kind: str, examples: int) -> None:
    check(InboxMachine, templates, kind, examples)
