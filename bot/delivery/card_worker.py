"""Bringing Slack up to date: takes due cards in their channels' turns and sends them."""

import asyncio
import secrets
from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.delivery.attempts import MOST_ATTEMPTS, after_failure, origin_of, reason_of
from bot.delivery.group_commit import GroupCommit
from bot.delivery.hands import Hands
from bot.delivery.sending import GONE, Fallback, Lost, Render, Sending, SlackPort, Standing, Unreachable
from bot.errors import PaylinkError, SlackRateLimited, SlackRefused
from storage import outbox, pace
from storage.database import Database
from storage.outbox import Claim

log = structlog.get_logger()

LEASE_SECONDS = 30.0
SEND_SECONDS = 25.0
"""An attempt ends before its lease does, so that no two workers ever send the same card."""

GRACE_SECONDS = 10.0
INTERVAL_SECONDS = 1.0
"""Slack allows about one message per second and channel ("Rate limits", `chat.postMessage`)."""

DIGEST_AFTER = 30
PAUSES = (5.0, 60.0)
"""The first and the longest pause of a workspace, in seconds, while Slack doesn't accept our token."""

NO_ACCESS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)


_Sent = tuple[Claim, Standing]


class CardWorker:
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
        most: int = 64,
        digest_after: int = DIGEST_AFTER,
        grace: float = GRACE_SECONDS,
    ) -> None:
        """`observe(kind, outcome, seconds)` hears of each attempt; the seconds are since the card was first wanted.

        At most `most` cards are in hand; when stopped, these have `grace` seconds to finish. See `storage.digests`
        for `digest_after`.
        """
        self._db = db
        self._team_id = team_id
        self._slack = slack
        self._render = render
        self._fallback = fallback
        self._clock = clock
        self._observe = observe
        self._digest_after = digest_after
        self._grace = grace
        self._hands = Hands(most)
        self._commits: GroupCommit[_Sent, None] = GroupCommit(self._write)
        self._pause = PAUSES[0]

    async def advance(self) -> int:
        """Takes the cards that are due now and begins to send them; answers how many."""
        room = await self._hands.room()
        owner, now = secrets.token_hex(8), self._clock()
        until = now + LEASE_SECONDS
        async with self._db.begin() as session:
            claims = await outbox.claim(session, self._team_id, owner, now, until, room, self._digest_after)
        for claim in claims:
            self._hands.begin(self.deliver(claim), owner)
        return len(claims)

    async def step(self) -> int:
        """Sends what is due now, to the end; answers how many cards that were."""
        begun = await self.advance()
        await self._hands.settle()
        return begun

    async def drain(self) -> None:
        """Sends everything that is due now; what has to wait for its channel's next turn is not."""
        while await self.step():
            pass

    async def next_due(self) -> float | None:
        """When the next card will be due; None when none waits."""
        async with self._db.read() as session:
            return await outbox.next_due(session, self._team_id)

    async def stop(self) -> None:
        """Finishes what is in hand, or gives it back after a grace period.

        Raises the database's error when that can't be written; the leases then run out.
        """
        owners = await self._hands.let_go(self._grace)
        await self._commits.settle()
        if owners:
            async with self._db.begin() as session:
                await outbox.release(session, self._team_id, owners, self._clock() + INTERVAL_SECONDS)

    async def deliver(self, claim: Claim) -> None:
        """Sends one card that was taken, and writes down how it ended."""

        async def redirect(channel_id: str) -> bool:
            async with self._db.begin() as session:
                return await outbox.goes_to(session, claim, channel_id, self._clock())

        sending = Sending(self._slack, self._render, self._fallback, redirect, claim)
        try:
            if claim.card.attempts >= MOST_ATTEMPTS:
                raise PaylinkError("Whoever sent it died each time.")
            async with asyncio.timeout(SEND_SECONDS):
                standing = await sending.run()
        except Lost:
            return
        except Exception as error:
            outcome = await self._failed(claim, error, sending.unsure)
        else:
            self._pause = PAUSES[0]
            await self._commits.submit((claim, standing))
            outcome = "posted" if claim.is_post else "updated"
        self._observe(claim.card.subject_kind, outcome, self._clock() - claim.card.created_at)

    async def _write(self, group: Sequence[_Sent]) -> list[None]:
        try:
            await self._write_together(group)
        except DBAPIError as error:
            log.info("cards are written one by one", cards=len(group), **origin_of(error))
            for sent in group:
                await self._write_together([sent])
        return [None] * len(group)

    async def _write_together(self, group: Sequence[_Sent]) -> None:
        now = self._clock()
        async with self._db.begin() as session:
            for claim, standing in group:
                await outbox.stands(session, claim, standing.channel_id, standing.ts, standing.version, now)
                await pace.give_back(session, self._team_id, [claim.scope], claim.owner, now + INTERVAL_SECONDS)

    async def _failed(self, claim: Claim, error: Exception, unsure: bool) -> str:
        now = self._clock()
        async with self._db.begin() as session:
            outcome = await self._write_failure(session, claim, error, unsure, now)
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
            await pace.give_back(session, self._team_id, [claim.scope], claim.owner, free_at)
            return "gone"
        then = after_failure(error, claim.card.attempts)
        delay, attempts, dead = then.delay, then.attempts, then.dead or isinstance(error, Unreachable)
        if code in NO_ACCESS:
            delay, attempts, dead = self._pause, claim.card.attempts, False
            self._pause = min(2 * self._pause, PAUSES[1])
            await pace.hold_off(session, self._team_id, pace.WORKSPACE, now + delay)
        if isinstance(error, SlackRateLimited):
            free_at = now + error.retry_after
            if not claim.is_post:
                await pace.hold_off(session, self._team_id, pace.UPDATES, free_at)
        await outbox.postpone(
            session, claim, due_at=now + delay, attempts=attempts, reason=then.reason, unsure=unsure, dead=dead
        )
        await pace.give_back(session, self._team_id, [claim.scope], claim.owner, free_at)
        return "dead" if dead else "postponed"
