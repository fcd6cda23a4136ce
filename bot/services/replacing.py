"""Turning off the link that a new one takes the place of, and taking the new one back where that can't be done.

Every step can be asked for again: each has a key of its own, and finds what it did before.
"""

from collections.abc import Mapping
from typing import Any

from bot.errors import StripeRefused, StripeUnavailable
from bot.gateways.stripe import StripeGateway
from bot.links.draft import LinkDraft
from bot.links.options.completed_sessions import CompletedSessions
from bot.links.params import DRAFT, REPLACED_BY

Stripe = Mapping[str, Any]


_REPLACED = "This payment link was replaced by a new one. Please pay here instead: "


def message_for(url: str) -> str:
    """What customers read at the address of a link that was replaced."""
    return f"{_REPLACED}{url}"


def without_message(draft: LinkDraft) -> LinkDraft:
    """What the link was before it was replaced, for whoever starts another one from it."""
    limit = draft.options.get(CompletedSessions.key)
    if not isinstance(limit, CompletedSessions) or not (limit.inactive_message or "").startswith(_REPLACED):
        return draft
    kept = limit.model_copy(update={"inactive_message": None})
    return draft.with_option(kept) if kept.to_stripe() else draft.without_option(limit.key)


def is_taken_back(new: Stripe, draft_id: str) -> bool:
    """Whether the draft's link was made and taken back."""
    return (new.get("metadata") or {}).get(DRAFT) != draft_id


async def retire(stripe: StripeGateway, old_id: str, new: Stripe, key: str, draft_id: str) -> Stripe:
    """Turns the old link off, with a message that points on; answers it. `key` is the submit's.

    Raises StripeUnavailable to be asked again, and StripeRefused once the old link stays on and the new one is off.
    """
    if is_taken_back(new, draft_id):
        raise StripeRefused("The old link couldn't be turned off, so it stays as it was.")
    params = {"active": False, "inactive_message": message_for(new["url"]), "metadata": {REPLACED_BY: new["id"]}}
    try:
        return await stripe.update_payment_link(old_id, params, f"{key}:retire")
    except StripeRefused as refused:
        return await _settle(stripe, old_id, new, key, refused)


async def _settle(stripe: StripeGateway, old_id: str, new: Stripe, key: str, refused: StripeRefused) -> Stripe:
    """After a refusal: a link that is off all the same stays so; else the new one goes."""
    try:
        old = await stripe.payment_link(old_id)
        if not old["active"] and (old.get("metadata") or {}).get(REPLACED_BY) == new["id"]:
            return old
        await stripe.update_payment_link(new["id"], {"active": False, "metadata": {DRAFT: ""}}, f"{key}:take-back")
    except StripeRefused as again:
        # Two links stand, and Stripe takes no orders, as with a key that was withdrawn: try until it does.
        raise StripeUnavailable(str(again)) from None
    raise StripeRefused(f"The old link couldn't be turned off, so it stays as it was. Stripe says: {refused}") from None
