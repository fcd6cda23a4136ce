"""Global and message shortcuts ("Shortcuts", docs.slack.dev)."""

from bot.sandbox.slack.acts.common import ask
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.outgoing import payloads


async def run_shortcut(
    engine: Engine, user_id: str, callback_id: str, channel_id: str | None = None, ts: str | None = None
) -> None:
    """Use a global shortcut, or with a channel and a `ts` a message shortcut."""
    team, user = engine.who(user_id)
    if channel_id is None or ts is None:
        _check(engine, "global", callback_id)
        payload = payloads.interaction("shortcut", team, user, engine.app.id)
        trigger_id = engine.triggers.give(user.id, team.id)
    else:
        _check(engine, "message", callback_id)
        _, _, channel = engine.channel_for(user_id, channel_id)
        message = engine.messages.find(channel, ts)
        payload = {
            **payloads.interaction("message_action", team, user, engine.app.id),
            "channel": payloads.channel_part(channel),
            "message_ts": ts,
            "message": message.payload(),
            "response_url": engine.response_urls.give(team.id, user.id, channel.id, ts),
        }
        trigger_id = engine.triggers.give(user.id, team.id, channel_id=channel.id)
    common = {"callback_id": callback_id, "trigger_id": trigger_id, "action_ts": engine.ids.ts()}
    await ask(engine, user_id, {**payload, **common})


def _check(engine: Engine, kind: str, callback_id: str) -> None:
    if not engine.app.has_shortcut(kind, callback_id):
        raise SlackError("unknown_shortcut", f"the manifest has no {kind} shortcut {callback_id!r}")
