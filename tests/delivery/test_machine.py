"""Any interleaving of changes, workers, crashes and lost answers ends with one current message for each subject,
and with everything that was told of it once in its thread.

The machine drives the real storage code: workers are claims whose progress it decides step by step.
"""

import asyncio
import secrets

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from storage import outbox, replies
from storage.database import Database
from storage.outbox import Claim
from tests.conftest import Clock, Templates
from tests.delivery.desk import TEAM, Desk

SUBJECTS = tuple(f"cs_{number}" for number in range(4))
CHANNELS = ("C1", "C2")
LEASE = 30.0


class DeliveryMachine(RuleBasedStateMachine):
    """The test sets `templates` and `kind`: where the machine's databases come from."""

    templates: Templates
    kind: str
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.copy = self.templates.of(self.kind).copy()
        self.db = Database(self.copy.__enter__())
        self.clock = Clock()
        self.desk = Desk(self.db, self.clock, digest_after=1000)
        self.held: dict[str, tuple[Claim, float]] = {}
        self.told: dict[str, list[str]] = {subject: [] for subject in SUBJECTS}

    def teardown(self) -> None:
        try:
            self.runner.run(self.settle())
        finally:
            self.runner.run(self.db.close())
            self.copy.__exit__(None, None, None)
            self.runner.close()

    @rule(subject=st.sampled_from(SUBJECTS))
    def change(self, subject: str) -> None:
        channel = CHANNELS[SUBJECTS.index(subject) % 2]
        self.runner.run(self.desk.change(subject, channel))

    @rule(subject=st.sampled_from(SUBJECTS))
    def tell(self, subject: str) -> None:
        """Something becomes of a payment, which is told in its thread."""
        word = f"word {sum(map(len, self.told.values()))}"
        self.told[subject].append(word)
        self.runner.run(self.desk.tell(subject, word, channel=CHANNELS[SUBJECTS.index(subject) % 2]))

    @rule(seconds=st.sampled_from([0.5, 1.0, 10.0, LEASE + 1]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(target=claims)
    def take(self) -> list[Claim]:
        now = self.clock()
        taken = self.runner.run(self._claim(secrets.token_hex(4)))
        for claim in taken:
            lease = self.held.get(claim.card.id)
            assert lease is None or lease[1] <= now, "two workers hold one card"
            for other, until in self.held.values():
                assert other.turn.scope != claim.turn.scope or until <= now, "two workers speak in one channel"
            self.held[claim.card.id] = (claim, now + LEASE)
        return taken

    @rule(claims=consumes(claims), crash=st.sampled_from(["no", "before", "after", "unheard"]))
    def send(self, claims: list[Claim], crash: str) -> None:
        for claim in claims:
            if self.held.get(claim.card.id, (None, 0.0))[0] is not claim:
                continue
            if crash == "before" or self.held[claim.card.id][1] <= self.clock():
                continue
            if crash == "after":
                self.runner.run(self._speak(claim))
                continue
            self.desk.slack.answers_lost = crash == "unheard"
            self.runner.run(self.desk.worker.work(claim, claim.owner))
            self.desk.slack.answers_lost = 0
            del self.held[claim.card.id]

    @rule()
    def work(self) -> None:
        self.runner.run(self.desk.worker.step())

    @invariant()
    def nobody_is_told_twice(self) -> None:
        keys = [message.key for message in self.desk.slack.messages]
        assert len(keys) == len(set(keys))
        assert len(keys) <= len(self.desk.states) + sum(map(len, self.told.values()))

    async def settle(self) -> None:
        """Once everything calms down, each subject has its message, showing its last state."""
        for _ in range(120):
            if await self.desk.worker.next_due() is None:
                break
            self.clock.advance(LEASE)
            await self.desk.worker.drain()
        expected = {f"payment {subject} v{state}" for subject, state in self.desk.states.items()}
        own = [message for message in self.desk.slack.messages if message.thread_ts is None]
        assert sorted(message.text for message in own) == sorted(expected)
        for message in own:
            told = self.told[message.text.split()[1]]
            assert sorted(self.desk.slack.thread(message.channel, message.ts)) == sorted(told)
        assert await self.desk.worker.next_due() is None

    async def _claim(self, owner: str) -> list[Claim]:
        async with self.db.begin() as session:
            return await outbox.claim(session, TEAM, owner, self.clock(), self.clock() + LEASE, 2, 1000)

    async def _speak(self, claim: Claim) -> None:
        """What a worker does before it dies without writing anything down."""
        slack, card = self.desk.slack, claim.card
        message = await self.desk.render(card)
        assert message is not None
        assert card.posted_channel is not None
        if card.ts is not None:
            await slack.update(card.posted_channel, card.ts, message, card.key)
            return
        thread = await self._thread(card.parent_id) if card.parent_id else None
        if not claim.unsure or await slack.find(card.posted_channel, card.key, 0.0, thread) is None:
            await slack.post(card.posted_channel, message, key=card.key, thread_ts=thread)

    async def _thread(self, parent_id: str) -> str:
        async with self.db.read() as session:
            thread = await replies.thread(session, TEAM, parent_id)
        assert thread is not None
        return thread.ts


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 40), ("postgresql", 15)])
def test_delivery_converges_whatever_happens(templates: Templates, kind: str, examples: int) -> None:
    machine = type("Machine", (DeliveryMachine,), {"templates": templates, "kind": kind})
    templates.of(kind)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
