"""The Slack app that the sandbox knows, as its manifest describes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.kinds import Json

DEFAULT_MANIFEST: Json = {
    "display_information": {"name": "Paylink", "description": "Stripe Payment Links without leaving Slack"},
    "features": {
        "bot_user": {"display_name": "Paylink"},
        "slash_commands": [
            {"command": "/paylink", "description": "Create a payment link", "usage_hint": "[2 x Consulting 150 eur]"}
        ],
        "shortcuts": [
            {"type": "global", "name": "New payment link", "callback_id": "new_link"},
            {"type": "message", "name": "Payment link from here", "callback_id": "link_from_message"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history",
                "channels:join",
                "channels:read",
                "chat:write",
                "commands",
                "files:write",
                "groups:history",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "users:read",
                "users:read.email",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_uninstalled",
                "channel_archive",
                "channel_left",
                "group_archive",
                "group_left",
                "member_joined_channel",
                "tokens_revoked",
            ]
        }
    },
}
"""An app with one command and two shortcuts, for whoever starts a sandbox without a manifest."""


@dataclass(frozen=True)
class App:
    """What Slack knows of an installed app."""

    id: str
    name: str
    description: str
    commands: tuple[Json, ...]
    shortcuts: tuple[Json, ...]
    scopes: frozenset[str]
    events: frozenset[str]

    @classmethod
    def from_manifest(cls, app_id: str, manifest: Mapping[str, Any]) -> "App":
        """Read the parts of an app manifest that the sandbox uses; `KeyError` names what is missing."""
        display = manifest["display_information"]
        features = manifest.get("features", {})
        subscriptions = manifest.get("settings", {}).get("event_subscriptions", {})
        return cls(
            id=app_id,
            name=features.get("bot_user", {}).get("display_name", display["name"]),
            description=display.get("description", ""),
            commands=tuple(features.get("slash_commands", ())),
            shortcuts=tuple(features.get("shortcuts", ())),
            scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
            events=frozenset(subscriptions.get("bot_events", ())),
        )

    def has_command(self, command: str) -> bool:
        """Whether the manifest declares this slash command (with its slash)."""
        return any(known["command"] == command for known in self.commands)

    def escapes(self, command: str) -> bool:
        """Whether the command asks for people and channels in its text as ids (`should_escape`)."""
        return any(known["command"] == command and known.get("should_escape") for known in self.commands)

    def has_shortcut(self, kind: str, callback_id: str) -> bool:
        """Whether the manifest declares this `global` or `message` shortcut."""
        return any(known["type"] == kind and known["callback_id"] == callback_id for known in self.shortcuts)
