"""Links being written or edited: one row each, kept from the first keystroke until the link stands."""

from dataclasses import dataclass
from secrets import token_hex
from typing import Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict, NotFound
from bot.links.draft import LinkDraft
from bot.services.actors import Actor, require_editor
from bot.services.desk import Desk
from bot.services.mirror import store_link
from bot.services.rebase import rebase
from storage import cards, drafts, links
from storage.models import Draft

DraftState = Literal["open", "submitting", "done", "discarded"]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A link being written, or edited when `base` is there.

    `base` is the live link as the editor last read it, `link_id` the link being edited (or made, once `state` is
    done); `revision` grows with each change.
    """

    id: str
    revision: int
    draft: LinkDraft
    base: LinkDraft | None
    link_id: str | None
    channel_id: str
    state: DraftState


class Drafts(Desk):
    """Everything up to the submit. A draft belongs to the person who started it; for anyone else it isn't there."""

    async def start(self, actor: Actor, channel_id: str, prefill: LinkDraft | None = None) -> OpenDraft:
        """A new draft, typed in `channel_id`, which is also told of payments unless the prefill names another."""
        require_editor(actor)
        draft = prefill or LinkDraft()
        if draft.notify_channel is None:
            draft = draft.with_notify_channel(channel_id)
        return await self._add(actor, channel_id, draft)

    async def unfinished(self, actor: Actor) -> OpenDraft | None:
        """The draft of a new link this person last left with something in it."""
        async with self._db.read() as session:
            rows = await drafts.newest_open(session, self._team_id, actor.user_id)
        opened = (open_draft(row) for row in rows)
        return next((draft for draft in opened if not draft.draft.is_empty), None)

    async def draft(self, actor: Actor, draft_id: str) -> OpenDraft:
        """This person's draft, in whatever state. Raises NotFound."""
        async with self._db.read() as session:
            return open_draft(await self._own(session, actor, draft_id))

    async def save(self, actor: Actor, draft_id: str, draft: LinkDraft) -> OpenDraft:
        """Keeps what was written, right or wrong. Raises Conflict once the draft was submitted or discarded."""
        require_editor(actor)
        async with self._db.begin() as session:
            row = await self._own(session, actor, draft_id, for_update=True)
            self._write(row, draft)
            return open_draft(row)

    async def discard(self, actor: Actor, draft_id: str) -> None:
        """Forgets a draft that wasn't submitted; a second time changes nothing. Raises Conflict after a submit."""
        require_editor(actor)
        async with self._db.begin() as session:
            row = await self._own(session, actor, draft_id, for_update=True)
            if row.state != "discarded":
                require_open(row)
                row.state = "discarded"
                row.updated_at = self._clock()

    async def edit(self, actor: Actor, link_id: str) -> OpenDraft:
        """A draft of changes to a link, from our copy of it: no call to Stripe. Raises NotFound."""
        require_editor(actor)
        async with self._db.read() as session:
            link = await links.get(session, self._team_id, link_id)
        if link is None:
            raise no_such_link()
        live = LinkDraft.model_validate(link.data)
        return await self._add(actor, link.channel_id or "", live, link_id)

    async def refresh(self, actor: Actor, draft_id: str) -> OpenDraft:
        """Reads the link being edited from Stripe. What the draft changed stays; the rest is as Stripe has it."""
        require_editor(actor)
        opened = await self.draft(actor, draft_id)
        if opened.base is None or opened.link_id is None:
            return opened
        at = self._clock()
        live = await self._stripe.payment_link(opened.link_id)
        async with self._db.begin() as session:
            link, changed = await store_link(session, self._team_id, live, at=at, now=self._clock())
            if changed:
                await cards.want_everywhere(session, self._team_id, "link", link.id, self._clock())
            row = await self._own(session, actor, draft_id, for_update=True)
            if row.state == "open":
                self._rebase(row, LinkDraft.model_validate(link.data))
            refreshed = open_draft(row)
        self._wake()
        return refreshed

    async def _add(self, actor: Actor, channel_id: str, draft: LinkDraft, link_id: str | None = None) -> OpenDraft:
        data, now = draft.model_dump(mode="json"), self._clock()
        row = Draft(
            id=token_hex(8),
            team_id=self._team_id,
            user_id=actor.user_id,
            channel_id=channel_id,
            link_id=link_id,
            data=data,
            base=data if link_id else None,
            created_at=now,
            updated_at=now,
        )
        async with self._db.begin() as session:
            await drafts.add(session, row)
        return open_draft(row)

    async def _own(self, session: AsyncSession, actor: Actor, draft_id: str, for_update: bool = False) -> Draft:
        row = await drafts.get(session, self._team_id, draft_id, for_update=for_update)
        if row is None or row.user_id != actor.user_id:
            raise NotFound("This draft isn't there any more. Type /paylink to start a new link.")
        return row

    def _write(self, row: Draft, draft: LinkDraft) -> None:
        data = draft.model_dump(mode="json")
        if data == row.data:
            return
        require_open(row)
        row.data = data
        row.revision += 1
        row.updated_at = self._clock()

    def _rebase(self, row: Draft, live: LinkDraft) -> None:
        before = LinkDraft.model_validate(row.base)
        wanted = rebase(LinkDraft.model_validate(row.data), before, live)
        self._write(row, wanted)
        row.base = live.model_dump(mode="json")


def open_draft(row: Draft) -> OpenDraft:
    """The row as the editor holds it."""
    return OpenDraft(
        id=row.id,
        revision=row.revision,
        draft=LinkDraft.model_validate(row.data),
        base=LinkDraft.model_validate(row.base) if row.base is not None else None,
        link_id=row.link_id,
        channel_id=row.channel_id,
        state=cast(DraftState, row.state),
    )


def require_open(row: Draft) -> None:
    """Raises Conflict unless the draft can still be changed."""
    if row.state == "submitting":
        raise Conflict("This link is being sent to Stripe right now.")
    if row.state != "open":
        raise Conflict("This draft is finished. Type /paylink to start a new link.")


def no_such_link() -> NotFound:
    return NotFound("There is no such payment link in this workspace. Type /paylink list to see them.")
