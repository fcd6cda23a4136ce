"""`conversations.*` and `users.conversations`."""

from bot.sandbox.slack.acts.talking import join
from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.api.method import Method, kind_of, need, page, visible
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.messages import Posted
from bot.sandbox.slack.workspace import Channel, Team

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_TYPES = {"channels": "public_channel", "groups": "private_channel", "im": "im"}


def _channel(engine: Engine, team: Team, args: Args, right: str) -> Channel:
    channel = visible(team, args.text("channel"))
    need(engine, f"{kind_of(channel)}:{right}")
    return channel


def _open(engine: Engine, team: Team, args: Args) -> Json:
    users = args.words("users")
    if not users and args.optional("channel"):
        return {"channel": visible(team, args.text("channel")).payload(team.bot_user_id)}
    if len(users) != 1:
        raise SlackError("invalid_arguments", "the sandbox opens direct messages with one person")
    dm = team.dm(team.user(users[0]).id)
    short = dm.payload(team.bot_user_id) if args.flag("return_im") else {"id": dm.id}
    return {"no_op": True, "already_open": True, "channel": short}


def _info(engine: Engine, team: Team, args: Args) -> Json:
    channel = _channel(engine, team, args, "read")
    payload = channel.payload(team.bot_user_id)
    count = {"num_members": len(channel.members)} if args.flag("include_num_members") else {}
    return {"channel": payload | count}


def _history(engine: Engine, team: Team, args: Args) -> Json:
    channel = _channel(engine, team, args, "history")
    if not team.app_is_in(channel):
        raise SlackError("not_in_channel", f"the app is not in #{channel.name}")
    posted = [
        one
        for one in engine.messages.seen_by(channel, None)
        if one.message.get("thread_ts", one.message["ts"]) == one.message["ts"] or one.message.get("reply_broadcast")
    ]
    return _messages(list(reversed(posted)), args)


def _replies(engine: Engine, team: Team, args: Args) -> Json:
    channel = _channel(engine, team, args, "history")
    if not team.app_is_in(channel):
        raise SlackError("not_in_channel", f"the app is not in #{channel.name}")
    thread = engine.messages.thread(channel, args.text("ts"))
    if not thread:
        raise SlackError("thread_not_found", f"no message {args.text('ts')}")
    return _messages(thread, args)


def _messages(posted: list[Posted], args: Args) -> Json:
    oldest, latest = _ts(args, "oldest", "0"), _ts(args, "latest", "inf")
    inclusive = args.flag("inclusive")

    def within(ts: str) -> bool:
        if ts in (oldest, latest):
            return inclusive
        return float(oldest) < float(ts) < float(latest)

    chosen, metadata = page([one for one in posted if within(one.message["ts"])], args, 100, 999)
    include = args.flag("include_all_metadata")
    return {
        "messages": [one.payload(metadata=include) for one in chosen],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _ts(args: Args, name: str, default: str) -> str:
    value = args.optional(name) or default
    try:
        float(value)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}", f"not a timestamp: {value!r}") from None
    return value


def _join(engine: Engine, team: Team, args: Args) -> Json:
    channel = visible(team, args.text("channel"))
    if channel.is_private or channel.is_im:
        raise SlackError("method_not_supported_for_channel_type", "only public channels can be joined")
    if channel.is_archived:
        raise SlackError("is_archived", f"#{channel.name} is archived")
    warning = {"warning": "already_in_channel"} if team.app_is_in(channel) else {}
    if not warning:
        join(engine, team, channel)
    return {"channel": channel.payload(team.bot_user_id), **warning}


def _members(engine: Engine, team: Team, args: Args) -> Json:
    channel = _channel(engine, team, args, "read")
    members, metadata = page(channel.members, args, 100, 1000)
    return {"members": members, "response_metadata": metadata}


def _chosen(engine: Engine, args: Args, channels: list[Channel]) -> list[Channel]:
    types = args.words("types") or ["public_channel"]
    for kind, name in _TYPES.items():
        if name in types:
            need(engine, f"{kind}:read")
    if unknown := set(types) - {*_TYPES.values(), "mpim"}:
        raise SlackError("invalid_types", f"no such types: {sorted(unknown)}")
    archived = not args.flag("exclude_archived")
    return [c for c in channels if _TYPES[kind_of(c)] in types and (archived or not c.is_archived)]


def _listing(team: Team, args: Args, channels: list[Channel]) -> Json:
    chosen, metadata = page(channels, args, 100, 1000)
    return {"channels": [c.payload(team.bot_user_id) for c in chosen], "response_metadata": metadata}


def _list(engine: Engine, team: Team, args: Args) -> Json:
    known = [c for c in team.channels.values() if team.app_is_in(c) or not (c.is_private or c.is_im)]
    return _listing(team, args, _chosen(engine, args, known))


def _of_user(engine: Engine, team: Team, args: Args) -> Json:
    user = team.user(args.optional("user") or team.bot_user_id)
    shared = [c for c in team.channels_of(user.id) if team.app_is_in(c) or not (c.is_private or c.is_im)]
    return _listing(team, args, _chosen(engine, args, shared))


METHODS = {
    "conversations.open": Method(_open, ("im:write",)),
    "conversations.info": Method(_info, _READ),
    "conversations.history": Method(_history, _HISTORY),
    "conversations.replies": Method(_replies, _HISTORY),
    "conversations.join": Method(_join, ("channels:join",)),
    "conversations.members": Method(_members, _READ),
    "conversations.list": Method(_list, _READ),
    "users.conversations": Method(_of_user, _READ),
}
