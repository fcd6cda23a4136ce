"""Any interleaving of changes, workers, crashes and lost answers ends with each subject shown once, as it is now, by
its own message or by a digest, and with everything that was told of it once in that message's thread.

The machine drives the real storage code: workers are claims whose progress it decides step by step.
"""

import asyncio
import re
from collections import Counter

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, consumes, initialize, invariant, rule

from bot.delivery.attempts import LONGEST_DELAY, MOST_ATTEMPTS
from bot.errors import SlackRateLimited, SlackRefused, SlackUnavailable
from bot.gateways.slack import Message
from bot.services.dead_letters import DeadLetterService
from storage import cards, outbox, replies
from storage.models import Card, Pace
from storage.outbox import Claim
from tests.conftest import Templates
from tests.delivery.desk import TEAM, Desk
from tests.delivery.machines import LEASE, DatabaseMachine, check
from tests.delivery.slack import Posted

SUBJECTS = tuple(f"cs_{number}" for number in range(6))
CHANNELS = ("C1", "C2")
FATES = ("fine", "dies before", "dies after", "unheard", "refused", "limited", "away")
REFUSALS = {"refused": SlackRefused("fatal_error"), "limited": SlackRateLimited(7), "away": SlackUnavailable("away")}


def channel_of(subject: str) -> str:
    return CHANNELS[SUBJECTS.index(subject) % len(CHANNELS)]


class Town(Desk):
    """A desk whose digests name the subjects that they show."""

    async def render(self, card: Card) -> Message | None:
        if card.subject_kind != "digest":
            return await super().render(card)
        async with self.db.read() as session:
            subjects = await cards.digested(session, TEAM, card)
        return Message("digest of " + ", ".join(f"{subject} v{self.states[subject]}" for subject in subjects))


