"""Slash commands ("Slash commands", docs.slack.dev)."""

import re

from bot.sandbox.slack.acts.common import pending, toast
from bot.sandbox.slack.acts.responses import respond
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import AppError, SlackError
from bot.sandbox.slack.outgoing import payloads
from bot.sandbox.slack.triggers import ResponseUrl
from bot.sandbox.slack.workspace import Team


async def run_command(engine: Engine, user_id: str, channel_id: str, line: str, thread_ts: str | None = None) -> None:
    """Send a slash command to the app and show what it answers; returns when the app has acknowledged.

    Raises `AppError` when the app fails (the person sees Slack's notice), `SlackError` when Slack knows no such
    command or the person can't use it here.
    """
    team, user, channel = engine.channel_for(user_id, channel_id)
    name, text = [*line.split(maxsplit=1), "", ""][:2]
    if not engine.app.has_command(name):
        raise SlackError("unknown_command", f"{name} is not a valid command.")
    if thread_ts:
        raise SlackError("command_in_thread", f"{name} is not supported in threads. Sorry!")
    if channel.is_archived:
        raise SlackError("is_archived", "this channel is archived")
    if engine.app.escapes(name):
        text = _escaped(team, text)
    payload = payloads.command(team, user, channel, engine.app.id, name, text.strip())
    payload["response_url"] = engine.response_urls.give(team.id, user.id, channel.id)
    payload["trigger_id"] = engine.triggers.give(user.id, team.id, channel_id=channel.id)
    async with pending(engine, user.id):
        try:
            answer = await engine.line.send("slash_commands", payload)
            if answer:
                body = {"text": answer} if isinstance(answer, str) else answer
                respond(engine, ResponseUrl(team.id, user.id, channel.id, None, 0.0), body)
        except AppError as error:
            toast(engine, user.id, f'{name} failed with the error "{error.code}"')
            raise engine.blame(error) from None
        except SlackError as error:
            toast(engine, user.id, f'{name} failed with the error "dispatch_unknown_error"')
            raise engine.blame(AppError("dispatch_unknown_error", str(error))) from None


def _escaped(team: Team, text: str) -> str:
    """What a command with `should_escape` gets: people and channels as ids, and `&`, `<`, `>` as entities."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for user in team.users.values():
        text = re.sub(rf"(?<!\S)@{re.escape(user.name)}(?!\S)", f"<@{user.id}|{user.name}>", text)
    for channel in team.channels.values():
        if not channel.is_im:
            text = re.sub(rf"(?<!\S)#{re.escape(channel.name)}(?!\S)", f"<#{channel.id}|{channel.name}>", text)
    return text
