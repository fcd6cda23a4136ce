"""What an app says in answer to a person: the body of a command's acknowledgement, or a post to a `response_url`."""

from typing import Any

from bot.sandbox.slack.blocks.check import check_blocks, check_metadata
from bot.sandbox.slack.engine import Engine
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.kinds import Json
from bot.sandbox.slack.triggers import ResponseUrl

MAX_TEXT = 40_000


def content(body: Json, *, had_text: bool = False) -> Json:
    """The checked `text` and `blocks` of a message.

    Text is mandatory even with blocks, which Slack only recommends: screen readers and phones show nothing else.
    `had_text` is for updates, which may leave it out with the blocks.
    """
    text = body.get("text")
    if text is not None and not isinstance(text, str):
        raise SlackError("invalid_arguments", messages=["must provide a string [json-pointer:/text]"])
    blocks = check_blocks(body["blocks"]) if body.get("blocks") is not None else None
    if not (text or "").strip() and not (had_text and blocks is None):
        raise SlackError("no_text", "text is mandatory, with or without blocks")
    if text and len(text) > MAX_TEXT:
        raise SlackError("msg_too_long", f"text has at most {MAX_TEXT} characters")
    if body.get("attachments"):
        raise SlackError("invalid_attachments", "the sandbox takes blocks, not attachments")
    return {"text": text, "blocks": blocks}


def respond(engine: Engine, url: ResponseUrl, body: Any) -> None:
    """Post, replace or delete as the body says; `SlackError` when Slack would refuse it."""
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", "the body is not a JSON object")
    team = engine.teams[url.team_id]
    channel = team.channel(url.channel_id)
    if body.get("delete_original"):
        engine.messages.remove(channel, _original(url))
        return
    parts = content(body)
    if body.get("replace_original"):
        engine.messages.change(channel, _original(url), {**parts, "blocks": parts["blocks"] or []})
        return
    response_type = body.get("response_type", "ephemeral")
    if response_type not in ("ephemeral", "in_channel"):
        raise SlackError("invalid_response_type", f"no response_type {response_type!r}")
    engine.messages.add(
        channel,
        engine.messages.from_app(team, engine.app.id),
        parts["text"],
        blocks=parts["blocks"],
        only_for=url.user_id if response_type == "ephemeral" else None,
        thread_ts=body.get("thread_ts"),
        metadata=check_metadata(body["metadata"]) if body.get("metadata") else None,
    )


def _original(url: ResponseUrl) -> str:
    if url.ts is None:
        raise SlackError("no_original", "this response_url didn't come from a message")
    return url.ts
