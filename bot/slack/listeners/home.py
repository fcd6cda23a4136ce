"""App Home, and saying hello in a channel."""

from bot.errors import NotAllowed
from bot.services.actors import Actor, require_editor
from bot.slack.listeners.telling import sentence
from bot.slack.listeners.visit import Face, Json, Said
from bot.slack.ui.home import home_view, visitor_home_view

_HELLO = (
    "Paylink is in this channel now. Type /paylink here to make a payment link: its card and its payments show up here."
)


async def publish(face: Face, actor: Actor) -> None:
    """Brings this person's home up to date; those who may not edit are told so there."""
    try:
        require_editor(actor)
    except NotAllowed as refusal:
        view = visitor_home_view(str(refusal))
    else:
        page = await face.services.links.page(actor)
        reading = await face.services.catalog.reading()
        view = home_view(page, actor.locale, livemode=face.settings.livemode, reading=reading)
    await face.slack.publish_home(actor.user_id, view)


async def home_opened(face: Face, body: Json) -> None:
    """`app_home_opened`, for the home and not for the messages tab."""
    event = Said(body["event"])
    if event.get("tab") == "home" and body.get("team_id") == face.settings.team_id:
        await publish(face, await face.services.members.actor(event["user"]))


async def joined(face: Face, body: Json) -> None:
    """`member_joined_channel`: when it is the app itself, whoever invited it learns what for."""
    event = Said(body["event"])
    itself = {authorization.get("user_id") for authorization in body.get("authorizations", ())}
    if event["user"] in itself and event.get("inviter"):
        await face.slack.ephemeral(event["channel"], event["inviter"], sentence(_HELLO))
