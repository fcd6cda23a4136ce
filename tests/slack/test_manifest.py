import ast
import json
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from bot.slack.ids import Command, Event, Scope, Shortcut
from bot.slack.listeners import EVENTS, SHORTCUTS

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
SCHEMA = json.loads((Path(__file__).parent / "slack-manifest.schema.json").read_text())

SCOPES = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_info": {"channels:read", "groups:read", "im:read", "mpim:read"},
    "conversations_open": {"im:write"},
    "files_upload_v2": {"files:write"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
}
"""Bot scopes by method of Slack's Web API ("Required scopes" on each method's page)."""

EVENT_SCOPES = {"app_home_opened": set[str](), "member_joined_channel": {"channels:read", "groups:read"}}


def test_it_is_valid() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(MANIFEST)] == []


def test_commands_and_shortcuts_are_those_we_listen_for() -> None:
    features = MANIFEST["features"]
    assert {command["command"] for command in features["slash_commands"]} == set(Command)
    assert {shortcut["callback_id"] for shortcut in features["shortcuts"]} == set(Shortcut) == set(SHORTCUTS)


def test_events_are_those_we_listen_for() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == set(Event) == set(EVENTS)


def test_scopes_are_those_of_the_methods_we_call_and_no_more() -> None:
    needed = {"commands"}.union(*(EVENT_SCOPES[event] for event in Event), *(SCOPES[name] for name in called()))
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed == set(Scope)


def test_limits_of_the_manifest() -> None:
    information = MANIFEST["display_information"]
    assert len(information["name"]) <= 35
    assert len(information["description"]) <= 140
    assert 175 <= len(information["long_description"]) <= 4000
    assert all(len(shortcut["name"]) <= 24 for shortcut in MANIFEST["features"]["shortcuts"])
    assert len(MANIFEST["features"]["slash_commands"][0]["usage_hint"]) <= 1000


def test_socket_mode_is_off_and_addresses_are_placeholders() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is False
    assert MANIFEST["settings"]["interactivity"]["request_url"].startswith("https://example.com/")


def called() -> set[str]:
    """The Web API methods that the gateway calls: every `….client.some_method`."""
    tree = ast.parse((ROOT / "bot/gateways/slack.py").read_text())
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    found = {node.attr for node in attributes if isinstance(node.value, ast.Attribute) and node.value.attr == "client"}
    return found - {"session"}
