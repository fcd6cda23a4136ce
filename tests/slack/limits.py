"""Whether Slack would take a view or a message: by `slack_sdk`'s models and by the sandbox's stricter tables."""

import json
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.gateways.slack import Message
from bot.sandbox.slack.blocks.check import check_blocks, check_view

Json = dict[str, Any]


def accepted(view: Json) -> Json:
    """The view as Slack gets it, having passed every check."""
    sent: Json = json.loads(json.dumps(view))
    model = View(**sent)
    model.validate_json()
    for block in Block.parse_all(sent["blocks"]):
        block.validate_json()
    return check_view(sent, sent["type"])


def sendable(message: Message) -> Json:
    """The message as Slack gets it, having passed every check."""
    sent: Json = json.loads(json.dumps({"text": message.text, "blocks": list(message.blocks)}))
    assert sent["text"]
    assert len(sent["text"]) <= 12_000
    for block in Block.parse_all(sent["blocks"]):
        block.validate_json()
    check_blocks(sent["blocks"])
    return sent


def texts(value: Any) -> str:
    """Every text a person reads in it."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return "\n".join([*own, *filter(None, (texts(inner) for inner in value.values()))])
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (texts(inner) for inner in value)))
    return ""
