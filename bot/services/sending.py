"""Asking Stripe for what a submitted draft wants: a link, the changes to one, or a link in the place of another.

What is asked, and under which key, is a pure function of the row, so that whoever asks again gets the same.
"""

from contextlib import aclosing
from typing import Any, NamedTuple

from bot.errors import StripeRefused, StripeUnavailable
from bot.gateways.stripe import KEY_REUSED, REPLAYED
from bot.links.changes import compare
from bot.links.draft import LinkDraft
from bot.links.merging import merge
from bot.links.params import DRAFT, REPLACES, create_params, draft_from_stripe
from bot.services import replacing
from bot.services.drafts import Drafts
from bot.services.mirror import DOUBT_SECONDS
from storage.models import Draft

_UNSURE = frozenset({REPLAYED, KEY_REUSED})

_KEY_SECONDS = 20 * 3600.0
"""Stripe keeps idempotency keys for at least 24 hours; well before that they aren't relied on any more."""


class Live(NamedTuple):
    """A link as Stripe answers it, and the moment it was so."""

    link: dict[str, Any]
    at: float


class Sent(NamedTuple):
    """What the submit has come to: the link, and the one it replaced."""

    link: Live
    old: Live | None = None


class Sending(Drafts):
    """The part of the link service that asks Stripe."""

    async def _send(self, row: Draft, first: bool) -> Sent:
        if row.replaces is not None:
            return await self._replace(row, row.replaces, first)
        return Sent(await (self._create(row, first) if row.base is None else self._change(row, first)))

    async def _replace(self, row: Draft, old_id: str, first: bool) -> Sent:
        new = await self._create(row, first)
        old = await replacing.retire(self._stripe, old_id, new.link, key_of(row), row.id)
        return Sent(new, Live(dict(old), self._clock()) if first else await self._read(old_id))

    async def _create(self, row: Draft, first: bool) -> Live:
        """Asks for the link. Where an earlier attempt may have made one that the key can't give back, looks for it."""
        expired = self._clock() - row.updated_at > _KEY_SECONDS
        if expired and (made := await self._made(row)):
            return made
        try:
            link = await self._stripe.create_payment_link(create_params(wanted_of(row), metadata_of(row)), key_of(row))
        except StripeRefused as refused:
            if (first and refused.code not in _UNSURE) or not (made := await self._made(row)):
                raise
            return made
        return Live(link, self._clock()) if first else await self._read(link["id"])

    async def _change(self, row: Draft, first: bool) -> Live:
        link_id, params = str(row.link_id), params_of(row)
        if not params:
            return await self._read(link_id)
        if not first:
            await self._check_still_free(row, link_id)
        link = await self._stripe.update_payment_link(link_id, params, key_of(row))
        return Live(link, self._clock()) if first else await self._read(link_id)

    async def _check_still_free(self, row: Draft, link_id: str) -> None:
        """Raises StripeRefused when somebody else has changed the same while the submit was broken off."""
        now = draft_from_stripe((await self._read(link_id)).link)
        if (base := base_of(row)) and merge(wanted_of(row), base, now).conflicts:
            raise StripeRefused("Somebody else changed the same on this link meanwhile, so nothing more was sent.")

    async def _read(self, link_id: str) -> Live:
        """An answer replayed for an old key is as old as the key, so the link is read once more."""
        at = self._clock()
        return Live(await self._stripe.payment_link(link_id), at)

    async def _made(self, row: Draft) -> Live | None:
        """The link this draft has already become, by Stripe's event list."""
        since = int(row.created_at - DOUBT_SECONDS)
        try:
            async with aclosing(self._stripe.events(["payment_link.created"], since)) as events:
                async for event in events:
                    if not replacing.is_taken_back(event["data"]["object"], row.id):
                        made = await self._read(event["data"]["object"]["id"])
                        if not replacing.is_taken_back(made.link, row.id):
                            return made
        except StripeRefused as refused:
            raise StripeUnavailable(str(refused)) from None
        return None


def key_of(row: Draft) -> str:
    """The idempotency key; each step of a submit adds its own ending."""
    return f"{row.id}:{row.revision}"


def makes_a_link(row: Draft) -> bool:
    """Whether a link is to be made, rather than one to be changed."""
    return row.base is None or row.replaces is not None


def base_of(row: Draft) -> LinkDraft | None:
    """The live link that is edited, None for a new one."""
    return LinkDraft.model_validate(row.base) if row.base is not None else None


def wanted_of(row: Draft) -> LinkDraft:
    """What is asked for; a new link without a channel is announced where it was typed. A pure function of the row."""
    wanted = LinkDraft.model_validate(row.data)
    if row.base is None and wanted.notify_channel is None:
        return wanted.with_notify_channel(row.channel_id or None)
    return wanted


def metadata_of(row: Draft) -> dict[str, str]:
    """Says whose link this is, on the link and on everything bought through it. A pure function of the row."""
    own = {"paylink_team": row.team_id, "paylink_user": row.user_id, DRAFT: row.id}
    return own | ({REPLACES: row.replaces} if row.replaces else {})


def params_of(row: Draft) -> dict[str, Any]:
    """The parameters of an edit. A pure function of the row."""
    return compare(LinkDraft.model_validate(row.base), wanted_of(row)).params
