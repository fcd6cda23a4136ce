"""Payment links: write them, change them, find them, share them."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict
from bot.links.params import REPLACED_BY
from bot.links.rules import MAX_NAME
from bot.services.actors import Actor, require_editor
from bot.services.drafts import OpenDraft, no_such_link
from bot.services.mirror import store_link
from bot.services.notices import LinkCard, read_link_cards
from bot.services.submission import Submission
from storage import cards, drafts, links
from storage.models import Link

PAGE = 10
FOUND = 20


@dataclass(frozen=True, slots=True)
class Page:
    """Some links, newest first. `next` is the `before` of the page after this one, None on the last."""

    links: tuple[LinkCard, ...]
    next: tuple[float, str] | None


class LinkService(Submission):
    """Everything a person can do with payment links; the drafts' and submit's part is inherited."""

    async def submit(self, actor: Actor, draft_id: str, *, replace: bool = False, begun: bool = False) -> LinkCard:
        """Makes the link, or changes the one being edited; with `replace`, by a new link where that is needed. `begun`
        is what `begin` answered, where it was asked.

        Raises Invalid, with every problem at its place, when it can't be (the draft is open again), Clash when somebody
        else changed the same, Conflict when they replaced the link, and StripeUnavailable when Stripe doesn't answer
        (once the draft is `submitting`, `resume` carries it on).
        """
        return await self.get(actor, await self._submit(actor, draft_id, replace, begun))

    async def duplicate(self, actor: Actor, link_id: str, channel_id: str) -> OpenDraft:
        """A draft of a new link that is like this one. Raises NotFound."""
        copied = await self.get(actor, link_id)
        return await self.start(actor, channel_id, copied.draft.anew(f"Copy of {copied.name}"[:MAX_NAME]))

    async def set_active(self, actor: Actor, link_id: str, active: bool) -> LinkCard:
        """Turns a link on or off in Stripe, and says so on all its cards. Raises NotFound, StripeRefused, …, and
        Conflict when the link that replaced it is on."""
        require_editor(actor)
        before = await self.get(actor, link_id)
        await self._check_alone(before, active)
        live = await self._stripe.update_payment_link(link_id, {"active": active}, token_hex(16))
        try:
            await self._check_alone(await self.get(actor, link_id), active)
        except Conflict:
            # A replacement began while Stripe was asked, and may have turned this link off before it was turned on.
            if not before.active or live.get("metadata", {}).get(REPLACED_BY):
                await self._keep(await self._stripe.update_payment_link(link_id, {"active": False}, token_hex(16)))
            raise
        await self._keep(live)
        return await self.get(actor, link_id)

    async def _keep(self, live: Mapping[str, Any]) -> None:
        now = self._clock()
        async with self._db.begin() as session:
            await store_link(session, self._team_id, live, at=now, now=now)
            await cards.want_everywhere(session, self._team_id, "link", live["id"], now)
        self._wake()

    async def _check_alone(self, card: LinkCard, active: bool) -> None:
        """A link and the one that replaces it aren't on together."""
        after = card.replaced_by
        if active and after and after.active:
            words = f"This link was replaced by “{after.name}”, which is on. Turn that one off first: {after.url}"
            raise Conflict(words)
        async with self._db.read() as session:
            change = await drafts.submitted_for(session, self._team_id, card.link_id)
        if change is not None and change.replaces is not None:
            raise Conflict("This link is being replaced right now. Try again in a moment.")

    async def get(self, actor: Actor, link_id: str) -> LinkCard:
        """The link as it stands, from our copy. Raises NotFound."""
        async with self._db.read() as session:
            (card,) = await read_link_cards(session, self._team_id, [await self._link(session, link_id)])
        return card

    async def find(self, actor: Actor, text: str) -> list[LinkCard]:
        """Links a person may mean by an id, a URL or (part of) a name: an exact match first."""
        async with self._db.read() as session:
            found = await links.find(session, self._team_id, text, FOUND)
            return await read_link_cards(session, self._team_id, found)

    async def page(
        self,
        actor: Actor,
        *,
        active: bool | None = None,
        text: str | None = None,
        before: tuple[float, str] | None = None,
    ) -> Page:
        """Links, newest first: all, or those on or off, those that hold every word of `text`."""
        async with self._db.read() as session:
            rows = await links.page(session, self._team_id, active, text, before, PAGE + 1)
            shown = await read_link_cards(session, self._team_id, rows[:PAGE])
        last = rows[PAGE - 1] if len(rows) > PAGE else None
        return Page(tuple(shown), (last.created_at, last.id) if last else None)

    async def share(self, actor: Actor, link_id: str, channel_id: str, note: str, query: str = "") -> None:
        """Puts the link's card into another channel (or a person's direct messages), with a note and with `query` (see
        `Sharing.query`) behind its address. Raises NotFound."""
        require_editor(actor)
        async with self._db.begin() as session:
            link = await self._link(session, link_id)
            shared = {"note": note, "query": query, "shared_by": actor.user_id}
            await cards.want(session, self._team_id, "link", link.id, channel_id, self._clock(), **shared)
        self._wake()

    async def _link(self, session: AsyncSession, link_id: str) -> Link:
        link = await links.get(session, self._team_id, link_id)
        if link is None:
            raise no_such_link()
        return link
