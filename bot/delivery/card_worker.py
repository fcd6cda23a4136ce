"""Bringing Slack up to date: takes due cards in their channels' turns and sends them."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from functools import partial

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.attempts import MOST_ATTEMPTS, UNANSWERED_DELAYS, after_failure, origin_of, reason_of
from bot.delivery.group_commit import GroupCommit
from bot.delivery.lease_worker import GRACE_SECONDS, LEASE_SECONDS, LeaseWorker
from bot.delivery.sending import GONE, Fallback, LookLimited, Lost, Render, Sending, SlackPort, Unreachable, Waits
from bot.errors import PaylinkError, SlackRateLimited, SlackRefused
from bot.services.access import CURE, NO_ACCESS
from storage import outbox, pace, replies, turns, workspaces
from storage.database import Database
from storage.leases import DIED
from storage.models import Card
from storage.outbox import Claim, Stood
from storage.pace import Turn
from storage.replies import Thread

log = structlog.get_logger()

SEND_SECONDS = 25.0
"""An attempt ends before its lease does, so that no two workers ever send the same card."""

_MARGIN = LEASE_SECONDS - SEND_SECONDS
"""What is left of a lease when its attempt ends, however late that began: for a request that is on its way."""

INTERVAL_SECONDS = 1.0
"""Slack allows about one message per second and channel ("Rate limits", `chat.postMessage`)."""

LOOKING_SECONDS = 3600.0
"""So long after a post was to leave, being asked to wait with looking for it isn't counted. Each look begins at the
newest message: where Slack allows less than one needs, none would ever come to an end."""

DIGEST_AFTER = 30
PAUSES = (5.0, 60.0)
"""The first and the longest pause of a workspace, in seconds, while Slack doesn't accept our token."""


