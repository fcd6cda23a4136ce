"""Requests to the app's request URL, signed as Slack signs them ("Verifying requests from Slack", docs.slack.dev)."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.errors import AppError
from bot.sandbox.slack.kinds import Clock, Json

Kind = Literal["slash_commands", "interactive", "events_api"]
"""What a request is about, by the names that Socket Mode gives to it."""

Answer = Json | str | None
"""What the app said with its acknowledgement: JSON, text, or nothing."""

FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`X-Slack-Signature`, version 0."""
    base = b":".join((b"v0", timestamp.encode(), body))
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encode(kind: Kind, payload: Json) -> tuple[str, bytes]:
    """The content type and body in which Slack sends a payload over HTTP."""
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return FORM, urlencode(form).encode()


class HttpSender:
    """Sends to one request URL and waits for the acknowledgement."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._secret = signing_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self.request_url: str | None = None

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, kind: Kind, payload: Json, seconds: float, extra: Mapping[str, str]) -> Answer:
        """Deliver and return the app's answer; `AppError` when it doesn't acknowledge within `seconds`."""
        if self.request_url is None:
            raise AppError("dispatch_failed", "the app has no request URL and no Socket Mode connection")
        content_type, body = encode(kind, payload)
        headers = self._sign(body) | {"Content-Type": content_type, **extra}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limit = aiohttp.ClientTimeout(total=seconds)
        try:
            async with self._session.post(self.request_url, data=body, headers=headers, timeout=limit) as response:
                return await _read(response)
        except TimeoutError:
            raise AppError("operation_timeout", f"no acknowledgement within {seconds:g} s") from None
        except aiohttp.ClientError as error:
            raise AppError("dispatch_failed", f"{type(error).__name__} at {self.request_url}") from None

    def _sign(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


async def _read(response: aiohttp.ClientResponse) -> Answer:
    text = await response.text()
    if response.status >= 500:
        raise AppError("http_service_error", f"the app answered HTTP {response.status}")
    if response.status != 200:
        raise AppError("http_client_error", f"the app answered HTTP {response.status}: {text[:200]}")
    if response.content_type != "application/json":
        return text or None
    try:
        body = json.loads(text)
    except ValueError:
        raise AppError("dispatch_unknown_error", "the app's answer is not the JSON it claims to be") from None
    return body if isinstance(body, dict) else None
