"""Receiving events: when `receive` returns, the event is on disk."""

from collections.abc import Callable, Sequence

import structlog
from sqlalchemy.exc import DBAPIError

from bot.delivery.attempts import origin_of
from bot.delivery.group_commit import GroupCommit, Overloaded
from bot.errors import PaylinkError
from storage import inbox
from storage.database import Database
from storage.inbox import Arrival

log = structlog.get_logger()

PATIENCE_SECONDS = 5.0
"""How long an event may wait to be stored, whatever it waits for: Stripe gives up on an answer after some ten."""


class InboxUnavailable(PaylinkError):
    """The event could not be stored; whoever sent it should send it again."""

    def __init__(self) -> None:
        super().__init__("The event could not be stored. Send it again.")


class Inbox:
    """The receiving end of the inbox. Requests that wait at the same time share one commit."""

    def __init__(
        self,
        db: Database,
        team_id: str,
        clock: Callable[[], float],
        wake: Callable[[], None],
        *,
        capacity: int = 10_000,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """`wake` is called when there is something new to handle; more than `capacity` waiting events are refused, and
        whoever has waited for `patience` seconds."""
        self._db = db
        self._team_id = team_id
        self._clock = clock
        self._wake = wake
        self._commits: GroupCommit[Arrival, bool] = GroupCommit(self._store, patience=patience, capacity=capacity)

    async def receive(self, event_id: str, type: str, created: float, body: bytes) -> bool:
        """Stores an event, durably, and answers True; False when it was here before (and nothing was done).

        Raises InboxUnavailable when the database can't be written, or not soon, or too many events wait for it. An
        event that took too long may be stored yet; sent again, it then is a duplicate.
        """
        try:
            return await self._commits.submit(Arrival(event_id, type, created, body))
        except Overloaded:
            log.warning("inbox refused an event", reason="too many are waiting")
            raise InboxUnavailable from None
        except TimeoutError:
            log.warning("inbox refused an event", reason="the database takes too long")
            raise InboxUnavailable from None

    async def settle(self) -> None:
        """Waits until every event received so far is stored or refused."""
        await self._commits.settle()

    async def _store(self, arrivals: Sequence[Arrival]) -> list[bool]:
        try:
            new = await self._insert(arrivals)
        except Exception as error:
            log.error("inbox can't be written", events=len(arrivals), **origin_of(error))
            raise InboxUnavailable from error
        if new:
            self._wake()
        return _first_of_each(arrivals, new)

    async def _insert(self, arrivals: Sequence[Arrival]) -> set[str]:
        """The ids that are new. A connection that turns out to be cut is replaced: inserting twice does nothing twice,
        and what the first attempt has stored after all is found by the workers' poll."""
        try:
            return await inbox.store(self._db, self._team_id, arrivals, self._clock())
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return await inbox.store(self._db, self._team_id, arrivals, self._clock())


def _first_of_each(arrivals: Sequence[Arrival], new: set[str]) -> list[bool]:
    """True at the first arrival of each new id: one that came twice in a group was new once."""
    left = set(new)
    answers = []
    for arrival in arrivals:
        answers.append(arrival.id in left)
        left.discard(arrival.id)
    return answers
