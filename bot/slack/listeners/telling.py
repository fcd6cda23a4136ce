"""Saying something to one person, at the place where they are."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.errors import GatewayError, SlackRefused
from bot.gateways.slack import Message, SlackGateway
from bot.slack.ids import Action
from bot.slack.listeners.visit import modal, user_id
from bot.slack.ui import blocks
from bot.slack.ui.notice import notice_view
from bot.slack.ui.text import escape

_log = structlog.get_logger()


def sentence(text: str) -> Message:
    """A message of one sentence or a few; nothing in it is interpreted."""
    return Message(escape(text), (blocks.section(text),))


def about_draft(text: str, draft_id: str) -> Message:
    """A sentence about a draft, with a button that goes on with it."""
    button = blocks.button("Go on", Action.GO_ON, draft_id, style="primary")
    return Message(escape(text), (blocks.section(text), blocks.actions([button])))


async def tell(slack: SlackGateway, body: Mapping[str, Any], message: Message) -> None:
    """An answer that only this person sees: where the command was typed or the button stands, else a direct message."""
    if not await respond(body, message):
        await direct(slack, user_id(body), message)


async def complain(slack: SlackGateway, body: Mapping[str, Any], text: str) -> None:
    """What went wrong: on top of the modal the person is in, so that nothing typed there is lost, else like `tell`."""
    try:
        if modal(body) is not None and await _push(slack, body, text):
            return
        await tell(slack, body, sentence(text))
    except GatewayError as error:
        _log.warning("not_told", error=str(error))


async def respond(body: Mapping[str, Any], message: Message, *, replace: bool = False) -> bool:
    """Answers through the request's `response_url` (5 times within 30 minutes, "Handling user interaction"); False when
    there is none or it doesn't work. `replace` puts the message in the place of the one that was acted on."""
    url = body.get("response_url")
    if not url:
        return False
    answer: dict[str, Any] = {"response_type": "ephemeral", "replace_original": replace, "text": message.text}
    answer |= {"blocks": list(message.blocks)} if message.blocks else {}
    try:
        response = await AsyncWebhookClient(url, retry_handlers=[]).send_dict(answer)
    except (ClientError, TimeoutError, OSError):
        return False
    return bool(response.status_code == 200)


async def direct(slack: SlackGateway, user: str, message: Message) -> None:
    """A direct message."""
    await slack.post(await slack.dm(user), message, key=token_hex(8))


async def conversation(slack: SlackGateway, picked: str) -> str:
    """The conversation that was picked: a person stands for their direct messages with the app."""
    return await slack.dm(picked) if picked.startswith(("U", "W")) else picked


async def app_is_in(slack: SlackGateway, channel_id: str) -> bool:
    """Whether the app can speak there. Taken for granted while Slack can't be asked: delivery finds out."""
    try:
        channel = await slack.channel(channel_id)
    except SlackRefused:
        return False
    except GatewayError:
        return True
    return bool(channel.get("is_member") or channel.get("is_im") or channel.get("is_mpim"))


async def _push(slack: SlackGateway, body: Mapping[str, Any], text: str) -> bool:
    try:
        await slack.push_view(body.get("trigger_id", ""), notice_view("Paylink", text))
    except SlackRefused:
        return False
    return True
