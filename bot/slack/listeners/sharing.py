"""Sharing a link, and its QR code: from its card, from a list, or by command."""

from bot.errors import Invalid
from bot.links.options.fields import build
from bot.links.sharing import Sharing, with_query
from bot.services.notices import LinkCard
from bot.slack.ids import Action, Block
from bot.slack.listeners import door
from bot.slack.listeners.drafts import open_on_top, redraw
from bot.slack.listeners.telling import app_is_in, conversation, sentence, tell
from bot.slack.listeners.visit import Said, Visit
from bot.slack.ui import forms
from bot.slack.ui.hints import INVITE
from bot.slack.ui.notice import notice_view
from bot.slack.ui.qr import qr_code
from bot.slack.ui.share import SharedMemo, read_share, share_view, shared_view
from bot.slack.ui.text import line


async def share_link(visit: Visit) -> None:
    """*Share* on a card."""
    await open_share(visit, str(visit.action["value"]))


async def open_share(visit: Visit, link_id: str) -> None:
    """The modal that asks where to share, and what to fill in for the customer."""
    await open_on_top(visit, share_view(await visit.face.services.links.get(visit.actor, link_id)))


async def redraw_share(visit: Visit) -> None:
    """An answer that brings other questions with it."""
    card = await visit.face.services.links.get(visit.actor, visit.memo)
    answers = read_share(visit.state)
    code = answers.get("prefilled_promo_code")
    names = {str(code): _picked_name(visit)} if code else {}
    await redraw(visit, share_view(card, answers, names))


async def submit_share(visit: Visit) -> door.Reply:
    """Wants a card where it was asked for and shows the address, or says what is missing for that."""
    picked = visit.state[Block.SHARE_CHANNEL][Action.SHARE_CHANNEL].get("selected_conversation")
    note = visit.state[Block.SHARE_NOTE][Action.SHARE_NOTE].get("value") or ""
    answers = read_share(visit.state)
    try:
        sharing = build(Sharing, answers)
        if problems := list(sharing.problems()):
            raise Invalid(problems)
    except Invalid as invalid:
        return door.errors(forms.errors(invalid.problems, forms.parse(Sharing, visit.state)))
    if note and not picked:
        return door.errors({Block.SHARE_CHANNEL: "Pick a channel or a person for your note, or clear the note."})
    links = visit.face.services.links
    if picked:
        channel = await conversation(visit.face.slack, picked)
        if not await app_is_in(visit.face.slack, channel):
            return door.errors(
                {Block.SHARE_CHANNEL: f"Paylink isn't there yet. Type {INVITE} there, then share again."}
            )
        await links.share(visit.actor, visit.memo, channel, note, sharing.query)
    return door.update(shared_view(await links.get(visit.actor, visit.memo), picked, sharing))


async def qr_of_card(visit: Visit) -> None:
    """*QR code* on a card: into its thread, or to the person when only they see the card."""
    container = Said(visit.body["container"])
    channel, ts, link_id = str(container["channel_id"]), str(container["message_ts"]), str(visit.action["value"])
    if container.get("is_ephemeral"):
        await send_qr(visit, link_id)
        return
    shown = await visit.face.services.notices.standing(channel, ts)
    card = shown or await visit.face.services.links.get(visit.actor, link_id)
    await visit.face.slack.upload(channel, qr_code(card.name, card.link_id, card.url), ts)


async def qr_of_shared(visit: Visit) -> None:
    """*QR code* of an address with something filled in."""
    memo = visit.read_memo(SharedMemo)
    card = await visit.face.services.links.get(visit.actor, memo.link)
    await _send(visit, card, with_query(card.url, memo.query))


async def send_qr(visit: Visit, link_id: str) -> None:
    """The QR code as a direct message."""
    card = await visit.face.services.links.get(visit.actor, link_id)
    await _send(visit, card, card.url)


async def _send(visit: Visit, card: LinkCard, url: str) -> None:
    """The person is told at once: a picture takes its time, a trigger id has none."""
    told = f"The QR code of “{line(card.name, 150)}” is sent to your messages with Paylink."
    if "view" in visit.body:
        await open_on_top(visit, notice_view("QR code", told))
    else:
        await tell(visit.face.slack, visit.body, sentence(told))
    await visit.face.slack.upload(await visit.face.slack.dm(visit.actor.user_id), qr_code(card.name, card.link_id, url))


def _picked_name(visit: Visit) -> str:
    elements = {action: element for block in visit.state.values() for action, element in block.items()}
    return str(elements[Action.FIELD_PROMOTION_CODE]["selected_option"]["text"]["text"])
