"""Messages: what stands in each conversation, who sees it, and whom it notified."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.slack.blocks.complete import complete
from bot.sandbox.slack.blocks.state import Values, initial_values
from bot.sandbox.slack.changes import Changes
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.mentions import Notification, mentions
from bot.sandbox.slack.workspace import Channel, Team


@dataclass
class Posted:
    """A message as stored. `only_for` is the one user who sees an ephemeral message."""

    message: Json
    only_for: str | None
    values: Values
    """The state of its inputs, shared by all who see it."""

    def payload(self, *, metadata: bool = True) -> Json:
        """Slack's message object."""
        hidden = () if metadata else ("metadata",)
        return copy.deepcopy({key: value for key, value in self.message.items() if key not in hidden})


class Messages:
    """All messages of the sandbox."""

    def __init__(self, ids: Ids, changes: Changes) -> None:
        self._ids = ids
        self._changes = changes
        self._stored: dict[str, dict[str, Posted]] = {}
        self._replies: dict[tuple[str, str], dict[str, Posted]] = {}
        self.notified: list[Notification] = []
        """Everyone whom a message of the app has notified."""

    def from_app(self, team: Team, app_id: str) -> Json:
        """The author fields of a message by the app."""
        return {
            "user": team.bot_user_id,
            "bot_id": team.bot_id,
            "app_id": app_id,
            "team": team.id,
            "username": team.users[team.bot_user_id].real_name,
        }

    def add(
        self,
        channel: Channel,
        author: Json,
        text: str,
        *,
        blocks: list[Json] | None = None,
        only_for: str | None = None,
        **more: object,
    ) -> Posted:
        """Store a message and show it. `more` are further fields: `thread_ts`, `metadata`, `files`."""
        message: Json = {"type": "message", **author, "text": text, "ts": self._ids.ts()}
        message |= {key: value for key, value in more.items() if value}
        if blocks:
            message["blocks"] = complete(blocks, self._ids)
        if only_for:
            message["ephemeral"] = True
        posted = Posted(message, only_for, initial_values(message.get("blocks", []), {}, channel.id))
        self._stored.setdefault(channel.id, {})[message["ts"]] = posted
        self._notify(channel, message)
        self._tell(channel, posted, {"type": "message", "message": posted.payload()})
        if "thread_ts" in message:
            self._replies.setdefault((channel.id, message["thread_ts"]), {})[message["ts"]] = posted
            self._show_replies(channel, message["thread_ts"])
        return posted

    def change(self, channel: Channel, ts: str, changes: Json) -> Posted:
        """Replace fields of a message; a field set to `None`, or blocks set to `[]`, goes away."""
        posted = self.find(channel, ts)
        if changes.get("blocks"):
            changes = {**changes, "blocks": complete(changes["blocks"], self._ids)}
        before = mentions(posted.message["text"], posted.message.get("blocks", []))
        posted.message.update(changes)
        for key in [key for key, value in changes.items() if value in (None, [], {})]:
            del posted.message[key]
        posted.values = initial_values(posted.message.get("blocks", []), posted.values, channel.id)
        self._notify(channel, posted.message, known=before)
        self._tell(channel, posted, {"type": "message_changed", "message": posted.payload()})
        return posted

    def remove(self, channel: Channel, ts: str) -> None:
        """Delete a message."""
        posted = self.find(channel, ts)
        del self._stored[channel.id][ts]
        self._tell(channel, posted, {"type": "message_deleted", "ts": ts})
        parent_ts = posted.message.get("thread_ts", ts)
        if parent_ts != ts:
            del self._replies[channel.id, parent_ts][ts]
            self._show_replies(channel, parent_ts)

    def find(self, channel: Channel, ts: object) -> Posted:
        """The message of this `ts`; `message_not_found` otherwise."""
        found = self._stored.get(channel.id, {}).get(str(ts))
        if found is None:
            raise SlackError("message_not_found", f"no message {ts!r} in {channel.name or channel.id}")
        return found

    def seen_by(self, channel: Channel, user_id: str | None) -> list[Posted]:
        """The messages of a conversation, oldest first, with this user's ephemeral ones (`None`: without any)."""
        stored = self._stored.get(channel.id, {}).values()
        return [posted for posted in stored if posted.only_for in (None, user_id)]

    def all_in(self, channel: Channel) -> list[Posted]:
        """Everything in a conversation, with everyone's ephemeral messages, oldest first."""
        return list(self._stored.get(channel.id, {}).values())

    def thread(self, channel: Channel, ts: str) -> list[Posted]:
        """A message and its replies, oldest first."""
        parent = self._stored.get(channel.id, {}).get(ts)
        replies = [one for one in self._replies.get((channel.id, ts), {}).values() if one.only_for is None]
        return ([parent] if parent else []) + replies

    def _show_replies(self, channel: Channel, parent_ts: str) -> None:
        parent = self._stored[channel.id].get(parent_ts)
        if parent is None:
            return
        replies = [one.message for one in self.thread(channel, parent_ts)[1:]]
        parent.message |= {"thread_ts": parent_ts, "reply_count": len(replies)}
        if replies:
            parent.message["latest_reply"] = replies[-1]["ts"]
        self._tell(channel, parent, {"type": "message_changed", "message": parent.payload()})

    def _notify(self, channel: Channel, message: Json, known: Iterable[str] = ()) -> None:
        if "bot_id" not in message:
            return
        already = set(known)
        for whom in mentions(message["text"], message.get("blocks", [])):
            if whom not in already:
                self.notified.append(Notification(channel.id, message["ts"], whom))

    def _tell(self, channel: Channel, posted: Posted, event: Json) -> None:
        audience = [posted.only_for] if posted.only_for else channel.members
        self._changes.tell(audience, {**event, "channel": channel.id})
