"""The people of the workspace, as Slack knows them."""

from collections.abc import Callable, Mapping
from typing import Any

from structlog import get_logger

from bot.errors import GatewayError, SlackRefused
from bot.gateways.slack import SlackGateway
from bot.services.actors import Actor
from storage import members
from storage.database import Database
from storage.models import Member

TTL_SECONDS = 600.0
REMEMBERED = 1000
"""How many people a process remembers without asking the database."""

_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
_log = get_logger()


class MemberService:
    """Answers who somebody is; asks Slack at most once in `TTL_SECONDS` for each person."""

    def __init__(self, db: Database, slack: SlackGateway, team_id: str, clock: Callable[[], float]) -> None:
        self._db = db
        self._slack = slack
        self._team_id = team_id
        self._clock = clock
        self._remembered: dict[str, tuple[Actor, float]] = {}

    async def actor(self, user_id: str) -> Actor:
        """The person. When Slack can't be asked: as last known, and a stranger (who may not edit) when never seen."""
        remembered = self._remembered.get(user_id)
        if remembered is not None and self._is_fresh(remembered[1]):
            return remembered[0]
        async with self._db.read() as session:
            known = await members.get(session, self._team_id, user_id)
        if known is not None and self._is_fresh(known.checked_at):
            return self._remember(known)
        try:
            asked = _member(self._team_id, await self._slack.user(user_id), self._clock())
        except GatewayError as error:
            if isinstance(error, SlackRefused) and error.code in _NOBODY:
                return _stranger(self._team_id, user_id)
            _log.warning("member_not_asked", user=user_id, error=type(error).__name__)
            return _actor(known) if known is not None else _stranger(self._team_id, user_id)
        async with self._db.begin() as session:
            await members.put(session, asked)
        return self._remember(asked)

    def _is_fresh(self, checked_at: float) -> bool:
        return self._clock() - checked_at < TTL_SECONDS

    def _remember(self, member: Member) -> Actor:
        self._remembered.pop(member.user_id, None)
        if len(self._remembered) >= REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[member.user_id] = (_actor(member), member.checked_at)
        return _actor(member)


def _member(team_id: str, user: Mapping[str, Any], now: float) -> Member:
    profile = user.get("profile") or {}
    name = profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    return Member(
        team_id=team_id,
        user_id=user["id"],
        name=name or user["id"],
        locale=(user.get("locale") or "en-US").replace("-", "_"),
        may_edit=_may_edit(team_id, user),
        checked_at=now,
    )


def _may_edit(team_id: str, user: Mapping[str, Any]) -> bool:
    """Full members only. On Enterprise Grid a person's `team_id` may be another workspace of the same organisation;
    `enterprise_user.teams` then lists ours (Slack, "The user object")."""
    outside = ("is_bot", "is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
    teams = {user.get("team_id"), *(user.get("enterprise_user") or {}).get("teams", ())}
    return team_id in teams and not any(user.get(flag) for flag in outside) and user["id"] != "USLACKBOT"


def _actor(member: Member) -> Actor:
    return Actor(member.team_id, member.user_id, member.name, member.locale, member.may_edit)


def _stranger(team_id: str, user_id: str) -> Actor:
    return Actor(team_id, user_id, user_id, "en_US", may_edit=False)
