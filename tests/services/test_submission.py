"""A draft makes exactly one link, whatever fails in between."""

import asyncio

import pytest

from bot.errors import Conflict, Invalid, StripeUnavailable
from bot.gateways.stripe import StripeGateway
from bot.links.draft import LinkDraft
from bot.money import Money
from bot.sandbox.stripe.server import StripeSandbox
from bot.services.actors import Actor
from bot.services.submission import LEASE_SECONDS
from tests.conftest import Clock
from tests.services.desk import CONSULTING, FOREIGN, OFFER, SALES, SUPPORT, TEAM, Desk

CREATE = "POST /v1/payment_links"
DAY = 24 * 3600.0


async def test_a_submit_makes_the_link_and_wants_its_card(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    opened = await desk.links.start(ada, SALES, OFFER.with_item(SUPPORT))
    card = await desk.links.submit(ada, opened.id)
    live = sandbox.payment_links[card.link_id]
    assert (card.name, card.url, card.active, card.livemode) == ("Offer", live["url"], True, False)
    assert (card.created_by, card.channel_id, card.foreign) == ("UADA", SALES, False)
    assert (card.paid, card.processing) == ((), 0)
    assert str(card.draft.totals()) == str(OFFER.with_item(SUPPORT).totals())
    assert live["metadata"] == {
        "paylink_name": "Offer",
        "paylink_team": TEAM,
        "paylink_user": "UADA",
        "paylink_channel": SALES,
        "paylink_draft": opened.id,
    }
    (wish,) = await desk.cards("link", card.link_id)
    assert (wish.channel_id, wish.state, wish.wanted) == (SALES, "due", 1)
    assert desk.wakes == 1
    done = await desk.links.draft(ada, opened.id)
    assert (done.state, done.link_id) == ("done", card.link_id)
    assert await desk.links.unfinished(ada) is None


async def test_a_link_without_a_channel_is_announced_where_it_was_typed(desk: Desk, ada: Actor) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    await desk.links.save(ada, opened.id, OFFER)
    assert (await desk.links.submit(ada, opened.id)).channel_id == SALES


async def test_what_the_domain_refuses_never_reaches_stripe(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    opened = await desk.links.start(ada, SALES, LinkDraft(name="Empty"))
    with pytest.raises(Invalid) as caught:
        await desk.links.submit(ada, opened.id)
    assert caught.value.problems
    assert (await desk.links.draft(ada, opened.id)).state == "open"
    assert not sandbox.payment_links


async def test_what_stripe_refuses_comes_back_at_its_row(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    cheap = CONSULTING.model_copy(
        update={"price": CONSULTING.price.model_copy(update={"unit_amount": 1}), "quantity": 1}
    )
    opened = await desk.links.start(ada, SALES, OFFER.with_item(cheap))
    with pytest.raises(Invalid) as caught:
        await desk.links.submit(ada, opened.id)
    assert [problem.where.partition(".")[0] for problem in caught.value.problems] != []
    reopened = await desk.links.draft(ada, opened.id)
    assert (reopened.state, reopened.revision) == ("open", 2)
    await desk.links.save(ada, opened.id, OFFER.with_notify_channel(SALES))
    assert (await desk.links.submit(ada, opened.id)).name == "Offer"
    assert len(sandbox.payment_links) == 1


async def test_a_double_submit_makes_one_link(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    first, second = await asyncio.gather(desk.links.submit(ada, opened.id), desk.links.submit(ada, opened.id))
    third = await desk.links.submit(ada, opened.id)
    assert first.link_id == second.link_id == third.link_id
    assert len(sandbox.payment_links) == 1
    assert [wish.wanted for wish in await desk.cards("link", first.link_id)] == [1]


async def test_an_answer_lost_on_the_way_still_makes_one_link(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable, match="keeps trying"):
        await desk.links.submit(ada, opened.id)
    assert len(sandbox.payment_links) == 1
    assert (await desk.links.draft(ada, opened.id)).state == "submitting"
    with pytest.raises(Conflict):
        await desk.links.save(ada, opened.id, OFFER.with_name("Too late"))
    with pytest.raises(Conflict):
        await desk.links.discard(ada, opened.id)
    assert await desk.links.resume() == 0
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 1
    assert await desk.links.resume() == 0
    assert len(sandbox.payment_links) == 1
    done = await desk.links.draft(ada, opened.id)
    assert (done.state, done.link_id) == ("done", next(iter(sandbox.payment_links)))
    assert [wish.wanted for wish in await desk.cards("link", str(done.link_id))] == [1]


async def test_a_crash_before_stripe_was_asked_is_made_good(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_before", times=2)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 0
    clock.advance(900)
    assert await desk.links.resume() == 1
    assert len(sandbox.payment_links) == 1


async def test_a_key_stripe_has_forgotten_does_not_make_a_second_link(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    clock.advance(2 * DAY)
    assert await desk.links.resume() == 1
    assert len(sandbox.payment_links) == 1
    assert (await desk.links.draft(ada, opened.id)).link_id == next(iter(sandbox.payment_links))


async def test_an_old_draft_that_never_became_a_link_becomes_one(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_before", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    clock.advance(2 * DAY)
    assert await desk.links.resume() == 1
    assert len(sandbox.payment_links) == 1


async def test_a_failure_that_stripe_keeps_repeating_reopens_the_draft(
    desk: Desk, ada: Actor, sandbox: StripeSandbox
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    replayed = {"Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"}
    sandbox.faults.add(match=CREATE, kind="status", status=500, headers=replayed, times=1)
    with pytest.raises(Invalid, match="submit again"):
        await desk.links.submit(ada, opened.id)
    assert (await desk.links.submit(ada, opened.id)).name == "Offer"
    assert len(sandbox.payment_links) == 1


async def test_a_link_behind_a_failure_that_stripe_keeps_repeating_is_found(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, stripe: StripeGateway, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    (made,) = sandbox.payment_links
    await stripe.create_payment_link(FOREIGN, "somebody else")
    replayed = {"Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"}
    sandbox.faults.add(match=CREATE, kind="status", status=500, headers=replayed, times=2)
    sandbox.faults.add(match="GET /v1/events", kind="status", status=401, times=1)
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 0
    assert (await desk.links.draft(ada, opened.id)).state == "submitting"
    clock.advance(900)
    assert await desk.links.resume() == 1
    assert (await desk.links.draft(ada, opened.id)).link_id == made


async def test_a_discarded_draft_is_not_submitted(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    await desk.links.discard(ada, opened.id)
    with pytest.raises(Conflict, match="finished"):
        await desk.links.submit(ada, opened.id)
    assert not sandbox.payment_links


async def test_a_resume_after_the_link_was_changed_elsewhere_takes_it_as_it_is_now(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, stripe: StripeGateway, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    link_id = next(iter(sandbox.payment_links))
    await stripe.update_payment_link(link_id, {"active": False}, "dashboard")
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 1
    assert (await desk.links.get(ada, link_id)).active is False
    assert (await desk.links.draft(ada, opened.id)).state == "done"


async def test_the_links_own_event_may_come_before_our_commit(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    foreign = desk.with_foreign_channel("C_FOREIGN")
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    (created,) = [event for event in sandbox.events.values() if event["type"] == "payment_link.created"]
    assert (await foreign.deliver(created)).state == "done"
    link_id = next(iter(sandbox.payment_links))
    early = await desk.links.get(ada, link_id)
    assert (early.created_by, early.channel_id, early.foreign) == ("UADA", SALES, False)
    assert await desk.cards("link", link_id) == []
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 1
    assert [wish.channel_id for wish in await desk.cards("link", link_id)] == [SALES]
    await foreign.deliver(created)
    assert [wish.wanted for wish in await desk.cards("link", link_id)] == [1]


async def test_an_edit_sends_the_differences_alone(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_name("Better offer"))
    changed = await desk.links.submit(ada, opened.id)
    assert (changed.link_id, changed.name) == (card.link_id, "Better offer")
    sent = sandbox.requests[-1]
    assert sent.params["metadata"] == {"paylink_name": "Better offer"}
    assert sent.params.keys() <= {"metadata", "expand"}
    assert sent.idempotency_key == f"{opened.id}:2"
    assert [wish.wanted for wish in await desk.cards("link", card.link_id)] == [2]


async def test_an_edit_without_changes_changes_nothing(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    assert await desk.links.submit(ada, opened.id) == card
    assert sandbox.requests[-1].method == "GET"


async def test_a_new_channel_gets_the_card_too(desk: Desk, ada: Actor) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_notify_channel("C_NEW"))
    assert (await desk.links.submit(ada, opened.id)).channel_id == "C_NEW"
    assert {wish.channel_id for wish in await desk.cards("link", card.link_id)} == {SALES, "C_NEW"}


async def test_what_takes_a_new_link_is_not_done_unasked(desk: Desk, ada: Actor) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_item(SUPPORT))
    with pytest.raises(Invalid) as caught:
        await desk.links.submit(ada, opened.id)
    assert caught.value.problems[0].where == f"line_items.{SUPPORT.row}"
    assert (await desk.links.draft(ada, opened.id)).state == "open"


async def test_an_edit_whose_answer_was_lost_is_resumed(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    card = await desk.links.submit(ada, (await desk.links.start(ada, SALES, OFFER)).id)
    opened = await desk.links.edit(ada, card.link_id)
    await desk.links.save(ada, opened.id, opened.draft.with_name("Better offer"))
    sandbox.faults.add(match=f"{CREATE}/{card.link_id}", kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 1
    assert (await desk.links.get(ada, card.link_id)).name == "Better offer"


async def test_a_payment_before_our_commit_is_not_lost(
    desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock
) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_after", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    (link,) = sandbox.payment_links.values()
    await sandbox.pay(link["url"], email="c@example.com", name="Customer")
    (completed,) = [event for event in sandbox.events.values() if event["type"] == "checkout.session.completed"]
    await desk.deliver(completed)
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 1
    card = await desk.links.get(ada, link["id"])
    assert card.paid == ((Money(30000, "eur"), 1),)
    assert card.created_by == ada.user_id


async def test_a_refusal_nobody_waits_for_is_told(desk: Desk, ada: Actor, sandbox: StripeSandbox, clock: Clock) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    sandbox.faults.add(match=CREATE, kind="drop_before", times=1)
    with pytest.raises(StripeUnavailable):
        await desk.links.submit(ada, opened.id)
    refusal = {"error": {"type": "invalid_request_error", "message": "No such thing"}}
    sandbox.faults.add(match=CREATE, kind="status", status=400, body=refusal)
    clock.advance(LEASE_SECONDS)
    assert await desk.links.resume() == 0
    words = "Your payment link “Offer” couldn't be made: No such thing. Type /paylink to go on with it."
    assert desk.told == [("UADA", words)]
    assert (await desk.links.draft(ada, opened.id)).state == "open"
    assert await desk.links.resume() == 0
    assert len(desk.told) == 1


async def test_a_refusal_somebody_waits_for_is_only_answered(desk: Desk, ada: Actor, sandbox: StripeSandbox) -> None:
    opened = await desk.links.start(ada, SALES, OFFER)
    refusal = {"error": {"type": "invalid_request_error", "message": "No such thing"}}
    sandbox.faults.add(match=CREATE, kind="status", status=400, body=refusal)
    with pytest.raises(Invalid, match=r"No such thing\."):
        await desk.links.submit(ada, opened.id)
    assert desk.told == []
