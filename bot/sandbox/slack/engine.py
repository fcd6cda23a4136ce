"""The parts of the sandbox Slack put together, and the questions that several of them ask."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.slack import cast
from bot.sandbox.slack.app import DEFAULT_MANIFEST, App
from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.files import Files
from bot.sandbox.slack.ids import Ids, digest
from bot.sandbox.slack.kinds import Clock, Json
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.messages import Messages
from bot.sandbox.slack.modals import Views
from bot.sandbox.slack.outgoing.http import HttpSender
from bot.sandbox.slack.outgoing.line import Line
from bot.sandbox.slack.outgoing.socket import SocketHub
from bot.sandbox.slack.triggers import ResponseUrls, Triggers
from bot.sandbox.slack.workspace import Channel, Team, User


@dataclass(frozen=True)
class Call:
    """One call of the Web API: `error` is Slack's code, `None` when it was `ok`. The token isn't kept.

    It was done `at` this moment, and had come `held` seconds before.
    """

    method: str
    args: Json
    team_id: str | None
    error: str | None
    at: float
    held: float = 0.0


class Engine:
    """Everything the sandbox knows. The Web API, the page's endpoints and persons all work on this."""

    def __init__(self, manifest: Mapping[str, Any] | None = None, clock: Clock = time.time) -> None:
        self.clock = clock
        self.ids = Ids(clock)
        self.app = App.from_manifest(self.ids.new("A"), manifest or DEFAULT_MANIFEST)
        self.signing_secret = digest("signing secret", 1)
        self.app_token = f"xapp-1-{self.app.id}-000000000001-{digest('app token', 1)}"
        self.changes = Changes()
        self.limits = Limits(clock)
        self.triggers = Triggers(clock, self.ids)
        self.response_urls = ResponseUrls(clock, self.ids)
        self.messages = Messages(self.ids, self.changes)
        self.views = Views(self.ids, self.changes, self.app.id)
        self.faults = Faults(lambda status: {"ok": False, "error": _FAULTS.get(status, "internal_error")})
        self.line = Line(HttpSender(self.signing_secret, clock), SocketHub(self.ids, self.changes, self.app.id))
        self.calls: list[Call] = []
        self.app_errors: list[AppError] = []
        self.teams: dict[str, Team] = {}
        self.files = Files(self.ids, clock)
        self.base = ""

    def add_team(self, name: str, domain: str, *, first: bool = False) -> Team:
        """Another workspace with the app installed."""
        people, rooms = (cast.ACME_PEOPLE, cast.ACME_ROOMS) if first else (cast.OTHER_PEOPLE, cast.OTHER_ROOMS)
        team = cast.found_team(self.ids, name, domain, self.app.name, people, rooms)
        self.teams[team.id] = team
        return team

    def add_channel(self, team: Team, name: str) -> Channel:
        """Another public channel with everyone of the workspace's own and the app in it."""
        return cast.open_room(self.ids, team, cast.Room(name, ""))

    def listen_at(self, base: str) -> None:
        """Take note of the sandbox's own URL."""
        self.base = self.response_urls.base = self.line.sockets.base = self.files.base = base

    def who(self, user_id: str) -> tuple[Team, User]:
        """A person, and the workspace in which they use the app."""
        for team in self.teams.values():
            if user := team.users.get(user_id):
                return team, user
        raise SlackError("user_not_found", f"no user {user_id!r}")

    def channel_for(self, user_id: str, channel_id: str) -> tuple[Team, User, Channel]:
        """A person and a conversation they are in; `channel_not_found` otherwise."""
        team, user = self.who(user_id)
        channel = team.channel(channel_id)
        if user.id not in channel.members:
            raise SlackError("channel_not_found", f"{user.name} is not in {channel.name or channel.id}")
        return team, user, channel

    def blame(self, error: AppError) -> AppError:
        """Take note of what the app did wrong, for whoever asks later."""
        self.app_errors.append(error)
        self.changes.wake()
        return error


_FAULTS = {429: "ratelimited", 503: "service_unavailable"}
