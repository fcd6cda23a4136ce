"""The arguments of a Web API call: form-encoded or JSON, with Slack's errors for what is missing or wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json


@dataclass(frozen=True)
class Args:
    """Arguments by name. What the method doesn't know is ignored, as Slack does."""

    given: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A mandatory, non-empty string."""
        value = self.given.get(name)
        if value is None or value == "":
            raise SlackError("invalid_arguments", messages=[f"missing required field: {name}"])
        if not isinstance(value, str):
            raise SlackError("invalid_arguments", messages=[f"must provide a string [json-pointer:/{name}]"])
        return value

    def optional(self, name: str) -> str | None:
        """A string, or `None`."""
        return self.text(name) if self.given.get(name) not in (None, "") else None

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, in JSON or as `true`, `false`, `1` or `0`."""
        value = self.given.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("true", "1")

    def number(self, name: str, default: int | None, low: int, high: int) -> int:
        """A whole number from `low` to `high`; mandatory when `default` is `None`."""
        value = self.given.get(name)
        if value in (None, "") and default is not None:
            return default
        try:
            number = int(str(value))
        except ValueError:
            message = f"must provide an integer [json-pointer:/{name}]"
            raise SlackError("invalid_arguments", messages=[message]) from None
        if not low <= number <= high:
            message = f"must be between {low} and {high} [json-pointer:/{name}]"
            raise SlackError("invalid_arguments", messages=[message])
        return number

    def json(self, name: str) -> Any:
        """An object or array, given as such or as a string of JSON; `None` when absent."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            code = "invalid_blocks_format" if name == "blocks" else "invalid_arguments"
            raise SlackError(code, messages=[f"must be valid JSON [json-pointer:/{name}]"]) from None

    def words(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in str(self.given.get(name) or "").split(",") if word.strip()]


async def read_args(request: web.Request) -> Json:
    """The arguments of a request, from its query and its body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise SlackError("invalid_json", "the body is not JSON") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object", "the body is not a JSON object")
        return args | body
    return args | {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
