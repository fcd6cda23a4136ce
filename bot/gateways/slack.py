"""Slack's Web API, as far as we use it: one client, no hidden retries, and errors that say whether Slack did it."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import GatewayError, SlackRateLimited, SlackRefused, SlackUnavailable, SlackUncertain
from bot.gateways.observing import Observe, nobody, observed

Json = dict[str, Any]

EVENT_TYPE = "paylink_card"
"""The `event_type` of the metadata our messages carry; its payload is `{"key": …}`."""

_NOT_DONE = frozenset({"service_unavailable", "request_timeout", "team_added_to_org"})
"""Slack's errors for "not now", by its pages on `chat.postMessage` and `chat.update`. A status says less: a proxy's 503
may come after Slack has taken the request."""

_PERHAPS_DONE = frozenset({"internal_error", "fatal_error"})
"""Of these Slack says: "It's possible some aspect of the operation succeeded before the error was raised." """

_DEFAULT_WAIT = 30.0
_HISTORY_PAGE = 100


@dataclass(frozen=True, slots=True)
class Message:
    """`text` says the whole thing for notifications and screen readers; `blocks` shows it. No blocks: text alone.

    `broadcast`: when it is a thread's reply, it is shown in the channel too.
    """

    text: str
    blocks: tuple[Json, ...] = ()
    broadcast: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to show. `alt_text` says what is on a picture."""

    filename: str
    content: bytes
    title: str
    alt_text: str


