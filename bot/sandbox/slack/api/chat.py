"""`chat.*`."""

from bot.sandbox.slack.acts.responses import content
from bot.sandbox.slack.api.args import Args
from bot.sandbox.slack.api.method import Method, need, postable, visible
from bot.sandbox.slack.blocks.check import check_metadata
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.messages import Posted
from bot.sandbox.slack.workspace import Channel, Team

_CUSTOM_AUTHOR = ("username", "icon_url", "icon_emoji")


def _content(args: Args, *, had_text: bool = False) -> Json:
    body = {"text": args.given.get("text"), "blocks": args.json("blocks") if "blocks" in args.given else None}
    if "blocks" in args.given and body["blocks"] is None and had_text:
        body["blocks"] = []
    return content(body | {"attachments": args.json("attachments")}, had_text=had_text)


def _metadata(args: Args) -> Json | None:
    metadata = args.json("metadata")
    return check_metadata(metadata) if metadata else None


def _post(engine: Engine, team: Team, args: Args) -> Json:
    channel = postable(engine, team, args.text("channel"))
    parts = _content(args)
    metadata = _metadata(args)
    if any(args.given.get(name) for name in _CUSTOM_AUTHOR):
        need(engine, "chat:write.customize")
    thread_ts = args.optional("thread_ts")
    if thread_ts:
        _thread(engine, channel, thread_ts)
    broadcast = bool(thread_ts and args.flag("reply_broadcast"))
    engine.limits.post(channel.id, team.id)
    posted = engine.messages.add(
        channel,
        engine.messages.from_app(team, engine.app.id),
        parts["text"],
        blocks=parts["blocks"],
        thread_ts=thread_ts,
        metadata=metadata,
        reply_broadcast=broadcast,
        subtype="thread_broadcast" if broadcast else None,
    )
    return {"channel": channel.id, "ts": posted.message["ts"], "message": posted.payload()}


def _thread(engine: Engine, channel: Channel, thread_ts: str) -> None:
    try:
        parent = engine.messages.find(channel, thread_ts)
    except SlackError:
        raise SlackError("thread_not_found", f"no message {thread_ts} to reply to") from None
    if parent.message.get("thread_ts", thread_ts) != thread_ts:
        raise SlackError("thread_not_found", f"{thread_ts} is itself a reply")


def _own(engine: Engine, team: Team, channel: Channel, ts: str, refusal: str) -> Posted:
    posted = engine.messages.find(channel, ts)
    if posted.only_for:
        raise SlackError("message_not_found", "ephemeral messages can't be changed by the Web API")
    if posted.message.get("bot_id") != team.bot_id:
        raise SlackError(refusal, "this message is someone else's")
    return posted


def _update(engine: Engine, team: Team, args: Args) -> Json:
    channel = visible(team, args.text("channel"))
    ts = args.text("ts")
    if channel.is_archived:
        raise SlackError("is_archived", f"#{channel.name} is archived")
    _own(engine, team, channel, ts, "cant_update_message")
    parts = {key: value for key, value in _content(args, had_text=True).items() if value is not None}
    if "metadata" in args.given:
        parts["metadata"] = _metadata(args)
    if not parts:
        raise SlackError("no_text", "nothing to change")
    edited = {"edited": {"user": team.bot_user_id, "ts": engine.ids.ts()}}
    posted = engine.messages.change(channel, ts, parts | edited)
    text = posted.message["text"]
    return {"channel": channel.id, "ts": ts, "text": text, "message": posted.payload()}


def _delete(engine: Engine, team: Team, args: Args) -> Json:
    channel, ts = visible(team, args.text("channel")), args.text("ts")
    _own(engine, team, channel, ts, "cant_delete_message")
    engine.messages.remove(channel, ts)
    return {"channel": channel.id, "ts": ts}


def _post_ephemeral(engine: Engine, team: Team, args: Args) -> Json:
    channel = postable(engine, team, args.text("channel"))
    user = team.user(args.text("user"))
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel", f"{user.name} is not in this channel")
    parts = _content(args)
    posted = engine.messages.add(
        channel,
        engine.messages.from_app(team, engine.app.id),
        parts["text"],
        blocks=parts["blocks"],
        only_for=user.id,
        thread_ts=args.optional("thread_ts"),
    )
    return {"message_ts": posted.message["ts"]}


def _permalink(engine: Engine, team: Team, args: Args) -> Json:
    channel = visible(team, args.text("channel"))
    ts = engine.messages.find(channel, args.text("message_ts")).message["ts"]
    url = f"{engine.base}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": url}


METHODS = {
    "chat.postMessage": Method(_post, ("chat:write",)),
    "chat.update": Method(_update, ("chat:write",)),
    "chat.delete": Method(_delete, ("chat:write",)),
    "chat.postEphemeral": Method(_post_ephemeral, ("chat:write",)),
    "chat.getPermalink": Method(_permalink),
}
