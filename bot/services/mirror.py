"""Our copy of Stripe's links: how a link as Stripe answers it becomes a row, whoever saw it first."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from bot.links.draft import LinkDraft
from bot.links.params import DRAFT, REPLACED_BY, REPLACES, draft_from_stripe
from bot.payments.stripe_json import team_of
from bot.services.facts import informed
from storage import links
from storage.models import Link
from storage.search import fold

DOUBT_SECONDS = 300.0
"""How far our clock and Stripe's may be apart. An event older than our copy by more than this is surely older."""


class Stored(NamedTuple):
    """The row, and whether storing it changed anything a card shows."""

    link: Link
    changed: bool


async def store_link(
    session: AsyncSession,
    team_id: str,
    live: Mapping[str, Any],
    *,
    at: float,
    now: float,
    created_at: float | None = None,
) -> Stored:
    """Writes a link read from Stripe at `at`, line items included: a new row, or the newer state of the one there is.

    A copy read later stays. The row is locked until the transaction ends.
    """
    link = await links.get(session, team_id, live["id"], for_update=True)
    draft = await informed(session, team_id, draft_from_stripe(live))
    if link is None:
        link = await _new(session, team_id, live, draft, at, now if created_at is None else created_at)
        await links.add(session, link)
        return Stored(link, changed=True)
    if link.stripe_event_at > at:
        return Stored(link, changed=False)
    changed = _take(link, live, draft, at)
    if changed:
        link.version += 1
        link.updated_at = now
    return Stored(link, changed)


async def _new(
    session: AsyncSession, team_id: str, live: Mapping[str, Any], draft: LinkDraft, at: float, created_at: float
) -> Link:
    metadata = live.get("metadata") or {}
    own = team_of(live) is not None
    link = Link(
        team_id=team_id,
        id=live["id"],
        name="",
        search="",
        url=live["url"],
        active=live["active"],
        livemode=live["livemode"],
        foreign=not own,
        data={},
        draft_id=await _draft_id(session, team_id, metadata) if own else None,
        created_by=metadata.get("paylink_user") if own else None,
        created_at=created_at,
        updated_at=created_at,
    )
    _take(link, live, draft, at)
    return link


async def _draft_id(session: AsyncSession, team_id: str, metadata: Mapping[str, str]) -> str | None:
    """The draft a link came from; not for a copy made in Stripe's Dashboard, which takes the metadata along."""
    draft_id = metadata.get(DRAFT) or None
    if draft_id is None or await links.by_draft(session, team_id, draft_id) is not None:
        return None
    return draft_id


def _take(link: Link, live: Mapping[str, Any], draft: LinkDraft, at: float) -> bool:
    metadata = live.get("metadata") or {}
    shown = {
        "name": draft.title,
        "search": fold(draft.title, *(item.name for item in draft.line_items)),
        "url": live["url"],
        "active": live["active"],
        "channel_id": draft.notify_channel,
        "replaces": metadata.get(REPLACES),
        "replaced_by": metadata.get(REPLACED_BY),
        "data": draft.model_dump(mode="json"),
    }
    changed = any(getattr(link, name) != value for name, value in shown.items())
    for name, value in shown.items():
        setattr(link, name, value)
    link.stripe_event_at = at
    return changed
