"""Whether Slack lets us in. While it doesn't (the app was taken out, its token revoked), the workspace is paused: what
is to be said waits, and is said once we are back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.errors import GatewayError, SlackRefused
from bot.gateways.slack import SlackGateway
from storage import backlog, cards, cursors, members, outbox, pace, workspaces
from storage.database import Database
from storage.models import Workspace

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
"""Slack's errors for a token that isn't accepted."""

CURE = "install the app again and set SLACK_BOT_TOKEN"

WORTH_TELLING = 60.0
"""Seconds; of a shorter pause nobody is told: a token that is exchanged while processes restart makes such."""

UNTOLD = "access.untold"
"""Under this name is remembered what an admin is still to be told."""

_ASKED = 20

_log = structlog.get_logger()


class AccessService:
    """Ends a workspace's pause. Card workers begin it (`storage.workspaces.pause`)."""

    def __init__(
        self, db: Database, slack: SlackGateway, team_id: str, clock: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        """`wake` is called when cards may be sent again."""
        self._db = db
        self._slack = slack
        self._team_id = team_id
        self._clock = clock
        self._wake = wake

    async def check(self) -> bool:
        """Asks Slack, while the workspace is paused, whether it accepts our token by now; if so the pause ends, what
        waited goes out at once, and an admin is told. True when it has ended. Meant to be called every few seconds."""
        async with self._db.read() as session:
            workspace = await workspaces.get(session, self._team_id)
            untold = await cursors.get(session, self._team_id, UNTOLD)
        paused = workspace is not None and workspace.paused_since is not None
        ended = paused and await self._accepted() and await self._resume()
        if untold or ended:
            await self._tell_an_admin()
            self._wake()
        return ended

    async def _resume(self) -> bool:
        now = self._clock()
        async with self._db.begin() as session:
            was = await workspaces.resume(session, self._team_id)
            if was is None or was.paused_since is None:
                return False
            await pace.free(session, self._team_id, pace.WORKSPACE, now)
            await outbox.hasten(session, self._team_id, now)
            waiting = (await backlog.cards(session, self._team_id)).waiting
            seconds = now - was.paused_since
            if seconds >= WORTH_TELLING:
                await cursors.put(session, self._team_id, UNTOLD, _words(was, now, waiting), now)
        _log.info("workspace is back", paused_seconds=round(seconds), reason=was.pause_reason, cards=waiting)
        return True

    async def _accepted(self) -> bool:
        try:
            await self._slack.auth()
        except GatewayError:
            return False
        return True

    async def _tell_an_admin(self) -> None:
        """Whatever is still to be told. When Slack stumbles, the next check tries again."""
        try:
            user_id = await self._admin()
            channel_id = await self._slack.dm(user_id) if user_id else None
        except GatewayError as error:
            _log.warning("nobody was told of the pause yet", reason=str(error))
            return
        async with self._db.begin() as session:
            words = await cursors.take(session, self._team_id, UNTOLD)
            if words and channel_id:
                cards.say(session, self._team_id, channel_id, words, self._clock())
        if words and channel_id is None:
            _log.warning("nobody was told of the pause", reason="nobody who has used Paylink is still here")

    async def _admin(self) -> str | None:
        """Of those who used Paylink last an admin; where none of them is, the last who may edit links."""
        async with self._db.read() as session:
            known = [member.user_id for member in await members.latest(session, self._team_id, _ASKED)]
        here = []
        for user_id in known:
            user = await self._user(user_id)
            if user is None or user.get("deleted"):
                continue
            if user.get("is_admin") or user.get("is_owner"):
                return user_id
            here.append(user_id)
        return here[0] if here else None

    async def _user(self, user_id: str) -> dict[str, Any] | None:
        """None for somebody whom Slack doesn't show us: who was removed, or came from another workspace."""
        try:
            return await self._slack.user(user_id)
        except SlackRefused as refused:
            if refused.code in NO_ACCESS:
                raise
            return None


def _words(was: Workspace, now: float, waiting: int) -> str:
    since, until = (datetime.fromtimestamp(at, UTC) for at in (was.paused_since or now, now))
    messages = "1 message that waited is" if waiting == 1 else f"{waiting:,} messages that waited are"
    return (
        f"Paylink can post again. From {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC Slack didn't accept its "
        f"token ({was.pause_reason}). No payment was lost: {messages} being posted now."
    )
