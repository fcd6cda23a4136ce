"""A person at the sandbox's Slack, for tests: they do what a person at the page does, by the same functions."""

import copy
from collections.abc import Mapping
from typing import Any

from bot.sandbox.slack import screen, typing_in
from bot.sandbox.slack.acts import actions, commands, forms, options, shortcuts, talking
from bot.sandbox.slack.blocks.state import options_of
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.screen import Spot
from bot.sandbox.slack.workspace import Channel, Team, User

Message = str | Mapping[str, Any] | None
"""A message by its `ts` or as an object; `None` is the latest that fits."""


class Person:
    """One person, and what they see and do.

    Every act returns when the app has acknowledged it, and raises `SlackError` when Slack would not let a person do
    it, or `AppError` when the app failed.
    """

    def __init__(self, engine: Engine, team: Team, user: User) -> None:
        self._engine = engine
        self.team = team
        self.user = user
        self.confirmed: list[Json] = []
        """The confirm dialogs that this person has seen, as the app sent them."""

    @property
    def id(self) -> str:
        """The user id."""
        return self.user.id

    @property
    def stack(self) -> list[Json]:
        """All open modals as Slack's view objects with `errors` by `block_id`, the top one last."""
        return [copy.deepcopy(view.page()) for view in self._engine.views.stack(self.id)]

    @property
    def modal(self) -> Json | None:
        """The modal on top."""
        return stack[-1] if (stack := self.stack) else None

    @property
    def home(self) -> Json | None:
        """The App Home, once the app has published it."""
        view = self._engine.views.home(self.id)
        return copy.deepcopy(view.page()) if view else None

    def sees(self, channel: str | None = None) -> list[Json]:
        """The messages of a channel (`None`: of the app's direct message), ephemeral ones included, oldest first."""
        return [one.payload() for one in self._engine.messages.seen_by(self._channel(channel), self.id)]

    def ephemerals(self, channel: str | None = None) -> list[Json]:
        """The messages that only this person sees."""
        return [message for message in self.sees(channel) if message.get("ephemeral")]

    async def command(self, line: str, channel: str | None = None, *, thread_ts: str | None = None) -> None:
        """Type a slash command (`channel=None`: in the app's direct message)."""
        await commands.run_command(self._engine, self.id, self._channel(channel).id, line, thread_ts)

    async def shortcut(self, callback_id: str, *, channel: str | None = None, message: Message = None) -> None:
        """Use a global shortcut, or with a `message` of a channel a message shortcut."""
        if message is None:
            await shortcuts.run_shortcut(self._engine, self.id, callback_id)
        else:
            where = (self._channel(channel).id, _ts(message))
            await shortcuts.run_shortcut(self._engine, self.id, callback_id, *where)

    async def open_home(self) -> None:
        """Open the app's Home tab; returns when the app has acknowledged the event, or failed once."""
        await talking.open_home(self._engine, self.id)

    def say(self, text: str, channel: str | None = None, *, thread_ts: str | None = None) -> Json:
        """Write a message; returns it."""
        return talking.write(self._engine, self.id, self._channel(channel).id, text, thread_ts)

    async def invite_app(self, channel: str) -> None:
        """`/invite` the app."""
        await talking.invite_app(self._engine, self.id, self._channel(channel).id)

    async def fill(self, answers: Mapping[str, Any]) -> None:
        """Fill inputs of the modal on top, named by label, `block_id` or `action_id`.

        Texts and numbers as strings, options by their text, several as a list, people and channels by name, dates as
        `YYYY-MM-DD`; `None` empties. Inputs that dispatch are dispatched one after the other.
        """
        for name, value in answers.items():
            spot = screen.find(self._top().blocks, name, inputs=True)
            await self._choose(self._place(), spot, value, dispatch=typing_in.dispatches(spot))

    async def enter(self, name: str, value: str) -> None:
        """Fill a text input that dispatches, and press Enter in it."""
        spot = screen.find(self._top().blocks, name, inputs=True)
        await self._choose(self._place(), spot, value, dispatch=True)

    async def press(
        self,
        name: str,
        *,
        channel: str | None = None,
        message: Message = None,
        block: str | None = None,
        home: bool = False,
        confirm: bool = True,
    ) -> None:
        """Press a button by its text or `action_id`: in the modal, on a message of a channel, or in the home.

        Without `message` it is the latest message of the channel that has the button. `block` (a `block_id`, or the
        text of the block) tells buttons of one name apart. A confirm dialog is noted in `confirmed` and answered as
        `confirm` says.
        """
        container = self._place(channel, message, home=home, name=name)
        spot = screen.find(self._blocks(container), name, block=block)
        if spot.element["type"] != "button":
            raise SlackError("not_on_screen", f"{name!r} is not a button but {spot.element['type']}")
        await self._act(container, spot, {}, confirm=confirm)

    async def pick(
        self,
        name: str,
        *choices: str,
        channel: str | None = None,
        message: Message = None,
        block: str | None = None,
        home: bool = False,
        confirm: bool = True,
    ) -> None:
        """Choose in a select, an overflow menu, radio buttons or checkboxes; several choices where several may be.

        The app hears of it where Slack tells it: outside input blocks, and in those with `dispatch_action`.
        """
        container = self._place(channel, message, home=home, name=name)
        spot = screen.find(self._blocks(container), name, block=block)
        if spot.element["type"] == "overflow":
            await self._act(container, spot, {"selected_option": spot.option(choices[0])}, confirm=confirm)
            return
        value = list(choices) if typing_in.takes_many(spot) else choices[0]
        await self._choose(container, spot, value, dispatch=typing_in.dispatches(spot), confirm=confirm)

    async def search(self, name: str, query: str, *, channel: str | None = None, message: Message = None) -> list[Json]:
        """Type into an external select; returns the options that the app offers, those of groups in one list."""
        container = self._place(channel, message, name=name)
        return await self._search(container, screen.find(self._blocks(container), name), query)

    async def submit(self) -> dict[str, str]:
        """Submit the modal on top; returns the errors at its fields by `block_id`, `{}` when it was accepted."""
        return await forms.submit(self._engine, self.id, self._top().id)

    async def close(self, *, clear: bool = False) -> None:
        """Cancel the modal on top, or with `clear` close the whole stack."""
        await forms.close(self._engine, self.id, self._top().id, clear=clear)

    def _top(self) -> View:
        stack = self._engine.views.stack(self.id)
        if not stack:
            raise SlackError("not_on_screen", f"{self.user.name} has no modal open")
        return stack[-1]

    def _channel(self, name: str | None) -> Channel:
        return self.team.dm(self.id) if name is None else self.team.channel(name)

    def _place(
        self,
        channel: str | None = None,
        message: Message = None,
        *,
        home: bool = False,
        name: str | None = None,
    ) -> Json:
        if home:
            view = self._engine.views.home(self.id)
            if view is None:
                raise SlackError("not_on_screen", "the app has published no home")
            return {"type": "view", "view_id": view.id}
        if channel is None and message is None:
            return {"type": "view", "view_id": self._top().id}
        where = self._channel(channel)
        ts = _ts(message) if message is not None else self._latest_with(where, str(name))
        return {"type": "message", "channel": where.id, "ts": ts}

    def _latest_with(self, channel: Channel, name: str) -> str:
        for posted in reversed(self._engine.messages.seen_by(channel, self.id)):
            if any(name in spot.names for spot in screen.spots(posted.message.get("blocks", []))):
                return str(posted.message["ts"])
        raise SlackError("not_on_screen", f"no message with {name!r} in #{channel.name}")

    def _blocks(self, container: Json) -> list[Json]:
        if container["type"] == "view":
            return self._engine.views.find(container["view_id"]).blocks
        channel = self.team.channels[container["channel"]]
        blocks: list[Json] = self._engine.messages.find(channel, container["ts"]).message.get("blocks", [])
        return blocks

    async def _choose(self, container: Json, spot: Spot, value: Any, *, dispatch: bool, confirm: bool = True) -> None:
        """Set an element's value: only in the form, or with word to the app."""
        if typing_in.is_external(spot):
            offered = [
                option for word in typing_in.words(value) for option in await self._search(container, spot, word)
            ]
            state = typing_in.external(spot, value, offered)
        else:
            state = typing_in.state(self.team, spot, value)
        if dispatch:
            await self._act(container, spot, state, confirm=confirm)
        elif container["type"] == "view":
            where = {spot.block["block_id"]: {spot.element["action_id"]: state}}
            self._engine.views.enter(self._engine.views.find(container["view_id"]), where)

    async def _search(self, container: Json, spot: Spot, query: str) -> list[Json]:
        where = (spot.block["block_id"], spot.element["action_id"])
        answer = await options.suggest(self._engine, self.id, container, *where, query)
        return options_of(answer)

    async def _act(self, container: Json, spot: Spot, fields: Json, *, confirm: bool) -> None:
        dialog = spot.element.get("confirm")
        if dialog is not None:
            self.confirmed.append(dialog)
            if not confirm:
                return
        where = (spot.block["block_id"], spot.element["action_id"])
        await actions.act(self._engine, self.id, container, *where, fields)


def _ts(message: str | Mapping[str, Any]) -> str:
    return message if isinstance(message, str) else str(message["ts"])