class DeliveryMachine(DatabaseMachine):
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.owners = 0
        self.held: dict[str, tuple[Claim, float]] = {}
        self.told: dict[str, list[str]] = {subject: [] for subject in SUBJECTS}

    @initialize(digest_after=st.sampled_from([1, 1000]))
    def begin(self, digest_after: int) -> None:
        self.digest_after = digest_after
        self.desk = Town(self.db, self.clock, digest_after=digest_after)

    @rule(subjects=st.sets(st.sampled_from(SUBJECTS), min_size=1))
    def change(self, subjects: set[str]) -> None:
        for subject in sorted(subjects):
            self.run(self.desk.change(subject, channel_of(subject)))

    @rule(subject=st.sampled_from(SUBJECTS))
    def tell(self, subject: str) -> None:
        """Something becomes of a payment, which is told in its thread."""
        word = f"word {sum(map(len, self.told.values()))}"
        self.told[subject].append(word)
        self.run(self.desk.tell(subject, word, channel=channel_of(subject)))

    @rule(seconds=st.sampled_from([0.5, 1.0, 10.0, LEASE + 1]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    @rule(target=claims, workers=st.integers(1, 3), suspected=st.booleans())
    def take(self, workers: int, suspected: bool) -> list[Claim]:
        """Workers take at the same moment: no card and no channel's turn has two holders."""
        return self._take(workers, suspected)

    def _take(self, workers: int, suspected: bool = False) -> list[Claim]:
        due = self.run(self.desk.worker.next_due())
        taken = [claim for claims in self.run(self._claim(workers, suspected)) for claim in claims]
        assert not taken or (due is not None and due <= self.clock()), "something was due before it was said to be"
        for claim in taken:
            lease = self.held.get(claim.card.id)
            assert lease is None or lease[1] <= self.clock(), "two workers hold one card"
            for other, until in self.held.values():
                assert other.turn.scope != claim.turn.scope or until <= self.clock(), "two workers speak in one channel"
            self.held[claim.card.id] = (claim, self.clock() + LEASE)
        return taken

    @rule(times=st.integers(1, 4))
    def die(self, times: int) -> None:
        """Workers take what is due and are never heard of again, until it is suspected."""
        for _ in range(times):
            self._take(1)
            self.clock.advance(LEASE + 1)

    @rule(claims=consumes(claims), fate=st.sampled_from(FATES))
    def send(self, claims: list[Claim], fate: str) -> None:
        """The workers go on with what they took, if their leases still run; others stop at nothing."""
        for claim in claims:
            holder, until = self.held.get(claim.card.id, (None, 0.0))
            if holder is not claim or until <= self.clock() or fate == "dies before":
                continue
            if fate == "dies after":
                self.run(self._speak(claim))
                continue
            self._meet(claim, fate)
            self.run(self.desk.worker.work(claim, claim.owner))
            self.desk.slack.answers_lost = 0
            self.desk.slack.troubles.clear()
            del self.held[claim.card.id]

    @rule(changes=st.booleans())
    def work(self, changes: bool) -> None:
        """A worker does what is due; perhaps all that it shows has changed when Slack answers."""
        self.desk.slack.meanwhile = self._change_all if changes else None
        self.run(self.desk.worker.step())
        self.desk.slack.meanwhile = None

    @rule(subject=st.sampled_from(SUBJECTS), finishes=st.booleans())
    def send_late(self, subject: str, finishes: bool) -> None:
        """An answer takes longer than its lease: somebody else takes the card meanwhile, and is or isn't done first."""
        self.change({subject})
        self.clock.advance(LEASE + 1)
        for claim in self._take(1)[:1]:
            self.desk.slack.meanwhile = self._finish_elsewhere if finishes else self._take_elsewhere
            self.run(self.desk.worker.work(claim, claim.owner))
            self.desk.slack.meanwhile = None
            if self.held[claim.card.id][0] is claim:
                del self.held[claim.card.id]

    @rule(channel=st.sampled_from(CHANNELS))
    def close(self, channel: str) -> None:
        """Slack refuses whatever is sent to a channel until it is given up; the others are none the worse for it."""
        self.run(self._retry())
        self.desk.slack.closed[channel] = "fatal_error"
        for _ in range(MOST_ATTEMPTS + 1):
            self.clock.advance(LONGEST_DELAY)
            self.run(self.desk.worker.drain())
        del self.desk.slack.closed[channel]
        self.nobody_is_told_twice()
        for subject, state in self.desk.states.items():
            assert channel_of(subject) == channel or self._shown()[subject] == [state]

    @invariant()
    def nobody_is_told_twice(self) -> None:
        keys = [message.key for message in self.desk.slack.messages]
        assert len(keys) == len(set(keys))
        assert all(len(states) == 1 for states in self._shown().values())

    @invariant()
    def who_holds_a_lease_keeps_it(self) -> None:
        """Whatever those do whose leases have run out."""
        for claim, until in self.held.values():
            assert until <= self.clock() or self.run(self._owners(claim)) == [claim.owner] * 2

    async def settle(self) -> None:
        """Once everything calms down, and the dead are tried again, each subject is shown as it is now."""
        await self._retry()
        while (due := await self.desk.worker.next_due()) is not None:
            self.clock.advance(max(0.0, due - self.clock()))
            await self.desk.worker.drain()
            await self._retry()
        assert self._shown() == {subject: [state] for subject, state in self.desk.states.items()}
        for message in self._own():
            told = [word for subject, _ in _read(message) for word in self.told[subject]]
            assert Counter(self.desk.slack.thread(message.channel, message.ts)) == Counter(told)

    def _own(self) -> list[Posted]:
        """The messages that stand in channels themselves."""
        return [message for message in self.desk.slack.messages if message.thread_ts is None]

    def _shown(self) -> dict[str, list[int]]:
        """In which states each subject is shown."""
        shown: dict[str, list[int]] = {}
        for subject, state in (one for message in self._own() for one in _read(message)):
            shown.setdefault(subject, []).append(state)
        return shown

    def _meet(self, claim: Claim, fate: str) -> None:
        """Arranges what a worker will meet at Slack."""
        slack = self.desk.slack
        slack.answers_lost = fate == "unheard"
        if fate in REFUSALS:
            slack.trouble("post" if claim.is_post else "update", REFUSALS[fate])

    async def _change_all(self) -> None:
        for subject in list(self.desk.states):
            await self.desk.change(subject, channel_of(subject))

    async def _finish_elsewhere(self) -> None:
        """The answer takes longer than the lease, and somebody else takes the card meanwhile and is done first."""
        self.clock.advance(LEASE + 1)
        await self.desk.another(digest_after=self.digest_after).step()

    async def _take_elsewhere(self) -> None:
        """The same, but the other is still at it when the answer arrives."""
        self.clock.advance(LEASE + 1)
        for claim in (await self._claim(1))[0]:
            self.held[claim.card.id] = (claim, self.clock() + LEASE)

    async def _claim(self, workers: int, suspected: bool = False) -> list[list[Claim]]:
        async def one(owner: str) -> list[Claim]:
            async with self.db.begin() as session:
                now, after = self.clock(), self.digest_after
                return await outbox.claim(session, TEAM, owner, now, now + LEASE, 2, after, suspected=suspected)

        self.owners += workers
        return await asyncio.gather(*[one(f"w{self.owners - number}") for number in range(workers)])

    async def _retry(self) -> None:
        """By hand, everything that was given up."""
        letters = DeadLetterService(self.db, TEAM, self.clock)
        await letters.retry([letter.id for letter in await letters.all()])

    async def _owners(self, claim: Claim) -> list[str]:
        """Who holds the card, and who its turn."""
        async with self.db.read() as session:
            card = await session.get_one(Card, claim.card.id)
            turn = await session.get_one(Pace, (TEAM, claim.turn.scope))
        return [card.lease_owner, turn.lease_owner]

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


def _read(message: Posted) -> list[tuple[str, int]]:
    """The subjects that a message shows, each with its state."""
    return [(subject, int(state)) for subject, state in re.findall(r"(cs_\d) v(\d+)", message.text)]


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 25), ("postgresql", 12)])
def test_delivery_converges_whatever_happens(templates: Templates, kind: str, examples: int) -> None:
    check(DeliveryMachine, templates, kind, examples)
