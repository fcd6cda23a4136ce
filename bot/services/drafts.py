"""Links being written or edited: one row each, kept from the first keystroke until the link stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Literal, cast

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Conflict, NotFound
from bot.links.draft import LinkDraft
from bot.links.merging import Field, merge, taking
from bot.services.actors import Actor, require_editor
from bot.services.desk import Desk
from bot.services.mirror import store_link
from storage import cards, drafts, links
from storage.models import Draft

DraftState = Literal["open", "submitting", "done", "discarded"]
Choice = Literal["theirs", "mine"]


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A link being written, or edited when `base` is there.

    `base` is the live link as the editor last read it, `link_id` the link being edited (or made, once `state` is
    done); `revision` grows with each change. `theirs` is the live link once it turned out that somebody else changed
    the same since: `base` then still has what both started from in the fields in conflict.
    """

    id: str
    revision: int
    draft: LinkDraft
    base: LinkDraft | None
    link_id: str | None
    channel_id: str
    state: DraftState
    theirs: LinkDraft | None = None

    @property
    def conflicts(self) -> tuple[Field, ...]:
        """What somebody else changed too, and otherwise."""
        return merge(self.draft, self.base, self.theirs).conflicts if self.base and self.theirs else ()


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
            for draft_id, data in await drafts.newest_new(session, self._team_id, actor.user_id):
                if not LinkDraft.model_validate(data).is_empty:
                    return open_draft(await self._own(session, actor, draft_id))
        return None

    async def unsaved(self, actor: Actor, link_id: str) -> OpenDraft | None:
        """The changes to a link that this person last left without saving them."""
        async with self._db.read() as session:
            rows = await drafts.newest_edits(session, self._team_id, actor.user_id, link_id)
        opened = (open_draft(row) for row in rows)
        return next((edit for edit in opened if edit.draft != edit.base), None)

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
        """Reads the link being edited from Stripe. What the draft changed stays; the rest is as Stripe has it. Where
        both changed the same, the draft is in conflict."""
        require_editor(actor)
        opened = await self.draft(actor, draft_id)
        if opened.base is None or opened.link_id is None:
            return opened
        at = self._clock()
        live = await self._stripe.payment_link(opened.link_id)
        async with self._db.begin() as session:
            # The draft before the link, as a submit locks them: otherwise each could wait for the other.
            row = await self._own(session, actor, draft_id, for_update=True)
            link, changed = await store_link(session, self._team_id, live, at=at, now=self._clock())
            if changed:
                await cards.want_everywhere(session, self._team_id, "link", link.id, self._clock())
            if row.state == "open":
                self._join(row, LinkDraft.model_validate(link.data))
            refreshed = open_draft(row)
        self._wake()
        return refreshed

    async def settle(self, actor: Actor, draft_id: str, choices: Mapping[Field, Choice]) -> OpenDraft:
        """Settles conflicts, each by keeping theirs or using mine; those without a choice stay. Raises NotFound, and
        Conflict once the draft was submitted or discarded."""
        require_editor(actor)
        async with self._db.begin() as session:
            row = await self._own(session, actor, draft_id, for_update=True)
            require_open(row)
            opened = open_draft(row)
            settled = [field for field in opened.conflicts if field in choices]
            if opened.base and opened.theirs and settled:
                kept = [field for field in settled if choices[field] == "theirs"]
                self._write(row, taking(opened.draft, opened.theirs, kept))
                row.base = taking(opened.base, opened.theirs, settled).model_dump(mode="json")
                row.theirs = None if len(settled) == len(opened.conflicts) else row.theirs
            return open_draft(row)

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
        async with self._db.single() as connection:
            await drafts.add(connection, row)
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

    def _join(self, row: Draft, live: LinkDraft) -> None:
        before = LinkDraft.model_validate(row.base)
        merged = merge(LinkDraft.model_validate(row.data), before, live)
        self._write(row, merged.draft)
        row.base = taking(live, before, merged.conflicts).model_dump(mode="json")
        row.theirs = live.model_dump(mode="json") if merged.conflicts else None


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
        theirs=LinkDraft.model_validate(row.theirs) if row.theirs is not None else None,
    )


def require_open(row: Draft) -> None:
    """Raises Conflict unless the draft can still be changed."""
    if row.state == "submitting":
        raise Conflict("This link is being sent to Stripe right now.")
    if row.state != "open":
        raise Conflict("This draft is finished. Type /paylink to start a new link.")


def no_such_link() -> NotFound:
    return NotFound("There is no such payment link in this workspace. Type /paylink list to see them.")
