"""A request from Slack, read: who, where, about what."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from pydantic import BaseModel, ValidationError

from bot.errors import Unreadable
from bot.gateways.slack import SlackGateway
from bot.services import Services
from bot.services.actors import Actor
from bot.slack.ids import Menu, read_menu
from bot.slack.listeners.background import Background

Json = dict[str, Any]
Memo = TypeVar("Memo", bound=BaseModel)
Known = TypeVar("Known")

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""How JSON writes what no database stores. (Two backslashes are one that is part of a text like others.)"""


class Said(dict[str, Any]):
    """A piece of Slack's payload; what isn't in it is Unreadable."""

    def __missing__(self, key: str) -> Any:
        raise Unreadable


def picked_from(known: Mapping[Any, Known], value: str) -> Known:
    """What a value that was picked stands for. Raises Unreadable."""
    if value not in known:
        raise Unreadable
    return known[value]


@dataclass(frozen=True, slots=True)
class FaceSettings:
    """What the Slack face has to know about this deployment.

    `currency` is that of an amount typed without one; `livemode` whether the Stripe key moves real money,
    `connect` whether Stripe Connect's options are offered.
    """

    team_id: str
    livemode: bool
    currency: str = "usd"
    connect: bool = False


@dataclass(frozen=True)
class Face:
    """What every listener works with."""

    services: Services
    slack: SlackGateway
    settings: FaceSettings
    background: Background = field(default_factory=Background)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def turn(self, draft_id: str) -> asyncio.Lock:
        """Changes of one draft happen one after the other, however fast somebody clicks."""
        return self._turns.setdefault(draft_id, asyncio.Lock())


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who may edit. `body` is Slack's payload as it came."""

    face: Face
    actor: Actor
    body: Json

    @property
    def trigger_id(self) -> str:
        return str(self.body["trigger_id"])

    @property
    def action(self) -> Json:
        """What was pressed or picked."""
        return Said(self.body["actions"][0])

    @property
    def picked(self) -> str:
        """The value of the option picked in a select or an overflow menu."""
        return str((self.action["selected_option"] or Said())["value"])

    @property
    def menu(self) -> tuple[Menu, str]:
        """What was picked in a row's overflow menu, and the row. Raises Unreadable."""
        try:
            return read_menu(self.picked)
        except ValueError:
            raise Unreadable from None

    @property
    def view(self) -> Json:
        """The view it happened in."""
        return Said(self.body["view"])

    @property
    def memo(self) -> str:
        """The view's `private_metadata`."""
        return str(self.view["private_metadata"])

    def read_memo(self, kind: type[Memo]) -> Memo:
        """The view's `private_metadata`, read. Raises Unreadable."""
        if _NUL.search(self.memo):
            raise Unreadable
        try:
            return kind.model_validate_json(self.memo)
        except ValidationError:
            raise Unreadable from None

    @property
    def state(self) -> Mapping[str, Any]:
        """The view's inputs: block id → action id → element state."""
        values: Mapping[str, Any] = Said(self.view["state"] or {})["values"]
        return Said({block: Said(elements) for block, elements in values.items()})

    @property
    def in_modal(self) -> bool:
        return modal(self.body) is not None

    @property
    def channel_id(self) -> str | None:
        """The channel it happened in, None for what has no channel."""
        channel = self.body.get("channel") or {}
        found = self.body.get("channel_id") or channel.get("id")
        return str(found) if found else None


def revised(memo: Memo, update: Mapping[str, Any]) -> Memo:
    """The memo with these fields as they are now in the view. Raises Unreadable."""
    try:
        return type(memo).model_validate({**memo.model_dump(), **update})
    except ValidationError:
        raise Unreadable from None


def user_id(body: Mapping[str, Any]) -> str:
    """Who it is, in commands, interactions and events alike."""
    if "user_id" in body:
        return str(body["user_id"])
    user = body.get("user") or body["event"]["user"]
    return str(user["id"] if isinstance(user, Mapping) else user)


def modal(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The modal it happened in, if any."""
    view: Mapping[str, Any] | None = body.get("view")
    return view if view and view["type"] == "modal" else None


def depth(view: Mapping[str, Any]) -> int:
    """How many modals are on top of each other up to this one: 1, 2 or 3."""
    if not view.get("previous_view_id"):
        return 1
    return 2 if view["previous_view_id"] == view.get("root_view_id") else 3
