"""The sandbox Slack: start it, point the app and a browser at it, and look at what stands in it."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.sandbox.faults import Faults
from bot.sandbox.slack import screen
from bot.sandbox.slack.acts import administering
from bot.sandbox.slack.api.files import MAX_FILE_BYTES
from bot.sandbox.slack.api.routes import WebApi
from bot.sandbox.slack.engine import Call, Engine
from bot.sandbox.slack.errors import AppError
from bot.sandbox.slack.kinds import Clock, Json
from bot.sandbox.slack.limits import Limits
from bot.sandbox.slack.mentions import Notification
from bot.sandbox.slack.outgoing.line import Line
from bot.sandbox.slack.page_api import PageApi
from bot.sandbox.slack.person import Person
from bot.sandbox.slack.workspace import Channel, Team

T = TypeVar("T")


class SlackSandbox:
    """Slack on this machine, as an async context manager.

    `manifest` is the app's manifest as a dict, `clock` gives seconds since 1970 for trigger ids, rate limits and
    timestamps. `port=0` takes any free port.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        manifest: Mapping[str, Any] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._engine = Engine(manifest, clock)
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None
        self._page = PageApi(self._engine)
        self.team = self._engine.add_team("Acme", "acme", first=True)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2 * MAX_FILE_BYTES, middlewares=[self._engine.faults.middleware])
        app.add_routes(WebApi(self._engine).routes())
        app.add_routes(self._page.routes())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        host, port = self._runner.addresses[0][:2]
        self._engine.listen_at(f"http://{host}:{port}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.changes.close()
        await self._engine.line.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where the page is."""
        return self._engine.base

    @property
    def api_url(self) -> str:
        """The Web API's base, for `AsyncWebClient(base_url=…)`."""
        return f"{self._engine.base}/api/"

    @property
    def engine(self) -> Engine:
        """What Persons act on, for tests that act otherwise than people can."""
        return self._engine

    @property
    def signing_secret(self) -> str:
        """For `AsyncApp(signing_secret=…)`."""
        return self._engine.signing_secret

    @property
    def bot_token(self) -> str:
        """The default workspace's `xoxb-` token; other workspaces have their own in `Team.bot_token`."""
        return self.team.bot_token

    @property
    def app_token(self) -> str:
        """The `xapp-` token for Socket Mode."""
        return self._engine.app_token

    @property
    def request_url(self) -> str | None:
        """Where commands, interactions and events go while no Socket Mode connection is open."""
        return self._engine.line.http.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self._engine.line.http.request_url = url

    @property
    def links(self) -> dict[str, str]:
        """Further pages that the page shows links to, such as `dashboard`. May be changed."""
        return self._page.links

    @property
    def faults(self) -> Faults:
        """Faults on demand, such as `faults.add("POST /api/chat.postMessage", "status", status=500)`."""
        return self._engine.faults

    @property
    def limits(self) -> Limits:
        """The rate limits, to tune or switch off, and how often they were broken (`limits.violations`)."""
        return self._engine.limits

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API, oldest first."""
        return self._engine.calls

    @property
    def line(self) -> Line:
        """What was sent to the app (`line.sent`), and the timing of it (`line.ack_seconds`, …)."""
        return self._engine.line

    @property
    def app_errors(self) -> list[AppError]:
        """Everything the app did wrong: late, missing or unusable answers."""
        return self._engine.app_errors

    @property
    def notified(self) -> list[Notification]:
        """Everyone whom a message of the app has notified by a mention."""
        return self._engine.messages.notified

    def add_team(self, name: str, domain: str) -> Team:
        """Another workspace with the app installed: Hedy, Alan, #general and #sales, and a bot token of its own."""
        return self._engine.add_team(name, domain)

    def add_channel(self, name: str, team: Team | None = None) -> Channel:
        """Another public channel with everyone of the workspace's own and the app in it."""
        return self._engine.add_channel(team or self.team, name)

    def person(self, name: str, team: Team | None = None) -> Person:
        """A person of a workspace, by name or id."""
        home = team or self.team
        return Person(self._engine, home, home.user(name))

    def channel(self, name: str, team: Team | None = None) -> Channel:
        """A channel, by name or id."""
        return (team or self.team).channel(name)

    def messages(self, channel: str, team: Team | None = None) -> list[Json]:
        """What stands in a channel for everyone, oldest first, as Slack's message objects with `metadata`."""
        found = self._engine.messages.seen_by(self.channel(channel, team), None)
        return [posted.payload() for posted in found]

    def direct_messages(self, name: str, team: Team | None = None) -> list[Json]:
        """What stands in the direct message between the app and a person, oldest first."""
        home = team or self.team
        dm = home.dm(home.user(name).id)
        return [posted.payload() for posted in self._engine.messages.seen_by(dm, None)]

    def file(self, file_id: str) -> bytes:
        """The content of a file that the app has uploaded."""
        return self._engine.files.find(file_id).content or b""

    async def until(self, condition: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109
        """Wait for a condition on what stands in Slack, looked at again after each change; returns its value.

        Raises `NeverHappened` after `timeout` seconds, with a description of every screen.
        """
        return await self._engine.changes.until(condition, timeout, lambda: screen.describe(self._engine))

    async def delivered(self) -> None:
        """Wait until no event is on its way to the app any more."""
        await self._engine.line.idle()

    def archive(self, channel: str, team: Team | None = None) -> None:
        """Archive a channel."""
        administering.archive(self._engine, team or self.team, self.channel(channel, team))

    def kick_app(self, channel: str, team: Team | None = None) -> None:
        """Remove the app from a channel."""
        administering.kick_app(self._engine, team or self.team, self.channel(channel, team))

    def revoke_token(self, team: Team | None = None) -> None:
        """Revoke a workspace's bot token."""
        administering.revoke_token(self._engine, team or self.team)

    def uninstall(self, team: Team | None = None) -> None:
        """Uninstall the app from a workspace."""
        administering.uninstall(self._engine, team or self.team)

    def reinstall(self, team: Team | None = None) -> str:
        """Install the app again; returns the new bot token."""
        return administering.reinstall(self._engine, team or self.team)
