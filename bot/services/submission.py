"""From draft to link: each draft makes exactly one, whatever fails in between.

The draft is committed as `submitting` before Stripe is asked, with an idempotency key that is a pure function of the
row; the link, its card and the end of the draft are committed together. Whoever finds a draft in between asks Stripe
again under the same key and gets the same link.
"""

from contextlib import aclosing
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession
from structlog import get_logger

from bot.errors import GatewayError, Invalid, Problem, StripeRefused, StripeUnavailable
from bot.gateways.stripe import KEY_REUSED, REPLAYED
from bot.links.changes import compare, new_problems
from bot.links.draft import LinkDraft
from bot.links.params import create_params, locate
from bot.services.actors import Actor, require_editor
from bot.services.drafts import Drafts, require_open
from bot.services.mirror import DOUBT_SECONDS, store_link
from storage import cards, drafts
from storage.models import Draft, Link

LEASE_SECONDS = 120.0
"""How long a submit may take before somebody else carries it on: longer than all attempts at Stripe together."""

_RETRY_SECONDS = (15.0, 900.0)
_CLAIM = 20
_UNSURE = frozenset({REPLAYED, KEY_REUSED})
_log = get_logger()


class _Live(NamedTuple):
    """A link as Stripe answers it, and the moment it was so."""

    link: dict[str, Any]
    at: float


