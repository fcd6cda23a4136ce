"""Writing messages, opening the app's home, inviting the app."""

import asyncio
import re

from bot.sandbox.slack.acts.common import emit
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Channel, Team

_MENTION = re.compile(r"@([a-z][\w.-]*)")


def write(engine: Engine, user_id: str, channel_id: str, text: str, thread_ts: str | None = None) -> Json:
    """A person writes a message. What they type is escaped as Slack does, and `@name` becomes a mention."""
    team, user, channel = engine.channel_for(user_id, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived", "this channel is archived")
    if not text.strip():
        raise SlackError("no_text", "nothing to send")
    if engine.app.has_command(first := text.split(maxsplit=1)[0]):
        if thread_ts:
            raise SlackError("command_in_thread", f"{first} is not supported in threads. Sorry!")
        raise SlackError("is_command", f"{first} is a command, not a message")
    if thread_ts:
        engine.messages.find(channel, thread_ts)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    names = {member.name: member.id for member in team.users.values()}
    linked = _MENTION.sub(lambda m: f"<@{names[m[1]]}>" if m[1] in names else m[0], escaped)
    author = {"user": user.id, "team": user.team_id}
    return engine.messages.add(channel, author, linked, thread_ts=thread_ts).payload()


def open_home(engine: Engine, user_id: str) -> asyncio.Future[None]:
    """A person opens the app's Home tab. The app hears of it by event, and may publish a view.

    The future is done when the app has acknowledged, or failed once.
    """
    team, user = engine.who(user_id)
    event: Json = {"type": "app_home_opened", "user": user.id, "channel": team.dm(user.id).id, "tab": "home"}
    if view := engine.views.home(user.id):
        event["view"] = view.payload()
        engine.views.show(user.id, home=True)
    return emit(engine, team, event)


def invite_app(engine: Engine, user_id: str, channel_id: str) -> asyncio.Future[None]:
    """`/invite @App`: a person puts the app into a channel they are in. The future is as in `open_home`."""
    team, user, channel = engine.channel_for(user_id, channel_id)
    if channel.is_im or channel.is_archived:
        raise SlackError("cant_invite", "nobody can be invited here")
    if team.app_is_in(channel):
        raise SlackError("already_in_channel", f"{engine.app.name} is already in #{channel.name}")
    return join(engine, team, channel, inviter=user.id)


def join(engine: Engine, team: Team, channel: Channel, inviter: str | None = None) -> asyncio.Future[None]:
    """The app becomes a member."""
    channel.members.append(team.bot_user_id)
    show_channels(engine, team)
    event: Json = {
        "type": "member_joined_channel",
        "user": team.bot_user_id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": team.id,
    }
    return emit(engine, team, event | ({"inviter": inviter} if inviter else {}), shared=channel.is_ext_shared)


def channels_page(team: Team, user_id: str) -> list[Json]:
    """The person's conversations as the sandbox's page wants them, the app's direct message among them."""
    return [
        {
            "id": channel.id,
            "name": channel.name or team.users[team.bot_user_id].real_name,
            "is_private": channel.is_private,
            "is_im": channel.is_im,
            "is_archived": channel.is_archived,
            **({"user": team.bot_user_id} if channel.is_im else {}),
            "app_is_member": team.app_is_in(channel),
            "members": channel.members,
            "topic": channel.topic,
        }
        for channel in team.channels_of(user_id)
    ]


def show_channels(engine: Engine, team: Team) -> None:
    """Tell everyone's tabs about their conversations."""
    for person in team.people():
        event = {"type": "channels", "channels": channels_page(team, person.id)}
        engine.changes.tell([person.id], event)
