"""What can go wrong in the sandbox Slack: Slack refusing, and the app not keeping to Slack's protocol."""

from collections.abc import Sequence

from bot.sandbox.slack.kinds import Json


class SlackError(Exception):
    """Slack refuses: `code` is Slack's own error code, `reason` says why in words.

    `messages` become `response_metadata.messages`; `extra` are further fields of the answer (`needed`, …).
    """

    def __init__(self, code: str, reason: str = "", *, messages: Sequence[str] = (), **extra: object) -> None:
        self.code = code
        self.reason = reason or "; ".join(messages)
        self.messages = tuple(messages)
        self.extra = extra
        super().__init__(f"{code}: {self.reason}" if self.reason else code)

    def body(self) -> Json:
        """The Web API's answer."""
        body: Json = {"ok": False, "error": self.code, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
            if self.code == "invalid_blocks":
                body["errors"] = list(self.messages)
        return body


class RateLimited(SlackError):
    """Too many calls: HTTP 429 with `Retry-After` in whole seconds."""

    def __init__(self, retry_after: int, what: str) -> None:
        self.retry_after = retry_after
        super().__init__("ratelimited", f"{what}: retry after {retry_after} s")


class AppError(Exception):
    """The app answered a request from Slack too late, not at all, or in a way Slack can't use.

    `code` is what Slack shows a person, such as `operation_timeout` or `dispatch_failed`.
    """

    def __init__(self, code: str, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}" if reason else code)


class NeverHappened(AssertionError):
    """A condition that a test waited for did not come true; the message shows what stands on screen."""
