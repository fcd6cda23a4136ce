"""How a Web API method is declared, and what several of them need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Channel, Team

T = TypeVar("T")
Handler = Callable[[Engine, Team, Args], Json]


@dataclass(frozen=True)
class Method:
    """One method: what it does, and one of which scopes it needs (none: any token will do)."""

    run: Handler
    scopes: tuple[str, ...] = ()
    token: Literal["bot", "app", "none"] = "bot"


def need(engine: Engine, *scopes: str) -> None:
    """`missing_scope` unless the app has at least one of these."""
    if scopes and not engine.app.scopes.intersection(scopes):
        provided = ",".join(sorted(engine.app.scopes))
        raise SlackError("missing_scope", f"needs {' or '.join(scopes)}", needed=",".join(scopes), provided=provided)


def kind_of(channel: Channel) -> str:
    """The word for this kind of conversation in scopes: `channels`, `groups` or `im`."""
    return "im" if channel.is_im else "groups" if channel.is_private else "channels"


def visible(team: Team, key: str) -> Channel:
    """A conversation the app can know of; a private channel without the app doesn't exist for it."""
    if key not in team.channels:
        raise SlackError("channel_not_found", f"no conversation {key!r}")
    channel = team.channels[key]
    if (channel.is_private or channel.is_im) and not team.app_is_in(channel):
        raise SlackError("channel_not_found", f"the app is not in #{channel.name}; /invite it")
    return channel


def postable(engine: Engine, team: Team, key: str) -> Channel:
    """A conversation the app may post to, by id, `#name`, or a person's id for their direct message."""
    if key.startswith("#"):
        key = team.channel(key).id
    elif key in team.users:
        key = team.dm(key).id
    channel = visible(team, key)
    if channel.is_archived:
        raise SlackError("is_archived", f"#{channel.name} is archived")
    if not team.app_is_in(channel) and "chat:write.public" not in engine.app.scopes:
        raise SlackError("not_in_channel", f"the app is not in #{channel.name}; /invite it")
    return channel


def page(items: Sequence[T], args: Args, default: int, most: int) -> tuple[list[T], Json]:
    """One page of a list by `cursor` and `limit`, and the `response_metadata` that leads to the next."""
    limit = args.number("limit", default, 1, most)
    cursor = args.optional("cursor")
    if cursor is not None and not cursor.isdigit():
        raise SlackError("invalid_cursor", f"no such cursor {cursor!r}")
    start = int(cursor or 0)
    more = start + limit < len(items)
    return list(items[start : start + limit]), {"next_cursor": str(start + limit) if more else ""}
