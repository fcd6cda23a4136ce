"""Who is asking. Every service method takes an Actor first; those that change something call `require_editor`."""

from dataclasses import dataclass

from bot.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in this workspace. `locale` is Babel's form (`en_US`); `may_edit` is False for guests, people of other
    organisations, bots, and anyone Slack could not vouch for."""

    team_id: str
    user_id: str
    name: str
    locale: str
    may_edit: bool


def require_editor(actor: Actor) -> None:
    """Raises NotAllowed unless this person may create and change links."""
    if not actor.may_edit:
        raise NotAllowed(
            "Only full members of this workspace can create or change payment links. Ask a colleague to do it for you."
        )
