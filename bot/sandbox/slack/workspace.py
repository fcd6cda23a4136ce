"""Workspaces, their people and their conversations, as data, and how Slack's API shows them."""

from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json

TokenState = Literal["active", "token_revoked", "account_inactive"]


@dataclass
class User:
    """A person or a bot. `team_id` differs from the workspace's for people on Slack Connect (`is_stranger`)."""

    id: str
    team_id: str
    name: str
    real_name: str
    color: str = "4a154b"
    title: str = ""
    email: str = ""
    tz: str = "Europe/London"
    tz_offset: int = 0
    locale: str = "en-GB"
    is_owner: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    def page(self) -> Json:
        """The user as the sandbox's page wants it."""
        keys = "id name real_name color is_bot is_restricted is_stranger tz locale title"
        return {key: getattr(self, key) for key in keys.split()}

    def payload(self, *, email: bool, locale: bool) -> Json:
        """Slack's user object; `email` and `locale` only where asked for and allowed."""
        profile = {"real_name": self.real_name, "display_name": self.name, "title": self.title, "team": self.team_id}
        return {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "color": self.color,
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset,
            "profile": profile | ({"email": self.email} if email and self.email else {}),
            "is_admin": self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_stranger": self.is_stranger,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 0,
            **({"locale": self.locale} if locale else {}),
        }


@dataclass
class Channel:
    """A conversation. In a direct message `user` is the person whose conversation with the app it is."""

    id: str
    team_id: str
    name: str
    members: list[str]
    is_private: bool = False
    is_im: bool = False
    user: str | None = None
    topic: str = ""
    is_archived: bool = False
    is_ext_shared: bool = False
    created: int = 0

    def payload(self, bot_user_id: str) -> Json:
        """Slack's conversation object, as the app sees it."""
        if self.is_im:
            return {"id": self.id, "created": self.created, "is_im": True, "is_archived": False, "user": self.user}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.is_private,
            "is_archived": self.is_archived,
            "is_general": self.name == "general",
            "is_shared": self.is_ext_shared,
            "is_ext_shared": self.is_ext_shared,
            "is_member": bot_user_id in self.members,
            "created": self.created,
            "creator": self.members[0] if self.members else "",
            "context_team_id": self.team_id,
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }


@dataclass
class Team:
    """A workspace with the app installed."""

    id: str
    name: str
    domain: str
    bot_user_id: str
    bot_id: str
    bot_token: str
    token_state: TokenState = "active"
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def user(self, key: str) -> User:
        """The user with this id or name; `user_not_found` otherwise."""
        found = self.users.get(key) or next((user for user in self.users.values() if user.name == key), None)
        if found is None:
            raise SlackError("user_not_found", f"no user {key!r} in {self.name}")
        return found

    def channel(self, key: str) -> Channel:
        """The channel with this id or name (with or without `#`); `channel_not_found` otherwise."""
        name = key.removeprefix("#")
        found = self.channels.get(key)
        found = found or next((c for c in self.channels.values() if c.name == name and not c.is_im), None)
        if found is None:
            raise SlackError("channel_not_found", f"no channel {key!r} in {self.name}")
        return found

    def dm(self, user_id: str) -> Channel:
        """The direct message between the app and this person."""
        for channel in self.channels.values():
            if channel.is_im and channel.user == user_id:
                return channel
        raise SlackError("cannot_dm_bot", f"no direct message with {user_id}")

    def people(self) -> list[User]:
        """Everyone who isn't a bot."""
        return [user for user in self.users.values() if not user.is_bot]

    def channels_of(self, user_id: str) -> list[Channel]:
        """The conversations this user is in."""
        return [channel for channel in self.channels.values() if user_id in channel.members]

    def app_is_in(self, channel: Channel) -> bool:
        """Whether the app's bot user is a member."""
        return self.bot_user_id in channel.members
