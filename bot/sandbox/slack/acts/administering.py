"""What administrators do to the app: archive its channels, take it out, revoke its token, uninstall it."""

from bot.sandbox.slack.acts.common import emit
from bot.sandbox.slack.acts.talking import show_channels
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.workspace import Channel, Team


def archive(engine: Engine, team: Team, channel: Channel) -> None:
    """Archive a channel: the app can't post there any more (`is_archived`)."""
    channel.is_archived = True
    show_channels(engine, team)
    kind = "group_archive" if channel.is_private else "channel_archive"
    emit(engine, team, {"type": kind, "channel": channel.id, "user": team.people()[0].id, "is_moved": 0})


def kick_app(engine: Engine, team: Team, channel: Channel) -> None:
    """Remove the app from a channel (`not_in_channel`, or `channel_not_found` in a private one)."""
    if not team.app_is_in(channel):
        raise SlackError("not_in_channel", f"the app is not in #{channel.name}")
    channel.members.remove(team.bot_user_id)
    show_channels(engine, team)
    kind = "group_left" if channel.is_private else "channel_left"
    emit(engine, team, {"type": kind, "channel": channel.id, "actor_id": team.people()[0].id})


def revoke_token(engine: Engine, team: Team) -> None:
    """Revoke the workspace's bot token (`token_revoked`)."""
    team.token_state = "token_revoked"
    tokens = {"oauth": [], "bot": [team.bot_user_id]}
    emit(engine, team, {"type": "tokens_revoked", "tokens": tokens})


def uninstall(engine: Engine, team: Team) -> None:
    """Uninstall the app from the workspace (`account_inactive`)."""
    revoke_token(engine, team)
    team.token_state = "account_inactive"
    emit(engine, team, {"type": "app_uninstalled"})


def reinstall(engine: Engine, team: Team) -> str:
    """Install the app again; returns the new bot token."""
    number = int(team.id[1:])
    team.bot_token = f"xoxb-{number:012d}-{number:012d}-{engine.ids.token('new bot token')[:24]}"
    team.token_state = "active"
    return team.bot_token
