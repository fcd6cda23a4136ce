"""From draft to link: each draft makes exactly one, whatever fails in between.

The draft is committed as `submitting` before Stripe is asked, with an idempotency key that is a pure function of the
row; the link, its card and the end of the draft are committed together. Whoever finds a draft in between asks Stripe
again under the same key and gets the same link.

An edit is joined with the link as Stripe has it right before. What Stripe changes on no live link takes a new one,
which replaces it: the new link is made, then the old one turned off, each under its own key, so that whoever carries on
ends with one that works.
"""

from sqlalchemy.ext.asyncio import AsyncSession
from structlog import get_logger

from bot.errors import (
    Conflict,
    GatewayError,
    Invalid,
    NotFound,
    PaylinkError,
    Problem,
    StripeRefused,
    StripeUnavailable,
)
from bot.links.changes import compare, needs_new_link, problems
from bot.links.draft import LinkDraft
from bot.links.params import locate
from bot.services import lineage
from bot.services.actors import Actor, require_editor
from bot.services.drafts import no_such_link, require_open
from bot.services.mirror import store_link
from bot.services.sending import Sending, Sent, base_of, makes_a_link, params_of, wanted_of
from storage import cards, drafts, links
from storage.models import Draft, Link

LEASE_SECONDS = 120.0
"""How long a submit may take before somebody else carries it on: longer than all attempts at Stripe together."""

_RETRY_SECONDS = (15.0, 900.0)
_CLAIM = 20
_log = get_logger()


class Clash(Conflict):
    """Somebody else changed the same since the editor was opened; the draft is open, its `conflicts` to be settled."""

    def __init__(self) -> None:
        super().__init__("Somebody else changed the same on this link meanwhile.")


