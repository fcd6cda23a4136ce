"""Links that took another's place: who replaced whom, and what they earned together.

Each link's metadata names the other. A copy made in Stripe's Dashboard takes the metadata along, so it only counts
where two links say the same of each other.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from storage import cards, links
from storage.models import Link

_LONGEST = 100
"""Nobody replaces a link more often; keeps a circle in somebody's metadata from being walked for ever."""


@dataclass(frozen=True, slots=True)
class Relative:
    """The link that replaced another, or was replaced by it."""

    link_id: str
    name: str
    url: str
    active: bool


async def successor(session: AsyncSession, link: Link) -> Link | None:
    """The link that took this one's place, if any."""
    found = await links.get(session, link.team_id, link.replaced_by) if link.replaced_by else None
    return found if found and found.replaces == link.id else None


async def predecessors(session: AsyncSession, link: Link) -> list[Link]:
    """The links this one took the place of, one after the other, the last one first."""
    found: list[Link] = []
    while link.replaces and len(found) < _LONGEST:
        before = await links.get(session, link.team_id, link.replaces)
        if before is None or before.replaced_by != link.id:
            break
        found.append(before)
        link = before
    return found


async def want_cards(session: AsyncSession, link: Link, now: float) -> None:
    """Brings the cards up to date that count this link's payments: its own and its successors'."""
    after: Link | None = link
    for _ in range(_LONGEST):
        if after is None:
            return
        await cards.want_everywhere(session, after.team_id, "link", after.id, now)
        after = await successor(session, after)


def relative(link: Link | None) -> Relative | None:
    """The row as the other link's card tells of it."""
    return Relative(link.id, link.name, link.url, link.active) if link else None
