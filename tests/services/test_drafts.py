import asyncio

import pytest

from bot.errors import Conflict, NotAllowed, NotFound
from bot.gateways.stripe import StripeGateway
from bot.links.draft import LinkDraft
from bot.services.actors import Actor
from storage import drafts, links
from tests.conftest import Clock
from tests.databases import blocked
from tests.services.desk import OFFER, SALES, TEAM, Desk


async def test_a_new_draft_tells_the_channel_it_was_typed_in(desk: Desk, ada: Actor) -> None:
    opened = await desk.links.start(ada, SALES)
    assert opened.draft == LinkDraft(notify_channel=SALES)
    assert (opened.revision, opened.state, opened.base, opened.link_id) == (1, "open", None, None)
    assert opened.channel_id == SALES
    assert await desk.links.draft(ada, opened.id) == opened


async def test_a_prefilled_draft_keeps_its_channel(desk: Desk, ada: Actor) -> None:
    opened = await desk.links.start(ada, SALES, OFFER.with_notify_channel("C_OTHER"))
    assert opened.draft == OFFER.with_notify_channel("C_OTHER")


async def test_the_revision_grows_with_each_change_and_only_then(desk: Desk, ada: Actor) -> None:
    opened = await desk.links.start(ada, SALES)
    changed = OFFER.with_notify_channel(SALES)
    assert (await desk.links.save(ada, opened.id, changed)).revision == 2
    assert (await desk.links.save(ada, opened.id, changed)).revision == 2
    saved = await desk.links.save(ada, opened.id, changed.with_name("Other"))
    assert (saved.revision, saved.draft.name) == (3, "Other")
    assert await desk.links.draft(ada, opened.id) == saved


async def test_the_unfinished_draft_is_the_last_one_with_something_in_it(
    desk: Desk, ada: Actor, grace: Actor, clock: Clock
) -> None:
    assert await desk.links.unfinished(ada) is None
    first = await desk.links.start(ada, SALES, OFFER)
    clock.advance(1)
    second = await desk.links.start(ada, SALES, OFFER.with_name("Second"))
    clock.advance(1)
    await desk.links.start(ada, SALES)
    assert await desk.links.unfinished(ada) == second
    assert await desk.links.unfinished(grace) is None
    await desk.links.discard(ada, second.id)
    await desk.links.discard(ada, second.id)
    assert await desk.links.unfinished(ada) == first
    with pytest.raises(Conflict):
        await desk.links.save(ada, second.id, OFFER)


async def test_nobody_sees_somebody_elses_draft(desk: Desk, ada: Actor, grace: Actor) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    with pytest.raises(NotFound):
        await desk.links.draft(grace, opened.id)
    with pytest.raises(NotFound):
        await desk.links.save(grace, opened.id, LinkDraft())
    with pytest.raises(NotFound):
        await desk.links.discard(grace, opened.id)
    with pytest.raises(NotFound):
        await desk.links.submit(grace, opened.id)


async def test_guests_write_nothing(desk: Desk, ada: Actor, guest: Actor) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    card = await desk.links.submit(ada, opened.id)
    attempts = [
        desk.links.start(guest, SALES),
        desk.links.save(guest, opened.id, OFFER),
        desk.links.discard(guest, opened.id),
        desk.links.edit(guest, card.link_id),
        desk.links.refresh(guest, opened.id),
        desk.links.submit(guest, opened.id),
        desk.links.set_active(guest, card.link_id, False),
        desk.links.share(guest, card.link_id, SALES, ""),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            await attempt


async def test_editing_starts_from_our_copy_without_asking_stripe(
    desk: Desk, ada: Actor, grace: Actor, stripe: StripeGateway
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    await stripe.close()
    opened = await desk.links.edit(grace, card.link_id)
    assert opened.draft == opened.base == card.draft
    assert (opened.link_id, opened.channel_id) == (card.link_id, SALES)
    assert await desk.links.unfinished(grace) is None
    with pytest.raises(NotFound):
        await desk.links.edit(grace, "plink_none")


async def test_refreshing_brings_in_what_changed_in_stripe_and_keeps_what_was_typed(
    desk: Desk, ada: Actor, stripe: StripeGateway, clock: Clock
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_name("Mine"))
    clock.advance(1)
    await stripe.update_payment_link(card.link_id, {"phone_number_collection": {"enabled": True}}, "dashboard")
    refreshed = await desk.links.refresh(ada, opened.id)
    assert refreshed.base is not None
    assert refreshed.base.options.keys() == {"phone_number"}
    assert (refreshed.draft.name, refreshed.draft.options) == ("Mine", refreshed.base.options)
    assert (await desk.links.get(ada, card.link_id)).draft.options == refreshed.base.options
    assert [one.wanted for one in await desk.cards("link", card.link_id)] == [2]


async def test_a_refresh_and_a_submit_never_wait_for_each_other(desk: Desk, ada: Actor) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    async with desk.db.begin() as session:
        assert await drafts.get(session, TEAM, opened.id, for_update=True)
        refreshing = asyncio.create_task(desk.links.refresh(ada, opened.id))
        await blocked(desk.db, refreshing)
        assert await links.get(session, TEAM, card.link_id, for_update=True)
    assert (await refreshing).base == opened.base


async def test_there_is_nothing_to_refresh_in_a_new_draft(desk: Desk, ada: Actor) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    assert await desk.links.refresh(ada, opened.id) == opened