class CardWorker(LeaseWorker[Claim]):
    """Takes due cards under a lease and a channel's turn, and converges: posts what is absent, updates what is behind.

    Nothing is lost while Slack can't be used: an outage isn't counted as an attempt, and while our token isn't accepted
    the whole workspace pauses with its cards staying due.
    """

    def __init__(
        self,
        db: Database,
        team_id: str,
        slack: SlackPort,
        render: Render,
        fallback: Fallback,
        clock: Callable[[], float],
        *,
        observe: Callable[[str, str, float], None] = lambda kind, outcome, seconds: None,
        waited: Callable[[str, float], None] = lambda kind, seconds: None,
        most: int = 64,
        digest_after: int = DIGEST_AFTER,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """`observe(kind, outcome, seconds)` hears of each attempt; the seconds are since the card was behind.
        `waited(kind, seconds)` hears how long a card that was due has waited for its turn.

        At most `most` cards are in hand; when stopped, these have `grace` seconds to finish. See `storage.digests`
        for `digest_after`.
        """
        super().__init__(db, team_id, clock, most, grace)
        self._slack = slack
        self._render = render
        self._fallback = fallback
        self._observe = observe
        self._waited = waited
        self._digest_after = digest_after
        self._commits: GroupCommit[Stood, None] = GroupCommit(self._write)
        self._pause = PAUSES[0]
        self._posting = 0

    async def _claim(
        self, session: AsyncSession, owner: str, now: float, room: int, suspected: bool
    ) -> Sequence[Claim]:
        until, posting, after = now + LEASE_SECONDS, self._posting > 0, self._digest_after
        return await outbox.claim(session, self._team_id, owner, now, until, room, after, posting, suspected)

    async def _suspects(self, session: AsyncSession, now: float) -> bool:
        return await outbox.suspects(session, self._team_id, now)

    async def _next_due(self, session: AsyncSession) -> float | None:
        return await turns.next_due(session, self._team_id, self._posting > 0)

    async def _settle(self) -> None:
        await self._commits.settle()

    async def _release(self, session: AsyncSession, owners: Collection[str]) -> None:
        # What was broken off may have reached Slack, which may be at work on it yet.
        now = self._clock()
        await outbox.release(session, self._team_id, owners, now + INTERVAL_SECONDS, now + UNANSWERED_DELAYS[1])

    async def work(self, claim: Claim, owner: str) -> None:
        """Sends one card that was taken, and writes down how it ended."""
        self._posting += claim.is_post
        try:
            # The lease runs since before the claim was written, which may have taken long.
            seconds = min(SEND_SECONDS, claim.card.lease_until - self._clock() - _MARGIN)
            if seconds > 0.0:
                await self._send(claim, seconds)
            else:
                await self._put_back(claim)
        finally:
            self._posting -= claim.is_post

    async def _put_back(self, claim: Claim) -> None:
        """Nothing was sent and there is no time for it any more: somebody takes the card anew."""
        log.warning("card was taken too late to be sent", id=claim.card.id, kind=claim.card.subject_kind)
        now, card = self._clock(), claim.card
        async with self._db.begin() as session:
            await outbox.postpone(
                session,
                claim,
                due_at=card.due_at,
                attempts=card.attempts,
                reason=card.reason,
                unsure=claim.unsure,
                dead=False,
            )
            await pace.give_back(session, self._team_id, claim.turns, now)

    async def _send(self, claim: Claim, seconds: float) -> None:
        self._waited(claim.card.subject_kind, max(0.0, self._clock() - claim.card.due_at))

        sending = Sending(
            self._slack, self._render, self._fallback, self._thread, partial(self._redirect, claim), claim
        )
        try:
            if claim.card.attempts >= MOST_ATTEMPTS:
                raise PaylinkError(DIED)
            async with asyncio.timeout(seconds):
                standing = await sending.run()
        except Lost:
            return
        except Exception as error:
            outcome = await self._failed(claim, error, sending.unsure)
        else:
            self._pause = PAUSES[0]
            await self._commits.submit(Stood(claim, standing.channel_id, standing.ts, standing.version))
            outcome = "posted" if claim.is_post else "updated"
        self._observe(claim.card.subject_kind, outcome, self._clock() - claim.card.wanted_at)

    async def _redirect(self, claim: Claim, channel_id: str) -> bool:
        now, scope = self._clock(), pace.post_scope(channel_id)
        async with self._db.begin() as session:
            if not await outbox.goes_to(session, claim, channel_id, now):
                return False
            if not await pace.take(session, self._team_id, [scope], claim.owner, now, claim.card.lease_until):
                raise Waits(INTERVAL_SECONDS)
        claim.elsewhere.append(Turn(scope, claim.owner))
        return True

    async def _thread(self, card: Card) -> Thread | None:
        async with self._db.read() as session:
            return await replies.thread(session, self._team_id, card.parent_id or "")

    async def _write(self, group: Sequence[Stood]) -> list[None]:
        try:
            await self._write_together(group)
        except DBAPIError as error:
            log.info("cards are written one by one", cards=len(group), **origin_of(error))
            for one in group:
                await self._write_alone(one)
        return [None] * len(group)

    async def _write_alone(self, one: Stood) -> None:
        """Leaves to its lease what a row that somebody holds keeps from being written; it is then found in Slack."""
        try:
            await self._write_together([one])
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            log.warning("card was left to its lease", id=one.claim.card.id, **origin_of(error))

    async def _write_together(self, group: Sequence[Stood]) -> None:
        now = self._clock()
        async with self._db.begin() as session:
            await outbox.stand(session, group, now)
            ended = [turn for one in group for turn in one.claim.turns]
            await pace.give_back(session, self._team_id, ended, now + INTERVAL_SECONDS)
            stand = {one.claim.card.id for one in group if one.ts and _has_thread(one.claim.card)}
            await replies.wake(session, self._team_id, stand, now)

    async def _failed(self, claim: Claim, error: Exception, unsure: bool) -> str:
        now = self._clock()
        code = error.code if isinstance(error, SlackRefused) else ""
        async with self._db.begin() as session:
            outcome = await self._write_failure(session, claim, error, unsure, now)
            pauses = code in NO_ACCESS and await workspaces.pause(session, self._team_id, code, now)
        if pauses:
            log.error("workspace is paused", reason=code, cure=CURE)
        card, write = claim.card, log.error if outcome == "dead" else log.warning
        reason = reason_of(error)
        write(
            f"card is {outcome}", id=card.id, kind=card.subject_kind, unsure=unsure, reason=reason, **origin_of(error)
        )
        return outcome

    async def _write_failure(
        self, session: AsyncSession, claim: Claim, error: Exception, unsure: bool, now: float
    ) -> str:
        """Says what becomes of the card and of its channel's turn, and answers it in a word."""
        free_at = now + INTERVAL_SECONDS
        code = error.code if isinstance(error, SlackRefused) else ""
        if code in GONE and not claim.is_post:
            await outbox.post_anew(session, claim, now)
            await pace.give_back(session, self._team_id, claim.turns, free_at)
            return "gone"
        looks = isinstance(error, LookLimited)
        patient = not looks or now - claim.card.updated_at < LOOKING_SECONDS
        then = after_failure(error, claim.card.attempts, patient=patient)
        delay, attempts, dead = then.delay, then.attempts, then.dead or isinstance(error, Unreachable)
        if code in NO_ACCESS:
            delay, attempts, dead = self._pause, claim.card.attempts, False
            self._pause = min(2 * self._pause, PAUSES[1])
            await pace.hold_off(session, self._team_id, pace.WORKSPACE, now + delay)
        if isinstance(error, SlackRateLimited) and not looks:
            free_at = now + error.retry_after
            if not claim.is_post:
                await pace.hold_off(session, self._team_id, pace.UPDATES, free_at)
        await outbox.postpone(
            session, claim, due_at=now + delay, attempts=attempts, reason=then.reason, unsure=unsure, dead=dead
        )
        await pace.give_back(session, self._team_id, claim.turns, free_at)
        return "dead" if dead else "postponed"


def _has_thread(card: Card) -> bool:
    return card.subject_kind in ("payment", "digest")