class Submission(Drafts):
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
        except Invalid as invalid:
            _log.warning("submit_refused", draft=row.id, reason=str(invalid))
            await self._tell_of_refusal(row, invalid)
        except GatewayError as error:
            _log.warning("submit_not_resumed", draft=row.id, reason=str(error))
        else:
            return True
        return False

    async def _tell_of_refusal(self, row: Draft, invalid: Invalid) -> None:
        name = _wanted(row).title
        if row.base is None:
            words = f"Your payment link “{name}” couldn't be made: {invalid} Type /paylink to go on with it."
        else:
            words = f"Your changes to the payment link “{name}” couldn't be made: {invalid} The link is as it was."
        try:
            await self._tell(row.user_id, words)
        except GatewayError as error:
            _log.warning("refusal_not_told", draft=row.id, user=row.user_id, reason=str(error))

    async def begin(self, actor: Actor, draft_id: str) -> bool:
        """Writes down that a draft is submitted, so that it will be even if this process dies now.

        True for whoever was first, who is to carry it out: `submit(…, begun=True)`. Raises Invalid.
        """
        require_editor(actor)
        async with self._db.begin() as session:
            row = await self._own(session, actor, draft_id, for_update=True)
            first = row.state == "open"
            if first:
                self._claim(row)
        return first

    async def _submit(self, actor: Actor, draft_id: str, begun: bool) -> str:
        """The id of the link that stands at the end. A second submit of the same draft gives the same link."""
        first = await self.begin(actor, draft_id) or begun
        async with self._db.read() as session:
            row = await self._own(session, actor, draft_id)
        if row.state == "done" and row.link_id is not None:
            return row.link_id
        if row.state != "submitting":
            require_open(row)
        return await self._carry_out(row, first)

    def _claim(self, row: Draft) -> None:
        if problems := _problems(row):
            raise Invalid(problems)
        now = self._clock()
        row.state, row.lease_until, row.updated_at = "submitting", now + LEASE_SECONDS, now

    async def _carry_out(self, row: Draft, first: bool) -> str:
        try:
            live = await (self._create(row, first) if row.base is None else self._change(row, first))
        except StripeRefused as refused:
            await self._reopen(row)
            sent = {} if row.base is None else _changes(row)
            raise Invalid([Problem(locate(refused.param, _wanted(row), sent), str(refused))]) from None
        except StripeUnavailable:
            await self._postpone(row)
            raise StripeUnavailable(
                "Stripe is not answering at the moment. Paylink keeps trying; the link's card appears in the channel "
                "as soon as Stripe is back."
            ) from None
        return await self._finish(row, live)

    async def _create(self, row: Draft, first: bool) -> _Live:
        """Asks for the link. Where an earlier attempt may have made one that the key can't give back, looks for it."""
        expired = self._clock() - row.updated_at > _KEY_SECONDS
        if expired and (made := await self._made(row)):
            return made
        try:
            link = await self._stripe.create_payment_link(create_params(_wanted(row), _metadata(row)), _key(row))
        except StripeRefused as refused:
            if (first and refused.code not in _UNSURE) or not (made := await self._made(row)):
                raise
            return made
        return _Live(link, self._clock()) if first else await self._read(link["id"])

    async def _change(self, row: Draft, first: bool) -> _Live:
        link_id, params = str(row.link_id), _changes(row)
        if not params:
            return await self._read(link_id)
        link = await self._stripe.update_payment_link(link_id, params, _key(row))
        return _Live(link, self._clock()) if first else await self._read(link_id)

    async def _read(self, link_id: str) -> _Live:
        """An answer replayed for an old key is as old as the key, so the link is read once more."""
        at = self._clock()
        return _Live(await self._stripe.payment_link(link_id), at)

    async def _made(self, row: Draft) -> _Live | None:
        """The link this draft has already become, by Stripe's event list."""
        since = int(row.created_at - DOUBT_SECONDS)
        try:
            async with aclosing(self._stripe.events(["payment_link.created"], since)) as events:
                async for event in events:
                    link = event["data"]["object"]
                    if (link.get("metadata") or {}).get("paylink_draft") == row.id:
                        return await self._read(link["id"])
        except StripeRefused as refused:
            raise StripeUnavailable(str(refused)) from None
        return None

    async def _finish(self, row: Draft, live: _Live) -> str:
        now = self._clock()
        async with self._db.begin() as session:
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            link, _ = await store_link(session, self._team_id, live.link, at=live.at, now=now)
            if draft is not None and draft.state == "submitting":
                draft.state, draft.link_id, draft.updated_at = "done", link.id, now
                await self._announce(session, link, now)
        self._wake()
        _log.info("link_submitted", link=link.id, draft=row.id)
        return link.id

    async def _announce(self, session: AsyncSession, link: Link, now: float) -> None:
        standing = {card.channel_id for card in await cards.of(session, self._team_id, "link", link.id)}
        await cards.want_everywhere(session, self._team_id, "link", link.id, now)
        if link.channel_id and link.channel_id not in standing:
            await cards.want(session, self._team_id, "link", link.id, link.channel_id, now)

    async def _reopen(self, row: Draft) -> None:
        """Back to the editor, under a new key: Stripe keeps some refusals under the old one."""
        async with self._db.begin() as session:
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            if draft is not None and draft.state == "submitting":
                draft.state, draft.revision, draft.updated_at = "open", draft.revision + 1, self._clock()

    async def _postpone(self, row: Draft) -> None:
        now, (least, most) = self._clock(), _RETRY_SECONDS
        async with self._db.begin() as session:
            draft = await drafts.get(session, self._team_id, row.id, for_update=True)
            if draft is not None:
                draft.lease_until = now + min(max((now - draft.updated_at) / 2, least), most)


_KEY_SECONDS = 20 * 3600.0
"""Stripe keeps idempotency keys for at least 24 hours; well before that they aren't relied on any more."""


def _key(row: Draft) -> str:
    return f"{row.id}:{row.revision}"


def _wanted(row: Draft) -> LinkDraft:
    """What is asked for; a new link without a channel is announced where it was typed. A pure function of the row."""
    wanted = LinkDraft.model_validate(row.data)
    if row.base is None and wanted.notify_channel is None:
        return wanted.with_notify_channel(row.channel_id or None)
    return wanted


def _metadata(row: Draft) -> dict[str, str]:
    """Says whose link this is, on the link and on everything bought through it. A pure function of the row."""
    return {"paylink_team": row.team_id, "paylink_user": row.user_id, "paylink_draft": row.id}


def _changes(row: Draft) -> dict[str, Any]:
    """The parameters of an edit. A pure function of the row."""
    return compare(LinkDraft.model_validate(row.base), _wanted(row)).params


def _problems(row: Draft) -> list[Problem]:
    """What stands against the submit."""
    wanted = _wanted(row)
    if row.base is None:
        return wanted.problems()
    base = LinkDraft.model_validate(row.base)
    return [*compare(base, wanted).refused, *new_problems(base, wanted)]