class SlackGateway:
    """Every method raises SlackRefused, SlackRateLimited, SlackUnavailable or SlackUncertain (see `bot/errors.py`).

    The client's own retry handlers are off: they post a second time when a connection drops after Slack has accepted.
    """

    def __init__(
        self, token: str, *, base_url: str | None = None, timeout: float = 10.0, observe: Observe = nobody
    ) -> None:
        """`base_url` ends in `/api/`; `timeout` is in seconds, for a whole request."""
        self._observe = observe
        self._timeout = timeout
        self.client = AsyncWebClient(
            token=token, base_url=base_url or AsyncWebClient.BASE_URL, timeout=round(timeout), retry_handlers=[]
        )

    async def close(self) -> None:
        """Closes the connections; the gateway may be used again."""
        if self.client.session is not None:
            await self.client.session.close()
            self.client.session = None

    async def auth(self) -> Json:
        """`auth.test`: team, team_id, user_id (the bot's), bot_id …; its headers' `x-oauth-scopes` as `scopes`."""
        response = await self._ask(self.client.auth_test)
        scopes = str(response.headers.get("x-oauth-scopes", ""))
        return {**_body(response), "scopes": tuple(scope.strip() for scope in scopes.split(",") if scope.strip())}

    async def post(self, channel: str, message: Message, *, key: str, thread_ts: str | None = None) -> str:
        """Posts and answers the message's `ts`. `key` travels in the metadata, so that `find` can find it again."""
        response = await self._ask(
            self.client.chat_postMessage,
            channel=channel,
            text=message.text,
            blocks=list(message.blocks) or None,
            thread_ts=thread_ts,
            reply_broadcast=True if thread_ts and message.broadcast else None,
            metadata=_metadata(key),
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(response["ts"])

    async def update(self, channel: str, ts: str, message: Message, key: str) -> None:
        """Replaces a message of ours."""
        await self._ask(
            self.client.chat_update,
            channel=channel,
            ts=ts,
            text=message.text,
            blocks=list(message.blocks),
            metadata=_metadata(key),
        )

    async def find(self, channel: str, key: str, since: float, thread_ts: str | None = None) -> str | None:
        """The `ts` of the message with this `key` posted at or after `since` (seconds), None when there is none.

        Looks at what stands in the channel itself, or in the thread of `thread_ts`.
        """
        method = self.client.conversations_replies if thread_ts else self.client.conversations_history
        named = {"ts": thread_ts} if thread_ts else {}
        cursor: str | None = None
        while True:
            response = await self._ask(
                method,
                channel=channel,
                **named,
                oldest=f"{since:.6f}",
                inclusive=True,
                include_all_metadata=True,
                limit=_HISTORY_PAGE,
                cursor=cursor,
            )
            for message in response["messages"]:
                if message.get("metadata", {}).get("event_payload", {}).get("key") == key:
                    return str(message["ts"])
            cursor = (response.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Says it to one person in a channel."""
        await self._ask(
            self.client.chat_postEphemeral,
            channel=channel,
            user=user,
            text=message.text,
            blocks=list(message.blocks) or None,
        )

    async def dm(self, user_id: str) -> str:
        """The id of the direct-message channel with this person."""
        response = await self._ask(self.client.conversations_open, users=user_id)
        return str(response["channel"]["id"])

    async def open_view(self, trigger_id: str, view: Json) -> Json:
        """Opens a modal; answers Slack's view."""
        return await self._view(self.client.views_open, trigger_id=trigger_id, view=view)

    async def push_view(self, trigger_id: str, view: Json) -> Json:
        """Puts a view on top of the open one; answers Slack's view."""
        return await self._view(self.client.views_push, trigger_id=trigger_id, view=view)

    async def update_view(self, view_id: str, view: Json, hash: str | None = None) -> Json:
        """Replaces a view; refused with `hash_conflict` when `hash` is old, `not_found` when the view is closed."""
        return await self._view(self.client.views_update, view_id=view_id, view=view, hash=hash)

    async def publish_home(self, user: str, view: Json) -> Json:
        """Sets a person's App Home."""
        return await self._view(self.client.views_publish, user_id=user, view=view)

    async def user(self, user_id: str) -> Json:
        """`users.info` with the locale."""
        response = await self._ask(self.client.users_info, user=user_id, include_locale=True)
        return dict(response["user"])

    async def channel(self, channel_id: str) -> Json:
        """`conversations.info`."""
        response = await self._ask(self.client.conversations_info, channel=channel_id)
        return dict(response["channel"])

    async def upload(self, channel: str, files: Sequence[Upload], thread_ts: str | None = None) -> None:
        """Puts files into a channel or thread, in one message."""
        uploads = [
            {"filename": one.filename, "content": one.content, "title": one.title, "alt_txt": one.alt_text}
            for one in files
        ]
        await self._ask(self.client.files_upload_v2, channel=channel, file_uploads=uploads, thread_ts=thread_ts)

    async def connection_url(self, app_token: str) -> str:
        """Where Socket Mode connects to, which proves the app-level token."""
        response = await self._ask(self.client.apps_connections_open, app_token=app_token)
        return str(response["url"])

    async def _view(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Json:
        response = await self._ask(method, **arguments)
        return dict(response["view"])

    async def _ask(self, method: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        if self.client.session is None:
            self.client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        with observed(self._observe, method.__name__), _our_errors():
            return await method(**arguments)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        raise _refusal(error) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise SlackUnavailable("Slack can't be reached.") from None
    except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError):
        raise SlackUncertain("Slack didn't answer.") from None


def _metadata(key: str) -> Json:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def _body(response: Any) -> Json:
    return dict(response.data)


def _refusal(error: SlackApiError) -> GatewayError:
    """What Slack's answer means for the question "was it done?"."""
    response: Any = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None) or 0
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return SlackRateLimited(_retry_after(getattr(response, "headers", {})))
    if code in _NOT_DONE:
        return SlackUnavailable("Slack is unavailable at the moment.")
    if code in _PERHAPS_DONE or status >= 500 or not code:
        return SlackUncertain("Slack ran into an error of its own.")
    details = (data or {}).get("response_metadata", {}).get("messages", ())
    return SlackRefused(code, f"Slack refused: {code}. {' '.join(details)}".strip() if details else None)


def _retry_after(headers: Any) -> float:
    try:
        return max(0.0, float(headers.get("Retry-After", _DEFAULT_WAIT)))
    except ValueError:
        return _DEFAULT_WAIT
