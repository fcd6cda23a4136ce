"""Trigger ids and response URLs: what an app may do, once or five times, in answer to a person."""

from dataclasses import dataclass

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.ids import Ids
from bot.sandbox.slack.kinds import Clock

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """A person did something: for three seconds, one modal may be opened in answer."""

    user_id: str
    team_id: str
    channel_id: str | None
    view_id: str | None
    born: float
    exchanged: bool = False


class Triggers:
    """All trigger ids given out."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._given: dict[str, Trigger] = {}

    def give(self, user_id: str, team_id: str, *, channel_id: str | None = None, view_id: str | None = None) -> str:
        """A new trigger id; `view_id` is the modal in which the person acted."""
        trigger_id = self._ids.trigger()
        self._given[trigger_id] = Trigger(user_id, team_id, channel_id, view_id, self._clock())
        return trigger_id

    def look(self, trigger_id: object, team_id: str) -> Trigger:
        """The trigger, when it can still be exchanged; Slack's error otherwise."""
        trigger = self._given.get(str(trigger_id))
        if trigger is None or trigger.team_id != team_id:
            raise SlackError("invalid_trigger_id", f"no such trigger_id: {trigger_id!r}")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id", "this trigger_id was used before")
        age = self._clock() - trigger.born
        if age > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id", f"this trigger_id is {age:.1f} s old, of {TRIGGER_SECONDS:g}")
        return trigger


@dataclass
class ResponseUrl:
    """Where an app may post in answer, to the person or the channel. `ts` is the message acted on, if any."""

    team_id: str
    user_id: str
    channel_id: str
    ts: str | None
    expires: float
    uses_left: int = RESPONSE_URL_USES


class ResponseUrls:
    """All response URLs given out. `base` is the sandbox's own URL."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._given: dict[str, ResponseUrl] = {}
        self.base = ""

    def give(self, team_id: str, user_id: str, channel_id: str, ts: str | None = None) -> str:
        """A new response URL."""
        token = self._ids.token("response url")
        expires = self._clock() + RESPONSE_URL_SECONDS
        self._given[token] = ResponseUrl(team_id, user_id, channel_id, ts, expires)
        return f"{self.base}/response/{token}"

    def use(self, token: str) -> ResponseUrl:
        """Count one use; `used_url` after five, `expired_url` after half an hour."""
        found = self._given.get(token)
        if found is None:
            raise SlackError("no_such_url", "no such response_url")
        if self._clock() > found.expires:
            raise SlackError("expired_url", "a response_url lives 30 minutes")
        if found.uses_left == 0:
            raise SlackError("used_url", f"a response_url can be used {RESPONSE_URL_USES} times")
        found.uses_left -= 1
        return found
