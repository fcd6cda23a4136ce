"""The payloads Slack sends ("Slash commands", "Interaction payloads", "Events API", docs.slack.dev)."""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.workspace import Channel, Team, User

VERIFICATION_TOKEN = "sandbox-verification-token"
"""Slack's old shared token, still part of every payload. Apps check the signature instead."""


def channel_name(channel: Channel) -> str:
    """A conversation's name as payloads show it."""
    return "directmessage" if channel.is_im else channel.name


def command(team: Team, user: User, channel: Channel, app_id: str, name: str, text: str) -> Json:
    """A slash command, without `response_url` and `trigger_id`."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": app_id,
        "is_enterprise_install": "false",
    }


def interaction(kind: str, team: Team, user: User, app_id: str) -> Json:
    """What all interaction payloads have."""
    return {
        "type": kind,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": app_id,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_part(channel: Channel) -> Json:
    """The `channel` of an interaction."""
    return {"id": channel.id, "name": channel_name(channel)}


def message_container(channel: Channel, ts: str, *, ephemeral: bool, thread_ts: str | None) -> Json:
    """The `container` of an interaction on a message."""
    container = {"type": "message", "message_ts": ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    return container | ({"thread_ts": thread_ts} if thread_ts else {})


def event(team: Team, app_id: str, event_id: str, inner: Json, event_time: int, *, shared: bool) -> Json:
    """An Events API envelope around one event."""
    bot = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot_user_id, "is_bot": True}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "api_app_id": app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": event_time,
        "authorizations": [{**bot, "is_enterprise_install": False}],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


# What an action carries of its element, besides its ids and its value.
_ECHOED = {
    "button": ("text", "value", "style", "url", "confirm"),
    "overflow": ("confirm",),
}
_ECHOED_BY_INPUTS = ("placeholder", "initial_option", "initial_options", "initial_value", "confirm")


def action(block_id: str, element: Json, value: Json, action_ts: str) -> Json:
    """One of the `actions` of a `block_actions` payload. `value` is the element's new state, or its choice."""
    echoed = _ECHOED.get(element["type"], _ECHOED_BY_INPUTS)
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block_id,
        **{key: element[key] for key in echoed if key in element},
        **value,
        "action_ts": action_ts,
    }


def overflow_choice(element: Json, fields: Json) -> Json:
    """The `selected_option` of an overflow menu; it must be one of the menu's."""
    if fields.get("selected_option") not in element["options"]:
        raise SlackError("invalid_action", f"the menu offers no option {fields.get('selected_option')!r}")
    return {"selected_option": fields["selected_option"]}