class Submission(Sending):
    """Sending drafts to Stripe."""

    async def resume(self) -> int:
        """Carries on submits that a crash or an outage broke off; answers how many links stand now because of it."""
        now = self._clock()
        async with self._db.begin() as session:
            rows = await drafts.claim_submitting(session, self._team_id, now, now + LEASE_SECONDS, _CLAIM)
        return sum([await self._resume(row) for row in rows])

    async def _resume(self, row: Draft) -> bool:
        try:
            await self._carry_out(row, first=False)
        except (Invalid, Conflict) as refusal:
            _log.warning("submit_refused", draft=row.id, reason=str(refusal))
            await self._tell_of_refusal(row, refusal)
        except GatewayError as error:
            _log.warning("submit_not_resumed", draft=row.id, reason=str(error))
        else:
            return True
        return False

    async def _tell_of_refusal(self, row: Draft, refusal: PaylinkError) -> None:
        name = wanted_of(row).title
        if row.base is None:
            words = f"Your payment link “{name}” couldn't be made: {refusal} Type /paylink to go on with it."
        else:
            words = f"Your changes to the payment link “{name}” couldn't be made: {refusal} The link is as it was."
        try:
            await self._tell(row.user_id, words, row.id)
        except GatewayError as error:
            _log.warning("refusal_not_told", draft=row.id, user=row.user_id, reason=str(error))

    async def begin(self, actor: Actor, draft_id: str, replace: bool = False) -> bool:
        """Writes down that a draft is submitted, so that it will be even if this process dies now.

        True for whoever was first, who is to carry it out: `submit(…, begun=True)`. Raises Invalid, and Clash or
        Conflict as far as can be told without Stripe.
        """
        require_editor(actor)
        async with self._db.begin() as session:
            row = await self._own(session, actor, draft_id, for_update=True)
            first = row.state == "open"
            clash = first and row.link_id is not None and await self._catch_up(session, row, row.link_id)
            if first and not clash:
                self._claim(row, replace)
        if clash:
            raise Clash
        return first

    async def _submit(self, actor: Actor, draft_id: str, replace: bool, begun: bool) -> str:
        """The id of the link that stands at the end. A second submit of the same draft gives the same link."""
        first = await self.begin(actor, draft_id, replace) or begun
        async with self._db.read() as session:
            row = await self._own(session, actor, draft_id)
        if row.state == "done" and row.link_id is not None:
            return row.link_id
        if row.state != "submitting":
            require_open(row)
        return await self._carry_out(row, first)

    async def _catch_up(self, session: AsyncSession, row: Draft, link_id: str) -> bool:
        """Joins the edit with the link as it stands by now; whether they are in conflict. Holding the link's lock, so
        that edits of one link go to Stripe one after the other, and it is replaced once."""
        link = await links.get(session, self._team_id, link_id, for_update=True)
        if link is None:
            raise no_such_link()
        if await drafts.submitted_for(session, self._team_id, link_id):
            raise Conflict("Another change to this link is on its way to Stripe. Try again in a moment.")
        self._join(row, LinkDraft.model_validate(link.data))
        after = await lineage.successor(session, link)
        # What was begun before the replacement was meant for a link that customers can pay with.
        if after and (after.created_at >= row.created_at or needs_new_link(base_of(row), wanted_of(row))):
            raise Conflict(f"This link was replaced by “{after.name}”. Edit that one: {after.url}")
        return row.theirs is not None

    def _claim(self, row: Draft, replace: bool) -> None:
        base, wanted = base_of(row), wanted_of(row)
        if found := problems(base, wanted):
            raise Invalid(found)
        if base is not None and needs_new_link(base, wanted):
            if not replace:
                raise Invalid(compare(base, wanted).refused)
            row.replaces = row.link_id
        now = self._clock()
        row.state, row.lease_until, row.updated_at = "submitting", now + LEASE_SECONDS, now

    async def _carry_out(self, row: Draft, first: bool) -> str:
        try:
            if row.base is not None and not row.joined:
                row, first = await self._join_with_stripe(row), True
            sent = await self._send(row, first)
        except StripeRefused as refused:
            await self._reopen(row)
            params = {} if makes_a_link(row) else params_of(row)
            raise Invalid([Problem(locate(refused.param, wanted_of(row), params), str(refused))]) from None
        except StripeUnavailable:
            await self._postpone(row)
            raise StripeUnavailable(
                "Stripe is not answering at the moment. Paylink keeps trying; the link's card appears in the channel "
                "as soon as Stripe is back."
            ) from None
        return await self._finish(row, sent)

    async def _join_with_stripe(self, row: Draft) -> Draft:
        """The edit, joined with the link as Stripe has it right now: from here on it is sent as it is. Before that
        nothing was, however often it was tried. Raises Clash, the draft being open again."""
        live = await self._read(str(row.link_id))
        now = self._clock()
        async with self._db.begin() as session:
            draft = await self._held(session, row)
            link, changed = await store_link(session, self._team_id, live.link, at=live.at, now=now)
            if changed:
                await cards.want_everywhere(session, self._team_id, "link", link.id, now)
            if draft.state != "submitting" or draft.joined:
                return draft
            draft.state = "open"
            self._join(draft, LinkDraft.model_validate(link.data))
            if draft.theirs is None:
                draft.state, draft.joined = "submitting", True
            else:
                draft.replaces = None
        if not draft.joined:
            raise Clash
        return draft

    async def _held(self, session: AsyncSession, row: Draft) -> Draft:
        draft = await drafts.get(session, self._team_id, row.id, for_update=True)
        if draft is None:
            raise NotFound("This draft isn't there any more.")
        return draft

    async def _finish(self, row: Draft, sent: Sent) -> str:
        now = self._clock()
        async with self._db.begin() as session, cards.gathered(session):
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            link = await self._store(session, sent, now)
            if draft is not None and draft.state == "submitting":
                draft.state, draft.link_id, draft.updated_at = "done", link.id, now
                await self._announce(session, link, draft.replaces, now)
        self._wake()
        _log.info("link_submitted", link=link.id, draft=row.id, replaces=row.replaces)
        return link.id

    async def _store(self, session: AsyncSession, sent: Sent, now: float) -> Link:
        """Keeps what Stripe answered; links are locked in the order of their ids, as everywhere."""
        answered = [sent.link, *([sent.old] if sent.old else [])]
        rows = {
            live.link["id"]: (await store_link(session, self._team_id, live.link, at=live.at, now=now)).link
            for live in sorted(answered, key=lambda live: str(live.link["id"]))
        }
        return rows[sent.link.link["id"]]

    async def _announce(self, session: AsyncSession, link: Link, old_id: str | None, now: float) -> None:
        """The link's card stands in its channel, and wherever the one it replaced has a card, which says so."""
        standing = {card.channel_id for card in await cards.of(session, self._team_id, "link", link.id)}
        await cards.want_everywhere(session, self._team_id, "link", link.id, now)
        wanted = {link.channel_id} if link.channel_id else set[str]()
        if old_id is not None:
            wanted |= {card.channel_id for card in await cards.of(session, self._team_id, "link", old_id)}
            await cards.want_everywhere(session, self._team_id, "link", old_id, now)
        for channel in sorted(wanted - standing):
            await cards.want(session, self._team_id, "link", link.id, channel, now)

    async def _reopen(self, row: Draft) -> None:
        """Back to the editor, under a new key: Stripe keeps some refusals under the old one."""
        async with self._db.begin() as session:
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            if draft is not None and draft.state == "submitting":
                draft.state, draft.revision, draft.updated_at = "open", draft.revision + 1, self._clock()
                draft.replaces, draft.joined = None, False

    async def _postpone(self, row: Draft) -> None:
        now, (least, most) = self._clock(), _RETRY_SECONDS
        async with self._db.begin() as session:
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            if draft is not None:
                draft.lease_until = now + min(max((now - draft.updated_at) / 2, least), most)
