"""Views: each person's stack of modals, and their App Home ("Modals", "App Home", docs.slack.dev)."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.blocks.check import check_view
from bot.sandbox.slack.blocks.complete import complete
from bot.sandbox.slack.blocks.state import Values, enter, initial_values
from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Team, User

STACK_LIMIT = 3


@dataclass
class View:
    """One view: as the app sent it (`sent`), and what Slack and the person added."""

    id: str
    team: Team
    user: User
    app_id: str
    sent: Json
    channel_id: str | None = None
    root_id: str = ""
    previous_id: str | None = None
    hash: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    """What a refused submit left at the fields, by `block_id`."""

    @property
    def blocks(self) -> list[Json]:
        """The blocks, all of them with ids."""
        blocks: list[Json] = self.sent["blocks"]
        return blocks

    def payload(self) -> Json:
        """Slack's view object."""
        sent = self.sent
        return {
            "id": self.id,
            "team_id": self.user.team_id,
            "type": sent["type"],
            "blocks": sent["blocks"],
            "private_metadata": sent.get("private_metadata", ""),
            "callback_id": sent.get("callback_id", ""),
            "state": {"values": self.values},
            "hash": self.hash,
            "title": sent.get("title"),
            "clear_on_close": sent.get("clear_on_close", False),
            "notify_on_close": sent.get("notify_on_close", False),
            "close": sent.get("close"),
            "submit": sent.get("submit"),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "app_id": self.app_id,
            "external_id": sent.get("external_id", ""),
            "app_installed_team_id": self.team.id,
            "bot_id": self.team.bot_id,
        }

    def page(self) -> Json:
        """The view as the sandbox's page wants it."""
        return {**self.payload(), "errors": self.errors}


class Views:
    """All views open in the sandbox."""

    def __init__(self, ids: Ids, changes: Changes, app_id: str) -> None:
        self._ids = ids
        self._changes = changes
        self._app_id = app_id
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def stack(self, user_id: str) -> list[View]:
        """The person's modals, the top one last."""
        return list(self._stacks.get(user_id, ()))

    def home(self, user_id: str) -> View | None:
        """The person's App Home, once published."""
        return self._homes.get(user_id)

    def open(self, team: Team, user: User, definition: Any, channel_id: str | None) -> View:
        """Open a modal as the person's only one."""
        view = self._new(team, user, check_view(definition, "modal"), channel_id)
        view.root_id = view.id
        self._stacks[user.id] = [view]
        self.show(user.id)
        return view

    def push(self, below: View, definition: Any) -> View:
        """Put a modal on top of the person's stack; `below` must be the top one."""
        self.check_room(below)
        view = self._new(below.team, below.user, check_view(definition, "modal"), below.channel_id)
        view.root_id, view.previous_id = below.root_id, below.id
        self._stacks[below.user.id].append(view)
        self.show(below.user.id)
        return view

    def check_room(self, below: View) -> None:
        """`push_limit_reached` when the stack is full, `not_found` when it has changed meanwhile."""
        stack = self._stacks.get(below.user.id, [])
        if below not in stack:
            raise SlackError("not_found", "the modal has been closed")
        if stack[-1] is not below:
            raise SlackError("push_limit_reached", "another modal is already on top")
        if len(stack) >= STACK_LIMIT:
            raise SlackError("push_limit_reached", f"at most {STACK_LIMIT} modals at once")

    def update(self, view: View, definition: Any, view_hash: object = None) -> View:
        """Replace what is in a view; `hash_conflict` when `view_hash` is given and no longer the view's."""
        if view_hash is not None and view_hash != view.hash:
            raise SlackError("hash_conflict", "the view has changed since this hash")
        self._replace(view, check_view(definition, view.sent["type"]))
        self.show(view.user.id, home=view.sent["type"] == "home")
        return view

    def publish(self, team: Team, user: User, definition: Any, view_hash: object = None) -> View:
        """Set the person's App Home."""
        if current := self._homes.get(user.id):
            return self.update(current, definition, view_hash)
        view = self._new(team, user, check_view(definition, "home"), None)
        view.root_id = view.id
        self._homes[user.id] = view
        self.show(user.id, home=True)
        return view

    def find(self, view_id: object = None, external_id: object = None, team_id: str = "") -> View:
        """The open view of this id; `not_found` when it isn't open (any more)."""
        for view in self._all():
            by_name = external_id and external_id == view.sent.get("external_id")
            if (view.id == view_id or by_name) and team_id in ("", view.team.id):
                return view
        raise SlackError("not_found", f"no open view {view_id or external_id!r}")

    def close(self, view: View) -> None:
        """Take one modal, and whatever is on top of it, off the stack."""
        stack = self._stacks[view.user.id]
        del stack[stack.index(view) :]
        self.show(view.user.id)

    def clear(self, user_id: str) -> list[View]:
        """Close all modals of a person and return them, the top one last."""
        closed = self._stacks.pop(user_id, [])
        self.show(user_id)
        return closed

    def enter(self, view: View, given: Any) -> None:
        """Take over what the person typed and chose; see `blocks.state.enter`."""
        view.values = enter(view.blocks, view.values, given)

    def refuse(self, view: View, errors: dict[str, str]) -> None:
        """Show errors at the fields."""
        view.errors = errors
        self.show(view.user.id)

    def show(self, user_id: str, *, home: bool = False) -> None:
        """Tell the person's tabs."""
        if home and (view := self._homes.get(user_id)):
            self._changes.tell([user_id], {"type": "home", "view": view.page()})
        else:
            stack = [view.page() for view in self.stack(user_id)]
            self._changes.tell([user_id], {"type": "views", "stack": stack})

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + list(self._homes.values())

    def _new(self, team: Team, user: User, definition: Json, channel_id: str | None) -> View:
        self._check_external_id(definition, team, None)
        view = View(self._ids.new("V"), team, user, self._app_id, {}, channel_id)
        self._fill(view, definition)
        return view

    def _replace(self, view: View, definition: Json) -> None:
        self._check_external_id(definition, view.team, view)
        self._fill(view, definition)

    def _fill(self, view: View, definition: Json) -> None:
        view.sent = {**definition, "blocks": complete(definition["blocks"], self._ids)}
        view.values = initial_values(view.blocks, view.values, view.channel_id)
        view.hash = self._ids.view_hash()
        view.errors = {}

    def _check_external_id(self, definition: Json, team: Team, own: View | None) -> None:
        name = definition.get("external_id")
        taken = (view for view in self._all() if view.team is team and view is not own)
        if name and any(view.sent.get("external_id") == name for view in taken):
            raise SlackError("duplicate_external_id", f"external_id {name!r} is in use")
